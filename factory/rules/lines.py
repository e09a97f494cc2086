"""The lines that status and review card share: evidence, claims, cost."""

from collections.abc import Sequence

from factory.model.evidence import Claim
from factory.model.states import is_over
from factory.model.status import ClaimLine, CostStatus, EvidenceLine
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


def cost_status(view: RunView) -> CostStatus:
    """Money spent, money reserved for attempts that still run, the run's cap, and the weakest basis of all entries."""
    bases = {entry.basis for entry in view.costs}
    budget = view.budget("run")
    return CostStatus(
        micros=sum(entry.micros for entry in view.costs),
        in_flight=sum(attempt.reserved_micros for attempt in view.attempts if not is_over(attempt)),
        cap=budget.limit_micros if budget else 0,
        basis=next((basis for basis in _WEAKEST_FIRST if basis in bases), "none"),
    )
