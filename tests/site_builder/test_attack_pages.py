"""Documented attacks: what each abused, what stands against it, and which tools give such access."""

from collections import Counter
from collections.abc import Iterable

import pytest

from catalog.records import CatalogServer
from catalog.vocabulary import Risk
from site_builder.access import ACCESSES
from site_builder.attack_pages import SHOWN, AttackTally, make_attack_index, make_attack_pages
from site_builder.attack_wording import describe_abuse
from site_builder.attacks import Attack, AttackList
from site_builder.environment import make_renderer
from tests.site_builder.building import ATTACKS, make_briefs
from tests.site_builder.catalog_factory import make_catalog, make_large_catalog


def tally_of(servers: Iterable[CatalogServer], attacks: AttackList = ATTACKS) -> AttackTally:
    tally = AttackTally(attacks)
    for brief in make_briefs(servers, attacks):
        tally.add(brief)
    return tally


@pytest.mark.parametrize("attack", ATTACKS.attacks, ids=lambda one: one.id)
def test_everything_that_an_attack_abused_has_words_and_something_against_it(attack: Attack) -> None:
    known = {name for access in ACCESSES for name in access.capabilities}
    for capability in attack.capabilities:
        assert describe_abuse([capability]), capability
        assert capability in known or len(describe_abuse([capability])) == 1
    assert all(one.what and one.against.endswith(".") for one in describe_abuse(attack.capabilities))


def test_each_kind_of_access_has_words_against_it() -> None:
    said = [one for access in ACCESSES for one in describe_abuse(access.capabilities)]
    assert {access.says for access in ACCESSES} <= {one.what for one in said}


def test_two_names_for_one_thing_are_said_once() -> None:
    assert len(describe_abuse(["malicious_server", "rogue_server"])) == 1


def test_every_attack_beside_a_tool_counts_the_tool() -> None:
    counted: Counter[str] = Counter()
    for server in make_catalog():
        (brief,) = make_briefs([server])
        for tool, judged in zip(brief.tools, server.tools, strict=True):
            if judged.assessment:
                beside = {shared.attack.id for shared in ATTACKS.match(judged, judged.assessment)}
                assert beside <= set(tool.attacks)
                assert beside == set(tool.attacks) or len(beside) == 3
                counted.update(tool.attacks)
    tally = tally_of(make_catalog())
    assert {attack.id: tally.count(attack.id) for attack in ATTACKS.attacks if tally.count(attack.id)} == counted


def test_tools_are_counted_and_the_riskiest_are_shown_two_a_server() -> None:
    tally = tally_of(make_large_catalog(servers=40, tools=19))
    counted = [attack.id for attack in ATTACKS.attacks if tally.count(attack.id) > 3 * SHOWN]
    assert counted
    for attack in counted:
        rows = tally.riskiest(attack)
        order = [list(Risk).index(Risk(row.badge.label)) for row in rows]
        assert len(rows) == SHOWN
        assert order == sorted(order, reverse=True)
        servers = [row.server.href for row in rows]
        assert max(servers.count(one) for one in servers) <= 2


def test_attack_without_a_tool_says_so() -> None:
    render = make_renderer()
    for _, page in make_attack_pages(tally_of([]), ""):
        assert "None of 0 tools in this catalog gives the kind of access" in render("pages/attack.html", page)


def test_only_what_was_verified_is_called_verified() -> None:
    render = make_renderer()
    one = ATTACKS.attacks[0]
    attacks = AttackList([one.model_copy(update={"verified": True}), ATTACKS.attacks[1]])
    tally = tally_of(make_catalog(), attacks)
    texts = {path: render("pages/attack.html", page) for path, page in make_attack_pages(tally, "")}
    read, unread = (texts[f"attacks/{attack.id}/index.html"] for attack in (one, ATTACKS.attacks[1]))
    assert "References, verified" in read
    assert "not verified" not in read
    assert "References, verified" not in unread
    assert "not verified" in unread
    _, index = make_attack_index(tally, "")
    assert [row.verified for row in index.attacks] == [True, False]
    assert index.unverified == "1 of 2 entries"


def test_attacks_lead_to_the_ones_before_and_after_them() -> None:
    pages = [page for _, page in make_attack_pages(tally_of([]), "")]
    assert pages[0].after is None
    assert pages[-1].before is None
    assert pages[0].before
    assert pages[1].after
    assert pages[0].before.label == pages[1].attack.name
    assert pages[1].after.label == pages[0].attack.name


def test_reference_that_is_no_web_address_is_no_link() -> None:
    attacks = AttackList([ATTACKS.attacks[0].model_copy(update={"refs": ("javascript:alert(1)",)})])
    ((_, page),) = make_attack_pages(tally_of([], attacks), "")
    text = make_renderer()("pages/attack.html", page)
    assert "javascript:alert(1)" in text
    assert 'href="javascript' not in text
