"""The status of runs as text for a terminal: the eight fields of one, or a line for each of many."""

from collections.abc import Sequence

from factory.model.status import Status
from factory.model.trial import WITHHELD
from factory.rules.money import format_usd, usd
from factory.rules.visible import one_line

LABEL = 11
GOAL = 48
PATHS = 5


def status_text(status: Status) -> str:
    """The eight fields, one a line, aligned, with the run and its state above and the claims below."""
    fields = [
        ("goal", one_line(status.goal)),
        ("step", _step(status)),
        ("agent", _who(status.agent.company, status.agent.name)),
        ("verifier", _verifier(status)),
        ("evidence", _evidence(status)),
        ("cost", _cost(status)),
        *([("asked you", _asked(status))] if status.interruptions.asked else []),
        ("blockers", "\n".join(f"{b.severity} {b.code}: {b.message}" for b in status.blockers) or "none"),
        ("next", _next(status)),
    ]
    return "\n".join(
        [f"{status.run}  {status.state}", *(_field(name, text) for name, text in fields), *_claims(status)]
    )


def statuses_text(statuses: Sequence[Status]) -> str:
    """One line a run: id, state, step, cost, goal."""
    if not statuses:
        return "No runs. Start one: cockpit start 'GOAL' --repo DIR --accept 'A1: text :: command'"
    return "\n".join(
        f"{s.run}  {s.state:<11}  {s.step.kind:<9}  {format_usd(s.cost.micros, s.cost.basis):>8}  {_short(s.goal)}"
        for s in statuses
    )


def _field(name: str, text: str) -> str:
    first, *more = text.split("\n")
    return "\n".join([f"{name:<{LABEL}}{first}", *(" " * LABEL + line for line in more)])


def _step(status: Status) -> str:
    attempt = f", attempt {status.step.attempt}" if status.step.attempt else ""
    return f"{status.step.kind}: {status.step.state}{attempt}" if status.step.kind else "none"


def _who(company: str, name: str) -> str:
    return f"{company or '?'}  {one_line(name) or '?'}"


def _verifier(status: Status) -> str:
    verifier = status.verifier
    need = "" if verifier.required or verifier.state == WITHHELD else ", not required"
    verdict = f", verdict {verifier.verdict}" if verifier.verdict else ""
    told = f"{verifier.sent} sent, {usd(verifier.spent)} of {usd(verifier.cap)}"
    who = _who(verifier.company, verifier.name)
    why = f"\npremium: {one_line(verifier.premium)}" if verifier.premium else ""
    return f"{who}{why}\n{verifier.state}, round {verifier.round}{verdict}{need} ({told})"


def _evidence(status: Status) -> str:
    newest = [f"{item.polarity:<8} {item.path}" for item in status.evidence[-PATHS:]]
    left_out = len(status.evidence) - len(newest)
    more = [f"… and {left_out} more: cockpit evidence list {status.run}"] if left_out else []
    return "\n".join(newest + more) or "none"


def _cost(status: Status) -> str:
    cost = status.cost
    basis = f" ({cost.basis})" if cost.basis != "none" else ""
    in_flight = f", {usd(cost.in_flight)} in flight" if cost.in_flight else ""
    over = "".join(f", {usd(cap.over)} over the {cap.scope} cap" for cap in status.caps if cap.over)
    return f"{format_usd(cost.micros, cost.basis)} of {usd(cost.cap)}{in_flight}{over}{basis}"


def _asked(status: Status) -> str:
    """How often agents interrupted a person."""
    asked = status.interruptions
    counts = {"waiting": asked.waiting, "allowed": asked.allowed, "refused": asked.denied, "void": asked.void}
    return f"{asked.asked} times: {', '.join(f'{number} {word}' for word, number in counts.items() if number)}"


def _next(status: Status) -> str:
    action = status.next_action
    key = f"  [{action.key}]" if action.key else ""
    return f"{action.label}{key}" + (f"\n{action.command}" if action.command else "")


def _claims(status: Status) -> list[str]:
    return [
        _field("claim" if place == 0 else "", f"{claim.id}  {claim.status} ({claim.score})  {one_line(claim.text)}")
        for place, claim in enumerate(status.claims)
    ]


def _short(goal: str) -> str:
    text = one_line(goal)
    return text if len(text) <= GOAL else f"{text[: GOAL - 1]}…"
