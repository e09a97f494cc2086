"""Runs that are measured many at a time show what each of them shows by itself, from its whole view."""

from dataclasses import replace

import pytest

from factory.model.run import Run
from factory.operations import measuring
from factory.operations.measuring import Measuring, measure
from factory.ports.ledger import Ledger
from factory.rules.metrics import Measured, measured
from tests.unit.rules.forty_tasks import NOW, forty
from tests.unit.test_measuring import store


def one_by_one(ledger: Ledger) -> list[Measured]:
    """From all that the ledger holds about each run."""
    views = [replace(ledger.view(run.id), as_of=NOW) for run in ledger.find(Run)]
    return [measured(view, ledger.events(run=view.run.id)) for view in views]


def test_the_forty_tasks_measured_together_are_the_forty_measured_one_by_one(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(measuring, "TOGETHER", 7)  # more than one slice, and a last one that is not full
    for told in forty():
        store(ledger, told)
    together = Measuring(ledger)
    together.look(NOW)
    assert list(together.runs) == one_by_one(ledger)
    assert together.runs[20] == measure(ledger, ledger.get(Run, "run_21"), NOW)
    assert sum(one.metrics.attempts for one in together.runs) == 111
    assert sum(bool(one.metrics.flags) for one in together.runs) > 10
