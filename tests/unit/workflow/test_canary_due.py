"""A canary is due by itself after so many ended runs, and not again before as many have ended since."""

from pathlib import Path

from factory.model.canary import RECORDED
from factory.operations.canary_due import Due
from factory.operations.verbs import cancel
from tests.unit.workflow.floor import Floor


def end_one(floor: Floor) -> None:
    cancel(floor.ports, floor.launch())


def test_ended_runs_are_counted_from_the_last_canary_on(tmp_path: Path) -> None:
    floor = Floor(tmp_path)
    due = Due(floor.ledger, 2)
    assert not due.is_due()
    end_one(floor)
    floor.launch()
    assert not due.is_due()
    end_one(floor)
    assert due.is_due()
    assert Due(floor.ledger, 2).is_due()
    floor.ledger.write("operator:ana", lambda tx: tx.note(RECORDED, "can_1"))
    assert not due.is_due()
    assert not Due(floor.ledger, 2).is_due()
    end_one(floor)
    assert not due.is_due()
    end_one(floor)
    assert due.is_due()


def test_one_that_was_tried_is_not_tried_all_the_time(tmp_path: Path) -> None:
    floor = Floor(tmp_path)
    end_one(floor)
    due = Due(floor.ledger, 1)
    assert due.is_due()
    due.begin_again()
    assert not due.is_due()
    end_one(floor)
    assert due.is_due()
