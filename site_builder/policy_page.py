"""A server's recommended policy in every format, with what each format loses, and the files to download beside it.

Not for deciding: recommendations come from the policy package, and so do the formats.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape

from policy.document import write_document
from policy.format import Format, Got, Loss, Wanted
from policy.formats import FORMATS
from policy.profile import Profile
from policy.recommend import recommend
from policy.recommendation import Recommendation, strictest
from policy.server_name import short_name
from site_builder import urls
from site_builder.foreign_text import show_line
from site_builder.frames import make_frame
from site_builder.judged import JudgedServer
from site_builder.parts import Frame, Link
from site_builder.policies import sum_up_decisions
from site_builder.policy_wording import GOT_WORDS, PROFILE_MEANS, WANTED_WORDS, Standing, describe_standing
from site_builder.rows import display_name
from site_builder.wording import plural
from site_builder.written_policy import WrittenPolicy, write_named

_SHOWN_BYTES = 220_000  # of policies and names on one page, escaped; with what stands around them it is under 300 KB
_NAMED = 6
_SUFFIX = {"json": "json", "toml": "toml", "yaml": "yaml", "cedar": "cedar", "rego": "rego"}

File = tuple[str, bytes]


@dataclass(frozen=True, slots=True)
class LossRow:
    """One thing that a format cannot say, what becomes of it, and the first tools that it concerns."""

    says: str
    looser: bool
    tools: tuple[str, ...]
    tools_more: int


@dataclass(frozen=True, slots=True)
class PolicyBox:
    """A policy in one form: its text, or the way to its file where the text is too long for the page.

    A text that is shown needs no file: a script saves it from the page under its `name`.
    """

    id: str
    text: str
    size: str
    href: str
    name: str


@dataclass(frozen=True, slots=True)
class FormatBox:
    """The recommended policy in one format. `called` is the server's name in it; `refused` says why there is none.

    `checked` is what its form was held against, empty when nobody did.
    """

    title: str
    file: str
    checked: str
    called: str
    notes: tuple[str, ...]
    standing: Standing
    losses: tuple[LossRow, ...]
    refused: str
    box: PolicyBox


@dataclass(frozen=True, slots=True)
class ProfileBox:
    """Our own document for one profile, with what it decides in counts."""

    label: str
    means: str
    counts: tuple[str, ...]
    box: PolicyBox


@dataclass(frozen=True, slots=True)
class PolicyPage:
    """A server's policies: the profiles as our document, the recommended one in every format."""

    frame: Frame
    server: Link
    tool_count: str
    profiles: tuple[ProfileBox, ...]
    formats: tuple[FormatBox, ...]


def locate_policies(server: str) -> str:
    """Locate the page of a server's policies; no tool has the slug `policy`."""
    return f"servers/{server}/policy/index.html"


def locate_policy_file(server: str, name: str) -> str:
    """Locate a file beside the page of a server's policies."""
    return f"servers/{server}/policy/{name}"


def make_policies(of: JudgedServer, base_url: str) -> tuple[PolicyPage, tuple[File, ...]]:
    """Make the context of the page of a server's policies, and the files that it leads to, each with its path."""
    server = of.server
    name = short_name(server.name)
    made = strictest(one.recommendation for one in of.tools)
    profiles = {profile: _recommend(of, profile) for profile in Profile}
    documents = {profile: write_document(one) for profile, one in profiles.items()}
    written = [write_named(chosen, name, made) for chosen in FORMATS]
    texts = {profile.value: text for profile, text in documents.items()}
    texts |= {one.chosen.id: one.rendered.text for one in written}
    losses = {one.chosen.id: _loss_rows(one.rendered.losses) for one in written}
    named = _escaped("".join(tool for rows in losses.values() for row in rows for tool in row.tools))
    shown = _choose_shown(texts, _SHOWN_BYTES - named)
    page = PolicyPage(
        frame=make_frame(
            f"Policies for {show_line(display_name(server), 80)}",
            f"A recommended policy for {show_line(display_name(server), 80)} in {len(FORMATS)} formats, each with what "
            "it cannot say.",
            locate_policies(server.slug),
            "servers",
            base_url,
        ),
        server=Link(display_name(server), urls.server_page(server.slug)),
        tool_count=plural(len(of.tools), "tool"),
        profiles=tuple(_profile_box(one, profiles[one], texts[one.value], shown) for one in Profile),
        formats=tuple(_format_box(one, losses[one.chosen.id], shown) for one in written),
    )
    return page, tuple(_files(server.slug, texts, shown))


