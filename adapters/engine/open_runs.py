"""Runs that are under way, as the ledger says."""

from factory.errors import Missing
from factory.model.run import RUN, Run
from factory.ports.ledger import Ledger

OPEN = RUN.states - RUN.terminal - {"draft"}
"""States in which a run has a workflow: handed to the worker, and not over."""


def open_runs(ledger: Ledger) -> tuple[str, ...]:
    """Ids of all runs that are under way."""
    return tuple(run.id for state in sorted(OPEN) for run in ledger.find(Run, state=state))


def is_open(ledger: Ledger, run: str) -> bool:
    """Whether this run is under way now; one that the ledger does not know is not."""
    try:
        return ledger.get(Run, run).state in OPEN
    except Missing:
        return False
