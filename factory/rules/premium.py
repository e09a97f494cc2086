"""A premium verifier is used for a stated reason only, and the reason stays with the run."""

from factory.errors import Refused
from factory.model.run import Run

PREMIUM = "premium"
LABEL = "premium: "
LONGEST_REASON = 500


def refusal(verifier: str, tier: str, reason: str) -> Refused | None:
    """The refusal of a premium verifier without a reason (`review_required`)."""
    if tier != PREMIUM or reason.strip():
        return None
    return Refused(
        f"{verifier} is a premium verifier, and no reason is given for one.",
        "Say why: --premium REASON, or choose a standard or local one with --verifier.",
        code="review_required",
    )


def label(tier: str, reason: str) -> tuple[str, ...]:
    """What the run keeps of the reason; nothing for other verifiers."""
    return (f"{LABEL}{reason.strip()[:LONGEST_REASON]}",) if tier == PREMIUM else ()


def reason_of(run: Run) -> str:
    """Why this run has a premium verifier; empty when it has none."""
    return next((each.removeprefix(LABEL) for each in run.labels if each.startswith(LABEL)), "")
