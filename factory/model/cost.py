"""Money: what was spent, by whom, and the caps that really stop."""

from dataclasses import dataclass
from typing import Literal

from factory.model.identity import Entity
from factory.model.machine import Machine, table
from factory.model.step import Tokens

CostBasis = Literal["reported", "computed", "estimated", "declared", "unpriced"]
BudgetScope = Literal["thread", "run", "day", "namespace"]
BudgetState = Literal["open", "warned", "exhausted"]

BUDGET: Machine[BudgetState] = Machine(
    name="budget",
    transitions=table(
        """
        open : warn -> warned
        warned : exhaust -> exhausted
        exhausted : raise -> open
        """
    ),
    terminal=frozenset(),
)


@dataclass(frozen=True, kw_only=True)
class CostEntry(Entity):
    """What one attempt cost. Money is integer micro-USD."""

    run: str
    step: str
    attempt: str
    thread: str = ""
    """Set for a verifier: its thread's cap counts this entry."""
    role: str
    agent: str
    provider: str = ""
    model: str = ""
    tokens: Tokens = Tokens()
    micros: int = 0
    basis: CostBasis = "unpriced"
    price_version: str = ""


@dataclass(frozen=True, kw_only=True)
class Budget(Entity):
    """A cap: reserve before spending, settle afterwards."""

    run: str
    scope: BudgetScope
    subject: str
    """Id of the run or thread that it caps; for a day `NAMESPACE:YYYY-MM-DD`, for a namespace its name."""
    limit_micros: int
    reserved_micros: int = 0
    spent_micros: int = 0
    overshoot_micros: int = 0
    state: BudgetState = "open"

    @property
    def left_micros(self) -> int:
        """What can still be reserved; never below zero."""
        return max(0, self.limit_micros - self.reserved_micros - self.spent_micros)
