"""The pages that explain: documented attacks, methodology, and the one for wrong addresses."""

from catalog.vocabulary import BASE_RISK, Category, Outcome, Risk
from site_builder import urls
from site_builder.accuracy import read_accuracy
from site_builder.frames import make_frame
from site_builder.pages import MethodologyPage, NotFoundPage
from site_builder.parts import Fact, Frame, MeaningRow
from site_builder.rows import risk_badge
from site_builder.wording import CATEGORY_MEANS, OUTCOME_LABEL, OUTCOME_MEANS, RISK_MEANS, day


def make_methodology_page(built_at: str, base_url: str) -> MethodologyPage:
    """Make the page that says how the catalog comes about."""
    return MethodologyPage(
        make_frame(
            "How Toolrisk works",
            "How tools are found without running their servers, how they are judged, and what cannot be known.",
            urls.METHODOLOGY,
            "methodology",
            base_url,
        ),
        tuple(MeaningRow(str(one), CATEGORY_MEANS[one], risk_badge(BASE_RISK[one])) for one in Category),
        tuple(MeaningRow(str(one), RISK_MEANS[one], risk_badge(one)) for one in Risk),
        tuple(
            Fact(OUTCOME_LABEL[one] if one is not Outcome.FAILED else "Failed", OUTCOME_MEANS[one]) for one in Outcome
        ),
        day(built_at),
        read_accuracy(),
    )


def make_not_found_page(base_url: str) -> NotFoundPage:
    """Make the page for wrong addresses, whose links work from any depth when the site's address is known."""
    frame = make_frame("Page not found", "There is no page at this address.", urls.NOT_FOUND, "", "")
    if not base_url:
        return NotFoundPage(frame)
    return NotFoundPage(Frame(frame.title, frame.summary, base_url.rstrip("/") + "/", frame.section))
