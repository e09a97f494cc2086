"""The chain of events: whole as long as nobody touched it, and any touch is found."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from factory.model.audit import GENESIS, ChainHead, Event, event_hash
from factory.ports.ledger import Ledger
from factory.rules.chain import ChainProblem, verify_chain
from tests.contract.ledger.books import RUN, STEP, put

Touch = Callable[[list[Event]], list[Event]]


def filled(ledger: Ledger) -> list[Event]:
    """The events of a small history: 1 run, 2 step, 3 and 4 notes, 5 run."""
    run = put(ledger, RUN, key="k")
    put(ledger, STEP)
    for n in range(2):
        ledger.write("operator:ana", lambda tx, n=n: tx.note("look", "run_1", detail={"n": n, "x": 1.5}))  # type: ignore[misc]
    put(ledger, replace(run, state="ready"))
    return list(ledger.events())


def test_an_untouched_chain_is_whole(ledger: Ledger) -> None:
    events = filled(ledger)
    assert events[0].prev_hash == GENESIS
    assert [event.prev_hash for event in events[1:]] == [event.hash for event in events[:-1]]
    assert verify_chain(events, ledger.head()) is None
    assert verify_chain(iter(events), ChainHead(2, events[1].hash)) is None


def test_an_empty_chain_is_whole(ledger: Ledger) -> None:
    assert verify_chain(ledger.events(), ledger.head()) is None


@pytest.mark.parametrize(
    "change",
    [
        {"actor": "operator:eve"},
        {"at": "2020-01-01T00:00:00.000Z"},
        {"action": "run.approve"},
        {"object": "run_2"},
        {"detail": {}},
        {"detail": {"n": "1", "x": 1.5}},
        {"key": "other"},
        {"run": "run_2"},
        {"namespace": "other"},
        {"before_sha256": "0"},
        {"after_sha256": "0"},
        {"hash": GENESIS},
    ],
    ids=str,
)
def test_a_changed_event_is_found(ledger: Ledger, change: dict[str, object]) -> None:
    events = filled(ledger)
    events[3] = replace(events[3], **change)  # type: ignore[arg-type]
    assert verify_chain(events, ledger.head()) == ChainProblem(4, "hash_mismatch")


def test_a_changed_event_with_a_new_hash_breaks_the_next_link(ledger: Ledger) -> None:
    events = filled(ledger)
    forged = replace(events[2], actor="operator:eve")
    events[2] = replace(forged, hash=event_hash(forged))
    assert verify_chain(events, ledger.head()) == ChainProblem(4, "prev_mismatch")


@pytest.mark.parametrize(
    ("touch", "seq"),
    [
        (lambda events: events[1:], 1),
        (lambda events: events[:2] + events[3:], 3),
        (lambda events: [events[0], events[2], events[1], *events[3:]], 2),
        (lambda events: [*events[:3], events[2], *events[3:]], 4),
    ],
    ids=["first gone", "one gone", "two swapped", "one twice"],
)
def test_a_missing_or_misplaced_event_is_found(ledger: Ledger, touch: Touch, seq: int) -> None:
    assert verify_chain(touch(filled(ledger)), ledger.head()) == ChainProblem(seq, "gap")


def test_a_cut_tail_is_found_by_an_older_head(ledger: Ledger) -> None:
    events = filled(ledger)
    assert verify_chain(events[:-1], ledger.head()) == ChainProblem(5, "head_mismatch")
    assert verify_chain(events[:-1]) is None
    assert verify_chain([], ledger.head()) == ChainProblem(5, "head_mismatch")
    assert verify_chain(events, ChainHead(4, GENESIS)) == ChainProblem(4, "head_mismatch")
