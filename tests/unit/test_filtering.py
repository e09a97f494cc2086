"""Which goals a filter lets through."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.filtering import STATUS_WORDS, Filter, matching
from factory.model.view import RunRow
from tests.app import sample

STATES = ("draft", "ready", "running", "blocked", "paused", "awaiting_qa", "closing", "done", "cancelled", "failed")
rows = st.lists(
    st.builds(
        lambda n, goal, state, step, needs, blockers: sample.row(
            f"{n:04x}", goal, state, step_state=step, needs_person=needs, blockers=blockers
        ),
        st.integers(0, 0xFFFF), st.text("abİß !@", max_size=12), st.sampled_from(STATES),
        st.sampled_from(("running", "stalled", "blocked")), st.booleans(), st.integers(0, 2),
    ),
    max_size=12, unique_by=lambda row: row.id,
).map(tuple)  # fmt: skip
queries = st.lists(
    st.sampled_from(("a", "B", "!a", "@running", "!@done", "@ne", "@nothing", "!", "@", "ß", "!!b")), max_size=4
).map(" ".join)


@given(rows, queries)
def test_what_is_listed_is_part_of_the_list_in_its_order(found: tuple[RunRow, ...], words: str) -> None:
    kept = matching(found, words)
    assert kept == tuple(row for row in found if row in kept)


@given(rows, st.sampled_from(("a", "b", "@running", "@needs", "@over", "@nothing")))
def test_a_word_and_its_inverse_share_the_goals_out(found: tuple[RunRow, ...], word: str) -> None:
    with_it, without = matching(found, word), matching(found, f"!{word}")
    assert len(with_it) + len(without) == len(found)
    assert set(with_it) | set(without) == set(found)


@given(rows, queries, queries)
def test_each_further_word_lets_no_more_through(found: tuple[RunRow, ...], words: str, more: str) -> None:
    assert set(matching(found, f"{words} {more}")) == set(matching(found, words)) & set(matching(found, more))


@given(rows)
def test_every_goal_is_either_open_or_over(found: tuple[RunRow, ...]) -> None:
    assert len(matching(found, "@open")) + len(matching(found, "@over")) == len(found)


@given(rows, st.lists(queries, min_size=1, max_size=4), st.data())
def test_a_filter_that_remembers_answers_like_one_that_does_not(
    found: tuple[RunRow, ...], typed: list[str], data: st.DataObject
) -> None:
    keeping = Filter()
    for words in typed:
        if found:
            n = data.draw(st.integers(0, len(found) - 1))
            found = (*found[:n], replace(found[n], state="done", needs_person=False), *found[n + 1 :])
        assert keeping.matching(found, words) == matching(found, words)


@pytest.mark.parametrize("word", STATUS_WORDS)
def test_the_beginning_of_a_status_word_lets_at_least_as_much_through(word: str) -> None:
    for length in range(1, len(word) + 1):
        assert set(matching(sample.ROWS, f"@{word}")) <= set(matching(sample.ROWS, f"@{word[:length]}"))


@pytest.mark.parametrize(
    ("words", "tails"),
    [
        ("@needs", {"8t0a", "7c4m"}), ("@running", {"0e1k"}), ("@stalled", {"7c4m"}), ("@paused", {"5v2x"}),
        ("@open", {"0e1k", "8t0a", "7c4m", "5v2x"}), ("!@open", {"3f9j"}), ("paused", {"5v2x"}), ("CRAWLER", {"7c4m"}),
        ("@needs !crawler", {"8t0a"}), ("@nosuchword", set()), ("!@nosuchword", {row.id[-4:] for row in sample.ROWS}),
        ("@unpriced", {"0e1k"}), ("@review", {"8t0a"}), ("!", {row.id[-4:] for row in sample.ROWS}),
    ],
)  # fmt: skip
def test_words_mean_what_the_hint_says(words: str, tails: set[str]) -> None:
    assert {row.id[-4:] for row in matching(sample.ROWS, words)} == tails


def test_another_picture_costs_only_the_goals_that_changed() -> None:
    many = tuple(sample.row(f"{n:04x}", f"goal {n}", "running") for n in range(10_000))
    keeping = Filter()
    keeping.matching(many, "goal 77")
    known = dict(keeping._known)
    changed = (*many[:500], replace(many[500], goal="goal 77 now"), *many[501:])
    assert many[500].id in {row.id for row in changed}
    assert changed[500] in keeping.matching(changed, "goal 77")
    looked_at = [id for id, one in keeping._known.items() if known[id] is not one]
    assert looked_at == [many[500].id]
