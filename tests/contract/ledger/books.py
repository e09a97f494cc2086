"""Small things to put into a ledger."""

from typing import TypeVar

from factory.model.audit import Command
from factory.model.identity import Entity
from factory.model.run import Run
from factory.model.step import Step
from factory.ports.ledger import Ledger

E = TypeVar("E", bound=Entity)

RUN = Run(id="run_1", goal="Fix split()")
STEP = Step(id="stp_1", run="run_1", kind="build", order=1)
WAKE = Command(id="cmd_1", run="run_1", verb="wake")


def put(ledger: Ledger, entity: E, action: str = "test.put", key: str = "") -> E:
    """Store one entity in a transaction of its own, and return it as stored."""
    stored = ledger.write("operator:ana", lambda tx: tx.put(entity, action), key)
    assert stored is not None
    return stored
