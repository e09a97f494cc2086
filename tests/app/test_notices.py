"""When the operator is called: once for each want, after it held, never in a row, never for what is looked at."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from cockpit.notices import COOL_DOWN_S, DWELL_S, LONGEST, Notice, Notifier, Sight, notice_text, want_of
from factory.model.view import RunRow
from tests.app import sample

BUSY, WAITING = sample.ROWS[0], sample.ROWS[1]
AWAY = Sight(is_watched=False)


class Bench:
    """A notifier, its clock, and the list of goals that it looks at."""

    def __init__(self, *rows: RunRow) -> None:
        self.now = 100.0
        self.rows = rows
        self.notifier = Notifier()
        self.look()

    def look(self, after_s: float = 0.0, sight: Sight = AWAY, **changes: object) -> list[Notice]:
        """Let time pass, change the first goal, and look."""
        self.now += after_s
        if changes:
            self.rows = (replace(self.rows[0], **changes), *self.rows[1:])  # type: ignore[arg-type]
        self.notifier, notices = self.notifier.observe(self.rows, sight, self.now)
        return list(notices)


def test_a_want_that_holds_is_told_once() -> None:
    bench = Bench(BUSY)
    assert bench.look(1, state="awaiting_qa", needs_person=True) == []
    assert [notice.run for notice in bench.look(DWELL_S)] == [BUSY.id]
    assert bench.look(3600) == []


def test_what_waited_before_the_cockpit_opened_is_not_told() -> None:
    bench = Bench(WAITING)
    assert bench.look(3600) == []


def test_a_want_that_is_gone_again_at_once_is_nobodys_business() -> None:
    bench = Bench(BUSY)
    bench.look(1, state="blocked", needs_person=True)
    bench.look(DWELL_S - 0.1, state="running", needs_person=False)
    assert bench.look(3600) == []


def test_a_want_within_the_cool_down_is_told_when_it_is_over() -> None:
    bench = Bench(BUSY)
    bench.look(0, state="blocked", needs_person=True)
    assert len(bench.look(DWELL_S)) == 1
    bench.look(1, state="running", needs_person=False)
    bench.look(1, state="awaiting_qa", needs_person=True)
    assert bench.look(DWELL_S) == []
    assert len(bench.look(COOL_DOWN_S)) == 1


def test_what_the_operator_looks_at_is_known_and_what_lies_elsewhere_is_told() -> None:
    looking = Sight(BUSY.id)
    bench = Bench(BUSY)
    bench.look(0, state="awaiting_qa", needs_person=True)
    assert bench.look(DWELL_S, looking) == []
    assert bench.look(DWELL_S) == []
    bench = Bench(BUSY)
    bench.look(0, state="awaiting_qa", needs_person=True)
    assert len(bench.look(DWELL_S, Sight(WAITING.id))) == 1


def test_an_end_is_told_too() -> None:
    for state in ("done", "failed"):
        bench = Bench(BUSY)
        bench.look(0, state=state)
        assert [notice.text[:9].split()[-1] for notice in bench.look(DWELL_S)] == [state[:4]]


def test_muted_goals_are_never_told() -> None:
    bench = Bench(BUSY)
    bench.look(0, state="awaiting_qa", needs_person=True)
    assert bench.look(DWELL_S, Sight(is_watched=False, muted={BUSY.id})) == []


def test_a_new_goal_in_front_of_others_is_noticed_and_the_others_are_not_told_again() -> None:
    bench = Bench(WAITING)
    bench.rows = (replace(BUSY, state="blocked", needs_person=True), *bench.rows)
    bench.look()
    assert [notice.run for notice in bench.look(DWELL_S)] == [BUSY.id]


def test_a_notice_says_which_goal_what_it_asks_and_what_it_has_cost() -> None:
    assert notice_text(WAITING) == f"8t0a needs you: approve the package? $0.31 of $5 · {sample.GOAL}"


def test_each_request_of_an_agent_is_told_and_says_what_it_is() -> None:
    bench = Bench(BUSY)
    bench.look(1, asks=1, needs_person=True, waits_since="2026-03-02T14:01:00.000Z")
    (first,) = bench.look(DWELL_S)
    assert "0e1k needs you: its agent asks, allow it?" in first.text
    bench.look(1, waits_since="2026-03-02T14:02:00.000Z")
    assert len(bench.look(COOL_DOWN_S)) == 1
    assert bench.look(3600) == []


@given(st.text(), st.sampled_from(["awaiting_qa", "blocked", "paused", "running", "done", "failed", "odd_state"]))
def test_a_notice_is_one_short_line_that_no_terminal_obeys(goal: str, state: str) -> None:
    text = notice_text(replace(BUSY, goal=goal, state=state))
    assert len(text) <= LONGEST
    assert all(ord(char) >= 0x20 and not 0x7F <= ord(char) < 0xA0 for char in text)


LOOKS = st.lists(
    st.tuples(
        st.floats(0, 20),
        st.sampled_from([("running", False), ("awaiting_qa", True), ("blocked", True), ("done", False)]),
        st.booleans(),
    ),
    max_size=30,
)


@given(LOOKS)
def test_however_things_go_notices_keep_their_distance_and_tell_no_want_twice(
    looks: list[tuple[float, tuple[str, bool], bool]],
) -> None:
    bench = Bench(BUSY)
    told: list[float] = []
    want = known = want_of(BUSY)
    for after_s, (state, needs), is_watched in looks:
        notices = bench.look(after_s, Sight(BUSY.id, is_watched), state=state, needs_person=needs)
        want = want_of(bench.rows[0])
        if notices:
            assert want, "told although nothing is wanted"
            assert not is_watched, "told although the operator looks at it"
            assert want != known, "told twice"
            assert not told or bench.now - told[-1] >= COOL_DOWN_S
            told.append(bench.now)
        # What came and went before it was told changes nothing: the want of before is known still.
        known = want if notices or is_watched or not want else known
    if want != known:
        assert len(bench.look(COOL_DOWN_S + DWELL_S)) == 1, "a want that lasts is told in the end"
