"""The review card as text: what is refuted or unsupported first, the digest last."""

from factory.model.status import ReviewCard
from factory.rules.money import format_usd, usd
from factory.rules.visible import one_line


def review_text(card: ReviewCard) -> str:
    """The card, from the goal to the command that approves exactly this package."""
    return "\n".join([*_head(card), *_claims(card), *_evidence(card), *_foot(card)])


def _head(card: ReviewCard) -> list[str]:
    enough = "sufficient" if card.sufficient else "not sufficient"
    return [
        f"{card.run}  {one_line(card.goal)}",
        f"verdict    {card.verdict or 'none'}",
        f"score      {card.score} of {card.threshold} needed: {enough}",
        *(f"           {one_line(reason)}" for reason in card.reasons),
    ]


def _claims(card: ReviewCard) -> list[str]:
    return ["claims", *(f"  {c.id}  {c.status:<11} {c.score:>3}  {one_line(c.text)}" for c in card.claims)]


def _evidence(card: ReviewCard) -> list[str]:
    return ["evidence", *(f"  {e.id}  {e.polarity:<8} {e.score:>3}  {e.path}" for e in card.evidence)]


def _foot(card: ReviewCard) -> list[str]:
    diff, cost, risk = card.diffstat, card.cost, card.risk
    return [
        f"diff       {diff.get('files', 0)} files, +{diff.get('added', 0)} -{diff.get('removed', 0)}",
        f"cost       {format_usd(cost.micros, cost.basis)} of {usd(cost.cap)} ({cost.basis})",
        f"risk       {risk.get('level', '?')}",
        *(f"note       {one_line(note)}" for note in card.notes),
        *(["note       you started this run: approving it is marked as self-approved"] if card.self_approved else []),
        *([f"digest     {card.digest}", f"approve    {_approval(card)}"] if card.sufficient else []),
    ]


def _approval(card: ReviewCard) -> str:
    return f"cockpit approve {card.run} --digest {card.digest}"
