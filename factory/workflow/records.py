"""The seven outputs of a run as files that people and scripts can open: projections of the ledger, no evidence."""

from factory.model.view import RunView
from factory.ports.bundle import Ports
from factory.rules.outputs import record
from factory.rules.status import status


def write_records(ports: Ports, view: RunView) -> None:
    """Write (or bring up to date) the record files of a run."""
    now = status(view, str(ports.evidence.root(view.run.id)), {}, ports.clock.now())
    for name, content in record(view, now).items():
        ports.evidence.record(view.run.id, name, content)
