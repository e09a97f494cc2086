"""The card of a cost review: the cap that is asked for, by whom and why, all caps as they stand, what it buys."""

from collections.abc import Iterator

from factory.model.cost_card import CostCard
from factory.model.gate import Gate
from factory.model.view import RunView
from widgets.amounts import cap, money, time_of_day
from widgets.caps import cap_table
from widgets.lines import Line, shorten, spread, wrap
from widgets.plain import visible
from widgets.review import ELSEWHERE, CardText

REQUEST = "the request"
"""All of the card: it must have been on screen."""
_LONGEST = 1_000


def head_lines(card: CostCard, width: int) -> tuple[Line, ...]:
    """What is asked, what is spent of it, the digest with the code at its front, and whose wish it is."""
    asked: Line = (("ASKS ", "warn"), (f"{cap(card.asked)} for the verifier", "strong"), (", now ", "dim"),
                   (cap(card.cap), ""), (f"  +{money(card.asked - card.cap)}", "warn"))  # fmt: skip
    flight = f" +{money(card.in_flight)} in flight" if card.in_flight else ""
    who = shorten(visible(card.asked_by, 60), 30)
    own = "You asked for this: approving marks it self-approved."
    whose: Line = ((own, "warn"),) if card.self_approved else (("Somebody else asked for this.", "dim"),)
    return (
        spread(asked, ((f"{who} at {time_of_day(card.asked_at)}", "dim"),), width),
        (("spent ", "dim"), (f"{money(card.spent)} of {cap(card.cap)}", ""), (flight, "dim")),
        (("digest ", "dim"), (card.digest[:4], "warn"), (card.digest[4:], "dim")),
        whose,
    )


def body_text(card: CostCard, width: int) -> CardText:
    """The whole reason, what the money lets happen, and every cap that counts."""
    lines: list[Line] = [(("Reason", "strong"),), *_wrapped("", card.reason, width)]
    lines.extend(((), (("What it buys", "strong"),)))
    for sentence in card.buys:
        lines.extend(_wrapped("• ", sentence, width))
    lines.extend(((), (("Caps", "strong"),), *cap_table(card.caps, width)))
    return CardText(tuple(lines), {REQUEST: range(len(lines))})


def decided_words(view: RunView, gate: Gate) -> str:
    """What became of a request that cannot be decided any more."""
    made = next((one for one in view.approvals if one.gate == gate.id), None)
    now = f"the goal is {view.run.state.replace('_', ' ')} now. esc leaves."
    if made is None:
        return f"{ELSEWHERE}: nobody asks for this cap any more, {now}"
    did = "approved" if made.decision == "approve" else "rejected"
    return f"{visible(made.actor, 60)} {did} this cap at {time_of_day(made.created_at)}: {now}"


def _wrapped(mark: str, text: str, width: int) -> Iterator[Line]:
    for number, part in enumerate(wrap(visible(text, _LONGEST), width - len(mark), 40)):
        yield ((mark if number == 0 else " " * len(mark), "dim"), (part, ""))