def _recommend(of: JudgedServer, profile: Profile) -> list[Recommendation]:
    if profile is Profile.RECOMMENDED:
        return [one.recommendation for one in of.tools]
    return [recommend(one.tool.definition, one.tool.assessment, profile) for one in of.tools]


def _choose_shown(texts: Mapping[str, str], left: int) -> dict[str, str]:
    """Keep as many texts as fit into what is left of a page, the shortest first; the others are empty."""
    shown = dict.fromkeys(texts, "")
    for size, name in sorted((_escaped(text), name) for name, text in texts.items()):
        left -= size
        if left < 0:
            break
        shown[name] = texts[name]
    return shown


def _profile_box(profile: Profile, made: Sequence[Recommendation], text: str, shown: Mapping[str, str]) -> ProfileBox:
    name = f"{profile.value}.json"
    ours = profile is Profile.RECOMMENDED
    return ProfileBox(
        label=profile.value.capitalize(),
        means=PROFILE_MEANS[profile],
        counts=sum_up_decisions(made),
        box=PolicyBox(
            profile.value,
            shown[profile.value],
            _size(text),
            "../policy.json" if ours else "" if shown[profile.value] else name,
            "policy.json" if ours else name,
        ),
    )


def _format_box(written: WrittenPolicy, losses: tuple[LossRow, ...], shown: Mapping[str, str]) -> FormatBox:
    chosen, name = written.chosen, _file_name(written.chosen)
    text = written.rendered.text
    return FormatBox(
        title=chosen.title,
        file=chosen.file,
        checked=chosen.checked or "",
        called=written.called,
        notes=chosen.notes,
        standing=describe_standing(written.rendered.losses, written.refused),
        losses=losses,
        refused=show_line(written.refused, 300),
        box=PolicyBox(chosen.id, shown[chosen.id], _size(text), "" if shown[chosen.id] else name, name),
    )


def _loss_rows(losses: Sequence[Loss]) -> tuple[LossRow, ...]:
    alike: dict[tuple[Wanted, Got], list[Loss]] = defaultdict(list)
    for loss in losses:
        alike[loss.wanted, loss.got].append(loss)
    return tuple(sorted(map(_loss_row, alike.values()), key=lambda row: (not row.looser, row.says)))


def _loss_row(alike: Sequence[Loss]) -> LossRow:
    first = alike[0]
    tools = [loss.tool for loss in alike if loss.tool]
    return LossRow(
        f"{WANTED_WORDS[first.wanted]} {GOT_WORDS[first.got]}",
        first.is_looser,
        tuple(show_line(tool, 40) for tool in tools[:_NAMED]),
        max(0, len(tools) - _NAMED),
    )


def _files(server: str, texts: Mapping[str, str], shown: Mapping[str, str]) -> Iterator[File]:
    """Write what the page does not show; the recommended document is the server's policy.json anyway."""
    names = {one.id: _file_name(one) for one in FORMATS} | {one.value: f"{one.value}.json" for one in Profile}
    for id_, text in texts.items():
        if text and not shown[id_] and id_ != Profile.RECOMMENDED.value:
            yield locate_policy_file(server, names[id_]), text.encode("utf-8", "replace")


def _file_name(chosen: Format) -> str:
    return f"{chosen.id}.{_SUFFIX[chosen.language]}"


def _escaped(text: str) -> int:
    return len(escape(text).encode("utf-8", "replace"))


def _size(text: str) -> str:
    length = len(text.encode("utf-8", "replace"))
    return plural(length, "byte") if length < 1_000 else f"{length / 1_000:,.0f} KB"
