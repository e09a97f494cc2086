"""Which domain a goal goes to, and why."""

import random
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factory.errors import Malformed, Refused, Usage
from factory.rules.routing import DEFAULT_TABLE, RoutingRow, RoutingTable, normalise, route, table_digest, table_from

BILKO = "Napravi product demo za Bilko mobile companion."
TABLE = RoutingTable(
    rows=(
        RoutingRow("one", "A", "B", words={"alpha": 3, "shared": 2}, phrases={"two words": 4}, paths={"*.sql": 5}),
        RoutingRow("two", "C", "D", words={"beta*": 3, "shared": 2}),
    ),
    minimum=2,
)


def test_the_bilko_goal_goes_to_product_and_says_why() -> None:
    found = route(BILKO, DEFAULT_TABLE)
    assert (found.domain, found.builder, found.verifier) == ("product", "FlowForge", "Lexicon")
    assert {"product demo", "product", "demo"} <= set(found.matched)
    assert found.rule.startswith("product: ")
    assert f"= {found.score}; next is {found.runner_up} with {found.score - found.margin}" in found.rule


@pytest.mark.parametrize(
    ("goal", "domain"),
    [
        ("Fix split(): parts must add up to the total", "backend"),
        ("Popravi grešku u bazi kod plaćanja", "backend"),
        ("Add dark mode to the settings page", "frontend"),
        ("Napravi novu stranicu za mobilnu aplikaciju", "frontend"),
        ("Izradi prezentaciju proizvoda", "product"),
        ("Deploy the service to Kubernetes", "infra"),
        ("Podesi nadzor i isporuku na produkciju", "infra"),
    ],
)
def test_goals_in_english_and_bosnian_find_their_domain(goal: str, domain: str) -> None:
    assert route(goal, DEFAULT_TABLE).domain == domain


def test_every_default_row_has_two_companies() -> None:
    assert [row.domain for row in DEFAULT_TABLE.rows if row.builder == row.verifier] == []


def test_weights_of_words_phrases_and_paths_add_up() -> None:
    found = route("Alpha has TWO  words", TABLE, paths=["db/a.SQL"])
    assert (found.score, found.matched) == (12, ("alpha", "two words", "*.sql"))
    assert (found.runner_up, found.margin) == ("two", 12)


def test_a_word_counts_once() -> None:
    assert route("alpha alpha alpha", TABLE).score == 3


def test_a_tie_goes_to_the_row_that_comes_first() -> None:
    assert route("shared", TABLE).domain == "one"
    assert route("shared", replace(TABLE, rows=TABLE.rows[::-1])).domain == "two"


def test_an_explicit_domain_wins_and_is_marked() -> None:
    found = route("alpha", TABLE, domain="two")
    assert (found.domain, found.override, found.score, found.margin) == ("two", "two", 0, -3)
    assert "the operator chose it" in found.rule


def test_an_explicit_domain_needs_no_match() -> None:
    assert route("nothing here", TABLE, domain="one").domain == "one"


def test_an_unknown_domain_names_the_known_ones() -> None:
    with pytest.raises(Usage, match="no domain 'three'") as caught:
        route("alpha", TABLE, domain="three")
    assert caught.value.hint == "Known domains: one, two."


def test_a_goal_that_fits_nothing_is_refused_with_every_score() -> None:
    with pytest.raises(Refused, match="one 0, two 0; 2 are needed") as caught:
        route("nothing here", TABLE)
    assert caught.value.code == "unrouted"
    assert "--domain one|two" in caught.value.hint


def test_the_minimum_itself_routes() -> None:
    assert route("shared", replace(TABLE, minimum=2)).score == 2
    with pytest.raises(Refused):
        route("shared", replace(TABLE, minimum=3))


@given(st.text(max_size=60), st.randoms())
def test_case_and_order_of_words_do_not_change_the_route(noise: str, chance: random.Random) -> None:
    words = f"alpha beta {noise.replace('ß', '')}".split()
    shuffled = chance.sample(words, len(words))
    table = replace(TABLE, rows=(replace(TABLE.rows[0], phrases={}), TABLE.rows[1]))
    first, second = route(" ".join(words), table), route(" ".join(shuffled).swapcase(), table)
    assert (first.domain, first.score) == (second.domain, second.score)


@given(st.text(max_size=200) | st.sampled_from([BILKO, "Add dark mode"]))
def test_what_is_routed_reaches_the_minimum_and_leads(goal: str) -> None:
    table = replace(DEFAULT_TABLE, minimum=0)
    found = route(goal, table)
    assert found.margin >= 0
    if found.score >= DEFAULT_TABLE.minimum:
        assert route(goal, DEFAULT_TABLE).domain == found.domain
    else:
        with pytest.raises(Refused, match="No domain fits"):
            route(goal, DEFAULT_TABLE)


def test_normalise_is_part_of_routing() -> None:
    assert normalise("Greška") == "greska"


def mapping(**row: Any) -> dict[str, Any]:
    return {"rows": [{"domain": "one", "builder": "A", "verifier": "B", **row}]}


def test_a_table_is_read_from_a_mapping() -> None:
    table = table_from({"minimum": 3, **mapping(words={"api": 3})})
    assert table == RoutingTable((RoutingRow("one", "A", "B", words={"api": 3}),), 3)


@pytest.mark.parametrize(
    ("found", "key"),
    [
        ({}, "rows must be a list"),
        ({"rows": []}, "rows must be a list"),
        ({"rows": ["x"]}, r"rows\[0\] must be a table"),
        ({**mapping(), "extra": 1}, "extra is unknown"),
        ({**mapping(), "minimum": "2"}, "minimum must be a whole number"),
        ({**mapping(), "minimum": True}, "minimum must be a whole number"),
        (mapping(colour="red"), r"rows\[0\].colour is unknown"),
        (mapping(builder=""), r"rows\[0\].builder must be a name"),
        (mapping(domain=3), r"rows\[0\].domain must be a name"),
        (mapping(words=["api"]), r"rows\[0\].words must be a table of points"),
        (mapping(words={"api": 1.5}), r"rows\[0\].words.api must be a whole number"),
        (mapping(words={"api": -1}), r"rows\[0\].words.api must be a whole number"),
        (mapping(phrases={" ": 1}), r"rows\[0\].phrases.' ' would fit every goal"),
        (mapping(words={"*": 1}), r"rows\[0\].words.'\*' would fit every goal"),
        ({"rows": mapping()["rows"] * 2}, r"rows\[1\].domain is 'one' for the second time"),
    ],
)
def test_a_malformed_table_names_the_offending_key(found: dict[str, Any], key: str) -> None:
    with pytest.raises(Malformed, match=key) as caught:
        table_from(found)
    assert caught.value.exit_code == 6


def test_the_digest_changes_with_the_content_and_not_with_the_order_of_words() -> None:
    table = table_from(mapping(words={"a": 1, "b": 2}))
    assert table_digest(table) == table_digest(table_from(mapping(words={"b": 2, "a": 1})))
    assert table_digest(table) != table_digest(replace(table, minimum=9))
    assert route("a b", table).table_sha256 == table_digest(table)
