"""The documents about what verdicts are made of: categories, risk levels, rules.

Not for judging: each restates what the vocabulary, the site's words and the rules say of themselves.
"""

from collections.abc import Mapping

from catalog.vocabulary import BASE_RISK, Category, Risk
from classifier.rule import FacetClaim, Rule, Says
from classifier.rules import RULES
from site_builder import urls
from site_builder.api import addresses
from site_builder.api.addresses import link
from site_builder.api.documents import Document, headed
from site_builder.wording import CATEGORY_CONSEQUENCE, CATEGORY_MEANS, RISK_MEANS

Cells = Mapping[tuple[Category, Risk], int]


def categories_document(cells: Cells) -> Document:
    """Lay out the categories by rising precedence; `cells` counts tools by category and risk."""
    return headed(
        categories=[
            {
                "name": category,
                "means": CATEGORY_MEANS[category],
                "consequence": CATEGORY_CONSEQUENCE[category],
                "base_risk": BASE_RISK[category],
                "tools": sum(cells.get((category, risk), 0) for risk in Risk),
                "by_risk": {risk: cells.get((category, risk), 0) for risk in Risk},
                "links": {"page": link(addresses.CATEGORIES, urls.category_page(category))},
            }
            for category in Category
        ]
    )


def risks_document(cells: Cells, unclassified: int) -> Document:
    """Lay out the risk levels by rising level, and how many tools have none because nobody judged them yet."""
    return headed(
        risks=[
            {
                "name": risk,
                "means": RISK_MEANS[risk],
                "tools": sum(cells.get((category, risk), 0) for category in Category),
                "by_category": {category: cells.get((category, risk), 0) for category in Category},
                "links": {"page": link(addresses.RISKS, urls.risk_page(risk))},
            }
            for risk in Risk
        ],
        unclassified=unclassified,
    )


def rules_document() -> Document:
    """Lay out the rules by id: what each asks, what it speaks for, and what it advises."""
    return headed(rules=[_rule(rule) for rule in RULES])


def _rule(rule: Rule) -> Document:
    return {
        "id": rule.id,
        "title": rule.title,
        "question": rule.question,
        "says": _says(rule.says),
        "severity": rule.severity,
        "rationale": rule.rationale,
        "remediation": rule.remediation,
        "references": rule.references,
    }


def _says(says: Says) -> Document:
    if isinstance(says, Category):
        return {"kind": "category", "name": says, "value": None}
    if isinstance(says, FacetClaim):
        return {"kind": "facet", "name": says.facet, "value": says.value}
    return {"kind": "threat", "name": says.name, "value": None}
