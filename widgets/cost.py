"""What a run costs: by role, and against each cap."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from widgets.amounts import BASES, money, seconds_between
from widgets.caps import cap_line
from widgets.frame import NAMES
from widgets.lines import Line, fit, fit_right, spread
from widgets.names import short_agent
from widgets.pane import Pane

if TYPE_CHECKING:
    from factory.model.cost import CostEntry
    from factory.model.cost_card import CapLine
    from factory.model.status import Status
    from factory.model.view import RunView

SHORTEST_S = 60.0
"""A run of less time has no burn worth saying."""


def cost_lines(status: Status, view: RunView, width: int) -> tuple[Line, ...]:
    """One line for each agent, then what is spent, in flight, left and over of each cap: run, peer, day, namespace."""
    lines: list[Line] = [(("nothing spent yet", "dim"),)]
    if view.costs:
        lines = [*_agents(view, width), _sum(status, view, width)]
    lines.extend(cap_line(line, width) for line in sorted(status.caps, key=_scope))
    if any(entry.basis == "unpriced" for entry in view.costs):
        lines.append((("? an agent named no price: the sums leave it out", "warn"),))
    return tuple(lines)


def burn_per_hour(view: RunView) -> int | None:
    """Micro-USD that the run has cost per hour since its first agent began; None when that is not known."""
    began = min((one.started_at for one in view.attempts if one.started_at), default="")
    running = any(one.started_at and not one.ended_at for one in view.attempts)
    ended = view.as_of if running else max((one.ended_at for one in view.attempts), default="")
    seconds = seconds_between(began, ended)
    spent = sum(entry.micros for entry in view.costs)
    return int(spent * 3600 / seconds) if seconds and seconds >= SHORTEST_S and spent else None


def _sum(status: Status, view: RunView, width: int) -> Line:
    cost, burn = status.cost, burn_per_hour(view)
    flight = f" +{money(cost.in_flight)} in flight" if cost.in_flight else ""
    rate = f"burn {money(burn)}/h" if burn is not None else ""
    left: Line = ((f"{fit('all', 9)}", "dim"), (money(cost.micros, cost.basis), "strong"), (flight, "dim"))
    return spread(left, ((rate, "dim"),), width)


def _scope(line: CapLine) -> int:
    return ("run", "thread", "day", "namespace").index(line.scope)


def _agents(view: RunView, width: int) -> Iterator[Line]:
    by_agent: dict[tuple[str, str], list[CostEntry]] = {}
    for entry in view.costs:
        by_agent.setdefault((entry.role, entry.agent), []).append(entry)
    for (role, agent), entries in by_agent.items():
        basis = min((entry.basis for entry in entries), key=_WEAKEST.index)
        total = money(sum(entry.micros for entry in entries), basis)
        room = max(8, width - 9 - 4 - 9 - 12)
        times = f"×{len(entries)}"
        name = fit(short_agent(agent, room), room)
        yield ((f"{fit(role, 9)}", "dim"), (name, ""), (f" {fit(times, 3)}", "dim"),
               (f" {fit_right(total, 8)} ", "strong"), (BASES.get(basis, basis), "dim"))  # fmt: skip


_WEAKEST = ("unpriced", "estimated", "declared", "computed", "reported")


class CostPane(Pane):
    """Draws the cost."""

    TITLE, NUMBER = NAMES["cost"]

    def show_run(self, status: Status | None, view: RunView | None) -> None:
        """Draw the cost of another run, or of the same one as it is now."""
        self.show(lambda width: cost_lines(status, view, width) if status and view else (), status, view)
