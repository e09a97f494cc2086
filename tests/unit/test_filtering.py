"""Which goals a filter lets through."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit import filtering
from cockpit.filtering import STATUS_WORDS, Filter, matching, narrows, text_of, words_of
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


@given(rows, st.lists(st.tuples(queries, st.integers(0, 3)), min_size=1, max_size=5), st.data())
def test_a_filter_that_goes_on_answers_like_one_that_begins(
    found: tuple[RunRow, ...], typed: list[tuple[str, int]], data: st.DataObject
) -> None:
    going_on = Filter()
    for words, slices in typed:
        found = _changed(found, data)
        going_on.want(found, words)
        for _ in range(slices):  # the next words come in the middle of the work, or after it
            _work(going_on, found, words)
    while not going_on.is_whole:
        _work(going_on, found, words)
    assert going_on.found == matching(found, words)


def _work(going_on: Filter, found: tuple[RunRow, ...], words: str) -> None:
    if not going_on.is_whole:
        going_on.work(2)
        going_on.want(found, words)


def _changed(found: tuple[RunRow, ...], data: st.DataObject) -> tuple[RunRow, ...]:
    """The list with one goal that is over, one that is new, one that is older, or another list."""
    kind = data.draw(st.sampled_from(("same", "over", "new", "older", "fewer")))
    other = sample.row("ffff", "ab", "running")
    if kind == "over" and found:
        n = data.draw(st.integers(0, len(found) - 1))
        return (*found[:n], replace(found[n], state="done", needs_person=False), *found[n + 1 :])
    if kind == "fewer":
        return found[1:]
    if any(row.id == other.id for row in found):
        return found
    return {"new": (other, *found), "older": (*found, other)}.get(kind, found)


@given(rows, queries, queries)
def test_words_that_narrow_let_no_more_through(found: tuple[RunRow, ...], words: str, more: str) -> None:
    if narrows(words_of(words), words_of(more)):
        assert set(matching(found, more)) <= set(matching(found, words))


@pytest.mark.parametrize(
    ("before", "after", "is_narrower"),
    [
        ("cr", "cra", True), ("cr", "scr x", True), ("@r", "@ru", True), ("@ru", "@r", False), ("cra", "cr", False),
        ("!c", "!cr", False), ("!c", "c", False), ("r", "@r", False), ("a b", "b a", True), ("a b", "ab", True),
    ],
)  # fmt: skip
def test_a_letter_more_is_looked_for_in_what_fits_already(before: str, after: str, is_narrower: bool) -> None:
    assert narrows(words_of(before), words_of(after)) is is_narrower


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


def test_a_goal_that_waits_for_a_place_is_queued_and_does_not_run() -> None:
    queued = sample.row("00aa", "g", "running", is_queued=True)
    assert matching((queued, *sample.ROWS), "@queued") == (queued,)
    assert queued not in matching((queued, *sample.ROWS), "@running")


def test_another_picture_costs_only_the_goals_that_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    many = tuple(sample.row(f"{n:04x}", f"goal {n}", "running") for n in range(10_000))
    looked_at = []

    def noting(row: RunRow) -> str:
        looked_at.append(row.id)
        return text_of(row)

    monkeypatch.setattr(filtering, "text_of", noting)
    keeping = Filter()
    keeping.want(many, "goal 77")
    while not keeping.is_whole:
        keeping.work()
    assert len(looked_at) == len(many)
    changed = (*many[:500], replace(many[500], goal="goal 77 now"), *many[501:])
    keeping.want(changed, "goal 77")
    assert keeping.is_whole
    assert changed[500] in keeping.found
    assert looked_at[len(many) :] == [many[500].id]


def test_what_does_not_fit_may_change_without_another_list() -> None:
    keeping = Filter()
    keeping.want(sample.ROWS, "crawler")
    keeping.work()
    before = keeping.found
    other = next(n for n, row in enumerate(sample.ROWS) if row not in before)
    keeping.want(
        (*sample.ROWS[:other], replace(sample.ROWS[other], spent_micros=7), *sample.ROWS[other + 1 :]), "crawler"
    )
    assert keeping.found is before
