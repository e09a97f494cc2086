"""What a run costs: by role, and against each cap."""

from collections.abc import Iterator

from factory.model.cost import Budget, CostEntry
from factory.model.status import Status
from factory.model.view import RunView
from widgets.amounts import cap, money
from widgets.lines import Line, Tone, bar, fit, fit_right
from widgets.names import agent_name
from widgets.pane import Pane


def cost_lines(status: Status, view: RunView, width: int) -> tuple[Line, ...]:
    """One line for each agent, then spent and reserved against the cap of the run and of the thread."""
    lines = [*_agents(view, width)] or [(("nothing spent yet", "dim"),)]
    for scope in ("run", "thread"):
        budget = view.budget(scope)
        if budget:
            lines.append(_budget(budget, width))
    if any(entry.basis == "unpriced" for entry in view.costs):
        lines.append((("? an agent named no price: the sums leave it out", "warn"),))
    return tuple(lines)


def _agents(view: RunView, width: int) -> Iterator[Line]:
    by_agent: dict[tuple[str, str], list[CostEntry]] = {}
    for entry in view.costs:
        by_agent.setdefault((entry.role, entry.agent), []).append(entry)
    for (role, agent), entries in by_agent.items():
        basis = min((entry.basis for entry in entries), key=_WEAKEST.index)
        total = money(sum(entry.micros for entry in entries), basis)
        times = f"×{len(entries)}"
        name = fit(agent_name(agent), max(8, width - 9 - 4 - 9 - 11))
        yield ((f"{fit(role, 9)}", "dim"), (name, ""), (f" {fit(times, 3)}", "dim"),
               (f" {fit_right(total, 8)} ", "strong"), (basis, "dim"))  # fmt: skip


_WEAKEST = ("unpriced", "estimated", "declared", "computed", "reported")


def _budget(budget: Budget, width: int) -> Line:
    used = budget.spent_micros + budget.reserved_micros
    tone: Tone = "bad" if budget.state == "exhausted" else "warn" if budget.state == "warned" else "accent"
    words = f"{money(budget.spent_micros)} of {cap(budget.limit_micros)}"
    if budget.reserved_micros:
        words += f" +{money(budget.reserved_micros)} in flight"
    if budget.overshoot_micros:
        words += f", {money(budget.overshoot_micros)} over"
    label = fit({"run": "run cap", "thread": "peer cap"}.get(budget.scope, budget.scope), 10)
    room = max(4, min(20, width - 10 - 7 - len(words)))
    share = f" {100 * used // budget.limit_micros if budget.limit_micros else 0:>3}%  "
    return ((label, "dim"), *bar(used, budget.limit_micros, room, tone), (share, ""), (words, ""))


class CostPane(Pane):
    """Draws the cost."""

    TITLE = "Cost  ≈ estimated  ? unpriced"

    def show_run(self, status: Status | None, view: RunView | None) -> None:
        """Draw the cost of another run, or of the same one as it is now."""
        self.show(lambda width: cost_lines(status, view, width) if status and view else ())
