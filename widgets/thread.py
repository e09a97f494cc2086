"""The conversation of coder and verifier about the newest build, round by round."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from widgets.amounts import time_of_day
from widgets.findings import Told, resolved, told
from widgets.lines import Line, Tone, fit, shorten, spread, wrap
from widgets.marks import TONES, thread_mark
from widgets.names import agent_name
from widgets.pane import Pane
from widgets.plain import visible, visible_lines

if TYPE_CHECKING:
    from factory.model.thread import Finding, Message, Thread, Verdict
    from factory.model.view import RunView

_INDENT = 17
_VERDICTS: dict[str, tuple[str, Tone]] = {
    "pass": ("PASS", "good"), "changes_requested": ("CHALLENGE", "bad"), "inconclusive": ("UNCLEAR", "warn"),
}  # fmt: skip
_KINDS = {"request": "CLAIMS", "verdict": "VERDICT", "brief": "BRIEF", "note": "NOTE", "system": "SYSTEM"}


def thread_lines(view: RunView, width: int) -> tuple[Line, ...]:
    """Who talks with whom, then each round: what the coder claims, what the verifier finds, what is resolved."""
    if not view.threads:
        return ((("no thread yet", "dim"),),)
    thread = view.thread
    lines = [*_parties(view, thread, width)]
    said = [message for message in view.messages if message.thread == thread.id]
    verdicts = iter(enumerate(thread.verdicts))
    findings = told(thread.verdicts)
    round_no = 0
    for message in said:
        if message.kind == "request":
            round_no += 1
            lines.append(_round(round_no, thread, width))
        number, verdict = next(verdicts, (0, None)) if message.kind == "verdict" else (0, None)
        lines.extend(_message(message, verdict, width))
        if verdict is not None:
            lines.extend(_findings(findings[number], resolved(findings, number), width))
    if not said:
        lines.append((("nothing has been sent; v sends the result to the verifier", "dim"),))
    return tuple(lines)


def thread_title(view: RunView) -> str:
    """State and bounds of the thread, for the border."""
    if not view.threads:
        return ""
    thread = view.thread
    return f"{(thread.end_state or thread.state).replace('_', ' ')} · round {thread.round} of {thread.max_rounds}"


def _round(number: int, thread: Thread, width: int) -> Line:
    verdict = thread.verdicts[number - 1] if number <= len(thread.verdicts) else None
    on = f" on {visible(verdict.subject, 7)}" if verdict and verdict.subject else ""
    head = f"round {number} of {thread.max_rounds}{on} "
    return (("── ", "rule"), (head, "dim"), ("─" * max(0, width - len(head) - 3), "rule"))


def _parties(view: RunView, thread: Thread, width: int) -> Iterator[Line]:
    run = view.run
    mark = thread_mark(thread.end_state or thread.state)
    proof: Line = ((_apart(view), "good" if _apart(view).startswith("✓") else "bad"),)
    companies = [visible(run.coder.company, 16), visible(run.verifier.company, 16)]
    room = max(8, (width - 2 - 3 - 2 - sum(map(len, companies)) - len(proof[0][0]) - 2) // 2)
    names = [shorten(agent_name(name), room) for name in (thread.coder, thread.verifier)]
    who: Line = (
        (f"{companies[0]} ", "dim"), (names[0], ""), (" ↔ ", "accent"), (f"{companies[1]} ", "dim"), (names[1], ""),
    )  # fmt: skip
    yield spread(((f"{mark} ", TONES[mark]), *who), proof, width)


def _apart(view: RunView) -> str:
    """Whether the two are really two: different companies, different agents, different models."""
    run = view.run
    models = [
        next((one.model for one in reversed(view.attempts) if one.role == role and one.model), "")
        for role in ("coder", "verifier")
    ]
    if (run.coder.company or run.route.builder) == (run.verifier.company or run.route.verifier):
        return "✕ same company"
    if run.coder.name == run.verifier.name:
        return "✕ same agent"
    if models[0] and models[0] == models[1]:
        return f"✕ same model {visible(models[0], 24)}"
    return "✓ two companies"


def _message(message: Message, verdict: Verdict | None, width: int) -> Iterator[Line]:
    named: tuple[str, Tone] = (_KINDS.get(message.kind, message.kind), "dim")
    word, tone = _VERDICTS.get(verdict.word, named) if verdict else named
    body = [part for line in visible_lines(message.body, 40) for part in wrap(line, width - _INDENT)]
    head: Line = ((f"{time_of_day(message.created_at, False)} ", "dim"), (f"{fit(word, 10)} ", tone))
    yield (*head, (body[0] if body else "", ""))
    for part in body[1:]:
        yield ((" " * _INDENT, ""), (part, ""))
    for reason in verdict.reasons if verdict else ():
        yield from _indented(f"factory: {visible(reason, 200)}", "dim", width)
    if verdict is not None and verdict.said and verdict.said != verdict.word:
        yield from _indented(f"the verifier said {visible(verdict.said, 40)}; what counts is the result", "warn", width)


def _findings(now: Sequence[Told], gone: Sequence[str], width: int) -> Iterator[Line]:
    for one in now:
        fresh: tuple[str, Tone] = ("repeated", "bad") if one.is_repeated else ("new", "accent")
        proof = _worth(one.finding)
        command = f" by {visible(' '.join(one.finding.command), 80)}" if one.finding.command else ""
        head: Line = (
            (" " * _INDENT, ""), (f"{one.name} ", "strong"), (f"{one.finding.severity} ", "warn"), (fresh[0], fresh[1]),
            (" · ", "rule"), (proof[0], proof[1]),
        )  # fmt: skip
        used = sum(len(text) for text, _ in head)
        yield (*head, (shorten(command, max(0, width - used)), "dim"))
        yield from _indented(visible(one.finding.text, 200), "", width)
    if gone:
        yield ((" " * _INDENT, ""), (f"✓ {' '.join(gone)} ", "good"), ("resolved: not found again", "dim"))


def _worth(finding: Finding) -> tuple[str, Tone]:
    """What a finding counts for."""
    if finding.confirmed:
        return "confirmed", "bad"
    return (
        ("no command: not counted", "warn")
        if finding.severity == "block" and not finding.command
        else ("claimed", "dim")
    )


def _indented(text: str, tone: Tone, width: int) -> Iterator[Line]:
    for part in wrap(text, width - _INDENT, 3):
        yield ((" " * _INDENT, ""), (part, tone))


class ThreadPane(Pane):
    """Draws the conversation."""

    TITLE = "Thread"
    NUMBER = 3

    def show_run(self, view: RunView | None) -> None:
        """Draw the thread of another run, or of the same one as it is now."""
        self.set_title(self.TITLE, thread_title(view) if view else "")
        self.show(lambda width: thread_lines(view, width) if view else (), view)
