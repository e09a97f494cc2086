"""Requests: tasks that somebody put into mission control for this factory."""

from dataclasses import dataclass
from typing import Literal

from factory.model.identity import Entity
from factory.model.machine import Machine, table
from factory.model.run import Priority

RequestState = Literal["open", "taken", "gone"]

REQUEST: Machine[RequestState] = Machine(
    name="request",
    transitions=table(
        """
        open : take -> taken
        open : withdraw -> gone
        gone : return -> open
        """
    ),
    terminal=frozenset({"taken"}),
)
"""`taken`: a run was started from it. `gone`: it was deleted there, or given to somebody else."""


@dataclass(frozen=True, kw_only=True)
class Request(Entity):
    """One of them, as the worker last saw it."""

    ref: str
    """As `--from-mission` takes it; a run that comes from it carries the same."""
    goal: str
    text: str = ""
    """What stands below the title."""
    priority: Priority = "M"
    accept: tuple[str, ...] = ()
    """`ID: text :: command`, one each."""
    repo: str = ""
    """Empty = it names none."""
    by: str = ""
    """Who put it there."""
    state: RequestState = "open"
    run: str = ""
    """The run that took it."""
    seen_at: str = ""
    """When it was last found changed; UTC."""
    problem: str = ""
    """Why it did not start by itself; empty = it was not tried, or it may be tried again."""
