"""Everything about one run, read at one moment."""

from sqlalchemy import Connection

from adapters.ledger.reading import chain_head, find, get, last_events
from factory.model.blocker import Blocker
from factory.model.cost import Budget, CostEntry
from factory.model.evidence import Evidence, Package
from factory.model.gate import Approval, Gate
from factory.model.outbox import OutboxItem, Page, PortHealth
from factory.model.permission import Permission
from factory.model.run import Run
from factory.model.step import Attempt, Step
from factory.model.thread import Message, Thread
from factory.model.view import RunView

EVENTS_SHOWN = 50
"""How many of its newest events a view carries."""


def read_view(connection: Connection, run: str, as_of: str) -> RunView:
    """The view of a run. Raises `Missing`."""
    return RunView(
        run=get(connection, Run, run),
        steps=find(connection, Step, run=run),
        attempts=find(connection, Attempt, run=run),
        threads=find(connection, Thread, run=run),
        messages=find(connection, Message, run=run),
        gates=find(connection, Gate, run=run),
        approvals=find(connection, Approval, run=run),
        evidence=find(connection, Evidence, run=run),
        packages=find(connection, Package, run=run),
        costs=find(connection, CostEntry, run=run),
        budgets=find(connection, Budget, run=run),
        blockers=find(connection, Blocker, run=run),
        outbox=find(connection, OutboxItem, run=run),
        pages=find(connection, Page, run=run),
        health=find(connection, PortHealth),
        permissions=find(connection, Permission, run=run),
        events=last_events(connection, run, EVENTS_SHOWN),
        head=chain_head(connection),
        as_of=as_of,
    )
