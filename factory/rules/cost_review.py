"""The card of a cost review: what has to be seen before another cap of a thread is decided."""

from factory.model.cost_card import CapLine, CostCard
from factory.model.gate import CostRequest, Gate
from factory.model.view import RunView
from factory.rules.gate import is_self_approval
from factory.rules.money import usd
from factory.rules.spending import cap_lines


def cost_card(view: RunView, gate: Gate, actor: str) -> CostCard:
    """The card of an open cost review.

    Args:
        gate: It has a request.
        actor: Who would decide.
    """
    request = gate.request
    assert request is not None, "every cost review has a request"
    caps = cap_lines(view)
    thread = next((cap for cap in caps if cap.scope == "thread"), None)
    return CostCard(
        run=view.run.id,
        goal=view.run.goal,
        gate=gate.kind,
        digest=gate.package_digest,
        thread=request.thread,
        asked=request.micros,
        cap=thread.cap if thread else request.before_micros,
        reason=request.reason,
        asked_by=request.asked_by,
        asked_at=gate.created_at,
        spent=thread.spent if thread else 0,
        in_flight=thread.in_flight if thread else 0,
        caps=caps,
        buys=_buys(view, request, caps, thread.spent if thread else 0),
        self_approved=is_self_approval(view.run, actor, request.asked_by),
    )


def _buys(view: RunView, request: CostRequest, caps: tuple[CapLine, ...], spent: int) -> tuple[str, ...]:
    """What more money lets happen, and what still stands in its way."""
    found = [_rounds(view, request, max(0, request.micros - spent))]
    if view.run.state == "paused":
        found.append("The paused run goes on, in the same session where its agent can.")
    wanted = request.micros - spent
    for cap in caps:
        if cap.scope != "thread" and cap.left < wanted:
            found.append(f"The {cap.scope} cap leaves {usd(cap.left)}, so no more than that can be spent of it.")
    return tuple(found)


def _rounds(view: RunView, request: CostRequest, left: int) -> str:
    """How far the money goes, by what the verifier's attempts have cost so far."""
    costs = [entry.micros for entry in view.costs if entry.thread == request.thread and entry.micros]
    mean = sum(costs) // len(costs) if costs else 0
    thread = view.thread
    rounds = max(0, thread.max_rounds - thread.round)
    more = f"{usd(left)} for the verifier; {rounds} of {thread.max_rounds} rounds are left"
    if not mean:
        return f"{more}, and nothing is known of what one costs."
    return f"{more}, one attempt cost {usd(mean)} so far: it is enough for {left // mean}."
