"""Every transition table, walked: nothing listed is missing, nothing unlisted is possible, the end is the end."""

from dataclasses import fields
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factory.errors import Refused
from factory.model.cost import BudgetState
from factory.model.definition import StepKind
from factory.model.evidence import PackageState
from factory.model.gate import GateState
from factory.model.machine import Machine, table
from factory.model.outbox import INDEX, IndexState, OutboxState
from factory.model.permission import PermissionState
from factory.model.request import RequestState
from factory.model.run import Run, RunState
from factory.model.states import MACHINES, after, is_over
from factory.model.step import AttemptState, Step, StepState
from factory.model.thread import ThreadState
from tests.unit.model.listed import FIRST, IMPLIED, LISTED, TERMINAL, Pairs

ALL: list[Machine[Any]] = [*MACHINES.values(), INDEX]
NAMES = [machine.name for machine in ALL]
TYPES: dict[str, Any] = {
    "run": RunState,
    "step": StepState,
    "attempt": AttemptState,
    "thread": ThreadState,
    "gate": GateState,
    "budget": BudgetState,
    "outbox item": OutboxState,
    "package": PackageState,
    "page index": IndexState,
    "permission": PermissionState,
    "request": RequestState,
}

machines = st.sampled_from(ALL)
every_machine = pytest.mark.parametrize("machine", ALL, ids=NAMES)


def allowed(machine: Machine[Any]) -> Pairs:
    return LISTED[machine.name] | IMPLIED.get(machine.name, frozenset())


def test_every_machine_of_the_reference_is_there_and_no_other() -> None:
    assert sorted(NAMES) == sorted(LISTED) == sorted(TERMINAL) == sorted(FIRST)


@every_machine
def test_every_listed_change_is_possible(machine: Machine[Any]) -> None:
    possible = {(start, end) for (start, _), end in machine.transitions.items()}
    assert allowed(machine) - possible == set()


@every_machine
def test_no_other_change_is_possible(machine: Machine[Any]) -> None:
    possible = {(start, end) for (start, _), end in machine.transitions.items()}
    assert possible - allowed(machine) == set()


@every_machine
def test_terminal_states_are_those_of_the_reference_and_nothing_leaves_them(machine: Machine[Any]) -> None:
    assert machine.terminal == TERMINAL[machine.name]
    assert [state for state, _ in machine.transitions if state in machine.terminal] == []


@every_machine
def test_every_state_that_is_not_terminal_has_a_way_on(machine: Machine[Any]) -> None:
    assert {state for state, _ in machine.transitions} == machine.states - machine.terminal


@every_machine
def test_every_state_can_be_reached_from_the_first(machine: Machine[Any]) -> None:
    reached, before = {FIRST[machine.name]}, set[str]()
    while reached != before:
        before = set(reached)
        reached |= {end for (start, _), end in machine.transitions.items() if start in before}
    assert reached == machine.states


@every_machine
def test_the_type_of_the_state_names_exactly_the_states(machine: Machine[Any]) -> None:
    assert frozenset(get_args(TYPES[machine.name])) == machine.states


@pytest.mark.parametrize("entity", MACHINES, ids=lambda entity: entity.__name__)
def test_a_new_entity_is_in_the_first_state(entity: type) -> None:
    state = next(field for field in fields(entity) if field.name == "state")
    assert state.default == FIRST[MACHINES[entity].name]


@given(st.data(), machines)
def test_a_walk_takes_only_listed_steps_and_ends_where_nothing_is_listed(
    data: st.DataObject, machine: Machine[Any]
) -> None:
    state = FIRST[machine.name]
    for _ in range(12):
        event = data.draw(st.sampled_from(sorted(machine.events)))
        was = state
        try:
            state = machine.after(state, event)
        except Refused:
            assert not machine.allows(was, event)
            continue
        assert (was, state) in allowed(machine)
        assert was not in TERMINAL[machine.name]


@given(st.data(), machines)
def test_a_refused_change_names_the_current_state_and_says_when_it_is_final(
    data: st.DataObject, machine: Machine[Any]
) -> None:
    state = data.draw(st.sampled_from(sorted(machine.states)))
    event = data.draw(st.sampled_from(sorted(machine.events)) | st.text(max_size=8))
    if machine.allows(state, event):
        return
    with pytest.raises(Refused, match=f"is {state}, ") as caught:
        machine.after(state, event)
    assert caught.value.code == ("terminal_state" if state in machine.terminal else "wrong_state")


@given(st.sampled_from(sorted(TERMINAL["run"])), st.sampled_from(sorted(MACHINES[Run].events)))
def test_a_run_that_is_over_never_changes(state: Any, event: str) -> None:
    run = Run(id="run_1", goal="g", state=state)
    assert is_over(run)
    with pytest.raises(Refused):
        after(run, event)


def test_a_change_keeps_everything_else_but_what_is_named() -> None:
    run = after(Run(id="run_1", goal="Fix it"), "ready", state_reason="checked")
    assert (run.state, run.goal, run.state_reason) == ("ready", "Fix it", "checked")


@pytest.mark.parametrize("kind", get_args(StepKind))
def test_only_verify_and_qa_can_never_be_skipped(kind: StepKind) -> None:
    step = Step(id="stp_1", run="run_1", kind=kind, order=1)
    if kind in ("verify", "qa"):
        with pytest.raises(Refused, match=f"The {kind} step is pending and can never be skipped"):
            after(step, "skip")
    else:
        assert after(step, "skip").state == "skipped"


def test_a_table_that_lists_an_event_twice_is_a_defect() -> None:
    with pytest.raises(ValueError, match="a lists go twice"):
        table("a : go -> b\na c : go -> d")
