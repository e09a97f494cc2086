"""Runs are read once, and again only when an event names them."""

from dataclasses import replace

import pytest

from factory.model.audit import Event
from factory.model.canary import RECORDED, CanaryResult
from factory.model.identity import Entity
from factory.model.run import Run
from factory.operations.measuring import Measuring
from factory.ports.ledger import Ledger
from tests.fakes.ledger import MemoryLedger
from tests.unit.rules.stories import Told, tell

NOW = "2026-04-01T00:00:00.000Z"


class Counting(MemoryLedger):
    """Notes which runs are read."""

    read: list[str]

    def find(self, kind, /, **equal):  # type: ignore[no-untyped-def]
        """Note the runs whose threads are read: every measuring does that once."""
        if kind.__name__ == "Thread":
            self.read += equal["run"]
        return super().find(kind, **equal)


@pytest.fixture
def ledger() -> Counting:
    ledger = Counting()
    ledger.read = []
    return ledger


def store(ledger: Ledger, told: Told) -> None:
    """All of a story, as it is."""
    view = told.view
    parts: tuple[Entity, ...] = (
        view.run, *view.attempts, *view.threads, *view.messages, *view.gates, *view.approvals, *view.evidence,
        *view.packages, *view.costs, *view.budgets,
    )  # fmt: skip

    def work(tx) -> None:  # type: ignore[no-untyped-def]
        for part in parts:
            tx.put(replace(part, version=0), "test.put")
        for event in told.events:
            note(tx, event)

    ledger.write("worker", work)


def note(tx, event: Event) -> None:  # type: ignore[no-untyped-def]
    """The event, at the ledger's own time."""
    tx.note(event.action, event.object, event.run, event.detail)


def test_each_run_is_read_once_and_again_when_it_changes(ledger: Counting) -> None:
    for n in (1, 2, 3):
        store(ledger, tell("b10 v5=pass +", n))
    measuring = Measuring(ledger)
    assert measuring.look(NOW)
    assert ledger.read == ["run_1", "run_2", "run_3"]
    assert not measuring.look(NOW), "nothing is new"
    store(ledger, tell("b10 v5=pass", 4))
    ledger.write("worker", lambda tx: tx.put(replace(tx.get(Run, "run_2"), landed="branch"), "run.land"))
    assert measuring.look(NOW)
    assert ledger.read[3:] == ["run_4", "run_2"]
    assert [one.metrics.run for one in measuring.runs] == ["run_1", "run_2", "run_3", "run_4"]


def test_clocks_and_prompt_sizes_come_from_events(ledger: Counting) -> None:
    store(ledger, tell("b10^2@9000 v5=pass +"))
    measuring = Measuring(ledger)
    measuring.look(NOW)
    (run,) = measuring.runs
    assert [(one.clocks, one.prompt_chars) for one in run.tries] == [(("first_output",), 9_000), ((), 1_000)]


def test_canaries_are_read_once_each(ledger: Counting) -> None:
    def record(id: str, said: str) -> None:
        result = CanaryResult(id, "v", "m", "bad", "demo", said, "c", NOW)
        ledger.write("worker", lambda tx: tx.note(RECORDED, id, detail=dict(vars(result))))

    record("can_1", "pass")
    measuring = Measuring(ledger)
    measuring.look(NOW)
    record("can_2", "changes_requested")
    measuring.look(NOW)
    assert [(one.id, one.is_caught) for one in measuring.canaries] == [("can_1", False), ("can_2", True)]
