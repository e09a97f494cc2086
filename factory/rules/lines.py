"""The lines that status and review card share: evidence, claims, cost."""

from collections.abc import Sequence

from factory.model.evidence import Claim
from factory.model.states import is_over
from factory.model.status import ClaimLine, CostStatus, EvidenceLine
from factory.model.step import Attempt
from factory.model.view import RunView
from factory.rules.position import last_change_at
from factory.rules.scoring import score

_WEAKEST_FIRST = ("unpriced", "estimated", "declared", "computed", "reported")


def evidence_lines(view: RunView, evidence_root: str, now: str) -> tuple[EvidenceLine, ...]:
    """Every item with its score and its absolute path, oldest first."""
    commit, changed = view.run.result_commit, last_change_at(view)
    return tuple(
        EvidenceLine(
            id=item.id,
            kind=item.kind,
            path=f"{evidence_root}/{item.path}",
            sha256=item.sha256,
            polarity=item.polarity,
            score=score(item, commit, changed, now)[0],
            claims=item.claims,
        )
        for item in view.evidence
    )


def claim_lines(claims: Sequence[Claim]) -> tuple[ClaimLine, ...]:
    """Claims as lines, in the order given."""
    return tuple(ClaimLine(one.id, one.text, one.required, one.status, one.score) for one in claims)


def in_flight(attempt: Attempt) -> int:
    """What an attempt that is not settled has cost so far: as its meter counts, else what is reserved for it."""
    if is_over(attempt):
        return 0
    gauge = attempt.gauge
    return min(attempt.reserved_micros, gauge.spent + gauge.in_flight) if gauge else attempt.reserved_micros


def cost_status(view: RunView) -> CostStatus:
    """Money spent, money in flight of attempts that still run, the run's cap, and the weakest basis of all entries."""
    bases = {entry.basis for entry in view.costs}
    budget = view.budget("run")
    return CostStatus(
        micros=sum(entry.micros for entry in view.costs),
        in_flight=sum(map(in_flight, view.attempts)),
        cap=budget.limit_micros if budget else 0,
        basis=next((basis for basis in _WEAKEST_FIRST if basis in bases), "none"),
    )
