"""Which cap `+` and `-` are about: the one that stopped the goal, else the goal's own."""

from typing import NamedTuple

from cockpit.screens.asking import spent
from factory.model.view import RunRow, RunView
from widgets.amounts import money


class Capped(NamedTuple):
    """A cap that the operator may set."""

    scope: str
    """`run` or `thread`."""
    name: str
    """As a title says it."""
    micros: int
    """What it is now."""
    spent: str
    note: str = ""
    """What has to be known before an amount is typed."""


def capped(row: RunRow, view: RunView | None) -> Capped:
    """The peer's cap where that one stopped the goal, else the goal's."""
    from factory.rules.spending import used_up  # the first picture does not wait for it

    budget = used_up(view) if view and row.state == "paused" else None
    if budget is None or budget.scope != "thread":
        return Capped("run", "cap", row.cap_micros, spent(row))
    note = "; over $1.00 it is reviewed"
    return Capped("thread", "cap of the peer", budget.limit_micros, money(budget.spent_micros), note)
