"""The order in which goals need a person: properties that hold for any list of goals."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from factory.model.view import RunRow
from factory.rules.attention import HEAVIEST, in_order, next_waiting, waited_s, waiting_cost, weight
from factory.rules.backoff import later

NOW = "2026-03-02T14:00:00.000Z"
ROW = RunRow(
    id="run_1", goal="a goal", state="awaiting_qa", priority="M", domain="backend", step_kind="qa",
    step_state="running", steps_done=3, steps_total=6, spent_micros=0, in_flight_micros=0, cap_micros=5_000_000,
    unpriced=False, verifier_state="passed", round=1, last_event_at=NOW, created_at=NOW, blockers=0, needs_person=True,
    waits_since=NOW,
)  # fmt: skip


@st.composite
def rows(draw: st.DrawFn, needs_person: bool | None = None) -> RunRow:
    """Any goal; one that needs a person has waited for up to a week."""
    waits = draw(st.booleans()) if needs_person is None else needs_person
    return replace(
        ROW,
        id=f"run_{draw(st.integers(0, 10**6))}",
        priority=draw(st.sampled_from(["H", "M", "L"])),
        spent_micros=draw(st.integers(0, 10_000_000)),
        in_flight_micros=draw(st.sampled_from([0, 50_000])),
        cap_micros=draw(st.sampled_from([0, 1_000_000, 5_000_000])),
        needs_person=waits,
        waits_since=later(NOW, -draw(st.integers(1, 604_800))) if waits else "",
    )


ANY_ROWS = st.lists(rows(), max_size=12, unique_by=lambda row: row.id)


@given(ANY_ROWS)
def test_the_order_holds_each_goal_that_needs_a_person_once_and_no_other(found: list[RunRow]) -> None:
    assert sorted(row.id for row in in_order(found, NOW)) == sorted(row.id for row in found if row.needs_person)


@given(ANY_ROWS.flatmap(lambda found: st.tuples(st.just(found), st.permutations(found))))
def test_the_order_does_not_depend_on_the_order_of_the_list(both: tuple[list[RunRow], list[RunRow]]) -> None:
    assert in_order(both[0], NOW) == in_order(both[1], NOW)


@given(rows(needs_person=True), rows(needs_person=True))
def test_of_two_goals_that_hold_the_same_the_older_one_comes_first(one: RunRow, other: RunRow) -> None:
    twin = replace(one, id=f"{one.id}_twin", waits_since=other.waits_since)
    first, second = in_order([twin, one], NOW)
    assert first.waits_since <= second.waits_since


@given(rows(needs_person=True))
def test_a_wait_costs_more_when_it_is_longer_more_urgent_or_holds_more(row: RunRow) -> None:
    longer = replace(row, waits_since=later(row.waits_since, -60))
    assert waiting_cost(longer, NOW) > waiting_cost(row, NOW)
    assert weight(replace(row, in_flight_micros=1)) >= weight(row)
    assert weight(replace(row, spent_micros=row.spent_micros + 1)) >= weight(row)
    assert weight(replace(row, priority="H")) >= weight(replace(row, priority="M"))
    assert weight(replace(row, priority="M")) > weight(replace(row, priority="L"))


@given(rows(needs_person=True), rows(needs_person=True))
def test_nobody_waits_for_ever_behind_more_urgent_goals(old: RunRow, new: RunRow) -> None:
    assert 1 <= weight(new) <= HEAVIEST
    patient = replace(old, id="run_patient", waits_since=later(NOW, -HEAVIEST * waited_s(new, NOW) - 1))
    assert in_order([new, patient], NOW)[0] is patient


@given(ANY_ROWS)
def test_going_on_and_on_visits_every_waiting_goal_once_a_round(found: list[RunRow]) -> None:
    here, visited = "", []
    for _ in in_order(found, NOW):
        row = next_waiting(found, NOW, here)
        assert row is not None
        here = row.id
        visited.append(here)
    assert visited == [row.id for row in in_order(found, NOW)]
    again = next_waiting(found, NOW, here)
    assert (again.id if again else None) == (visited[0] if visited else None)


@given(ANY_ROWS)
def test_muted_goals_are_never_gone_to(found: list[RunRow]) -> None:
    muted = {row.id for row in found}
    assert next_waiting(found, NOW, "", muted) is None


def test_a_wait_of_no_length_and_a_clock_that_went_back_cost_nothing() -> None:
    assert waiting_cost(ROW, NOW) == 0
    assert waiting_cost(replace(ROW, waits_since=""), NOW) == 0
    assert waiting_cost(replace(ROW, waits_since=later(NOW, 60)), NOW) == 0
