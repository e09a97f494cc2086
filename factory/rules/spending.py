"""The sums behind every figure about caps: what counts against each, what is left, by how much it was passed."""

from collections.abc import Iterable

from factory.model.cost import Budget, CostEntry
from factory.model.cost_card import CapLine
from factory.model.states import is_over
from factory.model.step import Attempt
from factory.model.trial import SELF_CHECK
from factory.model.view import RunView
from factory.rules.lines import in_flight

_MEASURED = ("reported", "computed")
_GUESSED = ("estimated", "declared")


def cap_lines(view: RunView) -> tuple[CapLine, ...]:
    """Every cap that the run counts against, the tightest scope first: thread, run, day, namespace."""
    own = [budget for budget in map(view.budget, ("thread", "run")) if budget]
    return tuple(_own(view, budget) for budget in own) + tuple(_shared(view, budget) for budget in view.shared)


def used_up(view: RunView) -> Budget | None:
    """The cap that stopped a run: of those that its stopped agent counts against, the one with the least left.

    None when no cap did.
    """
    stopped = [blocker for blocker in view.open_blockers if blocker.code == "cap_exceeded"]
    if not stopped:
        caps = _caps(view, is_check=True)
        return next((budget for budget in caps if budget.state == "exhausted" or budget.left_micros == 0), None)
    caps = _caps(view, _is_check(view, stopped[-1].cause_ref))
    return min(caps, key=lambda budget: budget.left_micros) if caps else None


def _is_check(view: RunView, step: str) -> bool:
    """Whether a check was stopped there, or could not begin: it counts against the thread's cap as well."""
    found = next((one for one in view.steps if one.id == step), None)
    last = next((one for one in reversed(view.attempts) if one.step == step), None)
    waits = found is None or found.kind == "verify" or found.state_reason == SELF_CHECK
    return waits or (last is not None and last.is_check)


def _caps(view: RunView, is_check: bool) -> list[Budget]:
    own = [view.budget(scope) for scope in (("thread", "run") if is_check else ("run",))]
    return [budget for budget in (*own, *view.shared) if budget]


def _own(view: RunView, budget: Budget) -> CapLine:
    """A cap of the run or of its thread, of which every entry is known."""
    is_thread = budget.scope == "thread"
    entries = [one for one in view.costs if not is_thread or one.thread == budget.subject]
    working = [one for one in _working(view) if not is_thread or one.is_check]
    return _line(
        budget,
        in_flight=sum(map(in_flight, working)),
        held=max(0, budget.reserved_micros - _reserved(working)),
        measured=_sum(entries, _MEASURED),
        estimated=_sum(entries, _GUESSED),
        unpriced=sum(one.basis == "unpriced" for one in entries),
    )


def _shared(view: RunView, budget: Budget) -> CapLine:
    """A cap that other runs count against too: of them only the sums are known."""
    mine = [one for one in _working(view) if budget.scope != "day" or budget.subject.endswith(one.created_at[:10])]
    others = max(0, budget.reserved_micros - _reserved(mine))
    return _line(budget, in_flight=others + sum(map(in_flight, mine)))


def _line(
    budget: Budget,
    in_flight: int,
    held: int = 0,
    measured: int | None = None,
    estimated: int | None = None,
    unpriced: int | None = None,
) -> CapLine:
    used = budget.spent_micros + in_flight + held
    return CapLine(
        scope=budget.scope,
        subject=budget.subject,
        cap=budget.limit_micros,
        spent=budget.spent_micros,
        measured=measured,
        estimated=estimated,
        unpriced=unpriced,
        in_flight=in_flight,
        held=held,
        left=max(0, budget.limit_micros - used),
        over=max(budget.overshoot_micros, budget.spent_micros - budget.limit_micros),
        state=budget.state,
    )


def _working(view: RunView) -> list[Attempt]:
    return [one for one in view.attempts if not is_over(one)]


def _reserved(attempts: Iterable[Attempt]) -> int:
    return sum(one.reserved_micros for one in attempts)


def _sum(entries: Iterable[CostEntry], bases: tuple[str, ...]) -> int:
    return sum(one.micros for one in entries if one.basis in bases)
