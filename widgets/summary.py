"""The eight fields of the selected goal, in ten lines."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePath
from typing import TYPE_CHECKING

from factory.model.trial import WITHHELD
from widgets.amounts import BASES, age_at, cap, local_times, money
from widgets.evidence import telling_first
from widgets.frame import NAMES
from widgets.gauge import context_span
from widgets.goal_line import tag
from widgets.lines import Line, Span, Tone, bar, fit, fit_path, joined, shorten, spread, width_of
from widgets.marks import (
    FAILED,
    NEEDS_YOU,
    PROVEN,
    TONES,
    UNKNOWN,
    Mark,
    claim_mark,
    polarity_mark,
    step_mark,
    thread_mark,
)
from widgets.names import agent_name, evidence_name, short_agent
from widgets.pane import Pane
from widgets.plain import visible

if TYPE_CHECKING:
    from factory.model.status import EvidenceLine, Status
    from factory.model.step import Attempt
    from factory.model.view import RunRow, RunView

LABEL = 10
_ROOMY = 56
"""From so many cells on a field says more than it must."""
FIELDS = ("goal", "step", "agent", "verifier", "proof", "evidence", "cost", "blockers", "NEXT")
_NONE: Line = (("–", "dim"),)
_VERDICTS: dict[str, Mark] = {"pass": PROVEN, "changes_requested": FAILED, "inconclusive": UNKNOWN}


def summary_lines(
    status: Status | None, view: RunView | None, row: RunRow | None, width: int, old: str = ""
) -> tuple[Line, ...]:
    """Goal, step, agent, verifier, proof, evidence (two lines), cost, blockers and next action.

    Args:
        old: Since when nobody has seen the evidence (`evidence STALE 14s`); what rests on it is dim then.
    """
    room = width - LABEL
    if status is None or view is None:
        goal: Line = ((shorten(visible(row.goal), room), ""),) if row else _NONE
        rest: Line = (("reading…" if row else "–", "dim"),)
        return tuple(_field(name, goal if name == "goal" else rest) for name in FIELDS)
    evidence = _evidence(status, room)
    if old:
        evidence = (_dimmed(evidence[0]), _dimmed(evidence[1]))
    return (
        _field("goal", ((shorten(visible(status.goal), room), "strong"),)),
        _field("step", _step(status, room)),
        _field("agent", _agent(status, view, room)),
        _field("verifier", _verifier(status, room)),
        _field("proof", _proof(status, room, old)),
        _field("evidence", evidence[0]),
        _field("", evidence[1]),
        _field("cost", _cost(status, room)),
        _field("blockers", _blockers(status, room)),
        _next(status, room),
    )


def _field(name: str, value: Line) -> Line:
    return ((fit(name, LABEL), "dim"), *value)


def _step(status: Status, room: int) -> Line:
    def one(kind: str, state: str, attempt: int) -> Line:
        here = kind == status.step.kind
        mark = NEEDS_YOU if here and status.next_action.code == "verify" else step_mark(kind, state)
        word = f" {kind}" + (f" {attempt}" if attempt > 1 else "")
        if here and state not in {"passed", "running", "pending"}:
            word += f" {state.replace('_', ' ')}"
        return ((mark, TONES[mark]), (word, "strong" if here else "" if state == "passed" else "dim"))

    newest = {line.kind: line for line in status.steps}  # a step that was opened again replaces the older one
    steps = [one(line.kind, line.state, line.attempt) for line in newest.values()]
    wide = joined(steps)
    return wide if width_of(wide) <= room else joined(steps, (" ", ""))


def _agent(status: Status, view: RunView, room: int) -> Line:
    company = f"{visible(status.agent.company, 24)} "
    attempt = next((one for one in reversed(view.attempts) if one.agent == status.agent.name), None)
    if attempt is None:
        return ((company, ""), (agent_name(status.agent.name), "strong")) if status.agent.name else _NONE
    if attempt.ended_at:
        reason = attempt.state if attempt.end_reason in ("", "exit") else attempt.end_reason
        how = f"{visible(reason.replace('_', ' '), 40)} {age_at(attempt.ended_at, view.as_of)} ago"
    else:
        how = ", ".join(_signs(attempt, view.as_of, room >= _ROOMY))
    tail = f"  try {attempt.n}{', ' if how else ''}{how}"
    agent = short_agent(status.agent.name, max(12, room - len(company) - len(tail)))
    return ((company, ""), (agent, "strong"), (tail, "dim"))


def _signs(attempt: Attempt, now: str, is_roomy: bool) -> Iterator[str]:
    """What is known of an agent at work; nothing before it has begun."""
    if moved := attempt.last_progress or attempt.started_at:
        yield f"progress {age_at(moved, now)} ago"
    context = context_span(attempt.gauge) if attempt.gauge and is_roomy else ()
    if context:
        yield context[0][0]
    elif is_roomy and attempt.last_heartbeat:
        yield f"heartbeat {age_at(attempt.last_heartbeat, now)}"


def _verifier(status: Status, room: int) -> Line:
    peer = status.verifier
    # A closed thread is marked by how it ended; one that is at work says what came of the round before.
    mark = _VERDICTS.get(peer.verdict, thread_mark(peer.state)) if peer.state == "closed" else thread_mark(peer.state)
    at_work = {"requested": "asked", "awaiting": "checking"}.get(peer.state, "")
    before = f", before: {peer.verdict}" if at_work and peer.verdict else ""
    word = (f"{at_work}{before}" if at_work else peer.verdict or peer.state).replace("_", " ")
    left: Line = ((f"{mark} ", TONES[mark]), (word, TONES[mark]), (f"  {visible(peer.company, 24)} ", ""))
    sent = f"{peer.sent} sent · " if room >= _ROOMY else ""
    facts = f"r{peer.round} · {sent}{money(peer.spent)}/{cap(peer.cap)}"
    if peer.state == WITHHELD or not peer.required:
        facts = f"{WITHHELD if peer.state == WITHHELD else 'not required'} · {facts}"
    agent = short_agent(peer.name, max(8, room - width_of(left) - len(facts) - 1))
    return spread((*left, (agent, "strong")), ((facts, "dim"),), room)


def _proof(status: Status, room: int, old: str) -> Line:
    by_state: dict[str, list[str]] = {}
    for claim in status.claims:
        by_state.setdefault(claim.status, []).append(visible(claim.id, 16))
    gate = status.gate
    word = (
        f"score {gate.score} {'sufficient' if gate.sufficient else 'not sufficient'}" if gate.digest else "no package"
    )
    standing = joined(_standing(state, ids) for state, ids in by_state.items()) or _NONE
    if old:
        return spread(_dimmed(standing), ((old, "warn"),), room)
    return spread(standing, ((word, "dim"),), room)


def _dimmed(line: Line) -> Line:
    return tuple((text, "dim") for text, _ in line)


def _standing(state: str, ids: list[str]) -> Line:
    mark = claim_mark(state)
    return ((f"{mark} ", TONES[mark]), (" ".join(ids), ""), (f" {state}", TONES[mark]))


def _evidence(status: Status, room: int) -> tuple[Line, Line]:
    items = status.evidence
    if not items:
        return (("nothing captured yet", "dim"),), ()
    count = f"{len(items)} file{'' if len(items) == 1 else 's'} in "
    folder = visible(str(PurePath(items[-1].path).parent), 300)
    return ((count, ""), (fit_path(folder, room - len(count)), "dim")), _names(items, room)


def _names(items: tuple[EvidenceLine, ...], room: int) -> Line:
    kept: list[Span] = []
    for item in telling_first(items):
        mark = polarity_mark(item.polarity)
        name = evidence_name(item.path)
        score = "" if item.polarity == "neutral" else f" {item.score}"
        spans: Line = ((f"{mark} ", TONES[mark]), (name, ""), (f"{score}  ", "dim"))
        if width_of((*kept, *spans)) > room and kept:
            break
        kept.extend(spans)
    return tuple(kept)


def _cost(status: Status, room: int) -> Line:
    cost = status.cost
    left: Line = ((money(cost.micros, cost.basis), "strong"), (f" of {cap(cost.cap)}", ""))
    flight = f" +{money(cost.in_flight)} in flight" if cost.in_flight else ""
    used = cost.micros + cost.in_flight
    share = f" {100 * used // cost.cap}%" if cost.cap else ""
    basis = {"none": "nothing spent yet"}.get(cost.basis, BASES.get(cost.basis, cost.basis))
    whole: Line = (*left, (flight, "dim"), ("  ", ""), *bar(used, cost.cap, 12), (share, ""))
    known = f"  {basis}"
    return (*whole, (known, "dim")) if width_of(whole) + len(known) <= room else whole


def _blockers(status: Status, room: int) -> Line:
    if not status.blockers:
        return (("none", "dim"),)
    worst = min(status.blockers, key=lambda one: ("block", "warn", "info").index(one.severity))
    more = f"  +{len(status.blockers) - 1} more (b)" if len(status.blockers) > 1 else ""
    text = visible(worst.message, 200) or visible(worst.code.replace("_", " "), 30)
    tone: Tone = "bad" if worst.severity == "block" else "warn" if worst.severity == "warn" else "dim"
    return (("! ", tone), (shorten(text, room - 2 - len(more)), ""), (more, "dim"))


def _next(status: Status, room: int) -> Line:
    action = status.next_action
    label: Line = ((fit("NEXT", LABEL), "accent"),)
    if action.key:
        label = (*label, (action.key, "warn"), ("  ", ""))
    words: Line = ((local_times(visible(action.label, 200), status.as_of), "strong"),)
    if action.command and not action.key and room <= 90:
        words = (*words, ("  enter shows how", "dim"))
    command: Line = ((visible(action.command, 80), "dim"),) if action.command and room > 90 else ()
    return (*label, *spread(words, command, room - width_of(label) + LABEL))


def title_of(row: RunRow, view: RunView | None = None) -> str:
    """What stands on the border: the goal's short name, its state, priority and domain, and its route."""
    state = {"awaiting_qa": "awaiting QA"}.get(row.state, row.state)
    route = ""
    if view is not None and view.run.coder.company:
        route = f" · {visible(view.run.coder.company, 20)} ↔ {visible(view.run.verifier.company, 20) or 'nobody'}"
    return f"{tag(row.id)} · {state} · {row.priority} {visible(row.domain, 12)}{route}"


class Summary(Pane):
    """Draws the eight fields."""

    TITLE, NUMBER = NAMES["summary"]

    _goal: tuple[Status | None, RunView | None, RunRow | None] = (None, None, None)
    _old = ""

    def show_run(self, status: Status | None, view: RunView | None, row: RunRow | None) -> None:
        """Draw another goal, or the same one as it is now."""
        self._goal = (status, view, row)
        self.set_title(title_of(row, view) if row else self.TITLE)
        self._show()

    def show_old(self, since: str) -> None:
        """Dim what rests on the evidence and say since when nobody has seen it; empty when it is there."""
        if since != self._old:
            self._old = since
            self._show()

    def _show(self) -> None:
        goal, old = self._goal, self._old
        # The last one, NEXT, has a line of its own below the panes.
        self.show(lambda width: summary_lines(*goal, width, old)[:-1], *goal, old)
