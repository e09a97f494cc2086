"""Caps and the card of a cost review as text: what is asked first, the digest last."""

from collections.abc import Sequence

from cockpit.cli.columns import columns
from factory.model.cost_card import CapLine, CostCard
from factory.rules.money import usd
from factory.rules.visible import one_line


def cost_text(card: CostCard) -> str:
    """The card, from the goal to the command that approves exactly this cap."""
    asked = f"a verifier cap of {usd(card.asked)} instead of {usd(card.cap)}"
    return "\n".join(
        [
            f"{card.run}  {one_line(card.goal)}",
            f"asked      {asked}, by {one_line(card.asked_by)} at {card.asked_at}",
            f"reason     {one_line(card.reason)}",
            *(f"{'' if number else 'buys':<11}{sentence}" for number, sentence in enumerate(card.buys)),
            "caps",
            caps_text(card.caps),
            *(["note       you asked for this: approving it is marked as self-approved"] if card.self_approved else []),
            f"digest     {card.digest}",
            f"approve    cockpit approve {card.run} --digest {card.digest}",
            f"reject     cockpit reject {card.run} --digest {card.digest} --reason WHY",
        ]
    )


def caps_text(caps: Sequence[CapLine]) -> str:
    """One line a cap, under the names of the columns."""
    heads = ("  scope", "cap", "spent", "measured", "≈", "?", "in flight", "left", "over")
    return columns([heads, *map(_cap, caps)])


def _cap(line: CapLine) -> tuple[str, ...]:
    known = tuple("-" if part is None else usd(part) for part in (line.measured, line.estimated))
    unpriced = "-" if line.unpriced is None else str(line.unpriced)
    flight = usd(line.in_flight) + (f" +{usd(line.held)} held" if line.held else "")
    amounts = (usd(line.cap), usd(line.spent), *known, unpriced, flight, usd(line.left), usd(line.over))
    return (f"  {line.scope}", *amounts)
