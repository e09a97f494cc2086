"""The conversation of coder and verifier about the newest build, round by round."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from factory.model.view import NO_MODELS
from widgets.amounts import time_of_day
from widgets.findings import Told, counted, resolved, told
from widgets.frame import NAMES
from widgets.lines import Line, Tone, fit, shorten, spread, wrap
from widgets.marks import TONES, thread_mark
from widgets.names import short_agent, short_hashes
from widgets.pane import Pane
from widgets.plain import visible, visible_lines

if TYPE_CHECKING:
    from factory.model.thread import Finding, Message, Thread, Verdict
    from factory.model.view import RunView

_INDENT = 17
_LONG = 20_000
"""Characters of a message that is shown as it is."""
VERDICTS: dict[str, tuple[str, Tone]] = {
    "pass": ("PASS", "good"), "changes_requested": ("CHALLENGE", "bad"), "inconclusive": ("UNCLEAR", "warn"),
}  # fmt: skip
KINDS = {"request": "CLAIMS", "verdict": "VERDICT", "brief": "BRIEF", "note": "NOTE", "system": "SYSTEM"}


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
            lines.append(_round(round_no, thread, findings, width))
        number, verdict = next(verdicts, (0, None)) if message.kind == "verdict" else (0, None)
        lines.extend(_message(message, verdict, width))
        if verdict is not None:
            lines.extend(_findings(findings[number], resolved(findings, number), width))
    if not said:
        lines.append((("nothing has been sent; v sends the result to the verifier", "dim"),))
    return tuple(lines)


def thread_end(lines: Sequence[Line], width: int, height: int) -> tuple[Line, ...]:
    """The first line, and of the others the last ones that fit: what was said last counts."""
    earlier = len(lines) - height + 1
    if earlier <= 1 or height < 4:
        return tuple(lines)
    words = f"{earlier} lines before (t) "
    cut: Line = (("── ", "rule"), (words, "dim"), ("─" * max(0, width - len(words) - 3), "rule"))
    return (lines[0], cut, *lines[len(lines) - height + 2 :])


def thread_title(view: RunView) -> str:
    """State and bounds of the thread, and how many findings were new in each round, for the border."""
    if not view.threads:
        return ""
    thread = view.thread
    state = (thread.end_state or thread.state).replace("_", " ")
    new = [str(sum(not one.is_repeated for one in each)) for each in told(thread.verdicts)]
    found = f" · new findings {' → '.join(new)}" if new else ""
    return f"{state} · round {thread.round} of {thread.max_rounds}{found}"


def _round(number: int, thread: Thread, findings: Sequence[Sequence[Told]], width: int) -> Line:
    verdict = thread.verdicts[number - 1] if number <= len(thread.verdicts) else None
    on = f" on {visible(verdict.subject, 60)[:7]}" if verdict and verdict.subject else ""
    found = f" · {counted(findings[number - 1])}" if number <= len(findings) else ""
    head = f"round {number} of {thread.max_rounds}{on}{found} "
    return (("── ", "rule"), (head, "dim"), ("─" * max(0, width - len(head) - 3), "rule"))


def _parties(view: RunView, thread: Thread, width: int) -> Iterator[Line]:
    run = view.run
    mark = thread_mark(thread.end_state or thread.state)
    proof: Line = ((_apart(view), "good" if _apart(view).startswith("✓") else "bad"),)
    companies = [visible(run.coder.company, 16), visible(run.verifier.company, 16)]
    room = max(8, (width - 2 - 3 - 2 - sum(map(len, companies)) - len(proof[0][0]) - 2) // 2)
    names = [short_agent(name, room) for name in (thread.coder, thread.verifier)]
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
    if models[0] not in NO_MODELS and models[0] == models[1]:
        return f"✕ same model {visible(models[0], 24)}"
    return "✓ two companies"


def _message(message: Message, verdict: Verdict | None, width: int) -> Iterator[Line]:
    named: tuple[str, Tone] = (KINDS.get(message.kind, message.kind), "dim")
    word, tone = VERDICTS.get(verdict.word, named) if verdict else named
    body = [part for line in _body(message, verdict) for part in wrap(line, width - _INDENT)]
    told_by: list[tuple[str, Tone]] = [(part, "") for part in body]
    for reason in verdict.reasons if verdict else ():
        told_by += [(part, "dim") for part in wrap(f"factory: {visible(reason, 200)}", width - _INDENT, 3)]
    if message.kind == "note" and message.status == "delivered":
        told_by.append(("delivered: the agent has it", "good"))
    told_by = told_by or [("nothing to add", "dim")]
    head: Line = ((f"{time_of_day(message.created_at, False)} ", "dim"), (f"{fit(word, 10)} ", tone))
    yield (*head, told_by[0])
    for part, tone in told_by[1:]:
        yield ((" " * _INDENT, ""), (part, tone))
    if verdict is not None and verdict.said and verdict.said != verdict.word:
        yield from _indented(f"the verifier said {visible(verdict.said, 40)}; what counts is the result", "warn", width)


def _body(message: Message, verdict: Verdict | None) -> Iterator[str]:
    """What was said, without what stands beside it anyway: the verdict, the factory's reasons, the findings."""
    if len(message.body) > _LONG:
        return iter(visible_lines(message.body, 40))
    known = {verdict.word, *verdict.reasons} if verdict else set()
    known |= {f"{one.severity}: {one.text}" for one in verdict.findings} if verdict else set()
    lines = message.body.splitlines()
    kept = "\n".join(line for line in lines if line.strip() not in known)
    return iter(visible_lines(short_hashes(kept), 40) if kept.strip() or not verdict else ())


def _findings(now: Sequence[Told], gone: Sequence[str], width: int) -> Iterator[Line]:
    for one in now:
        fresh: tuple[str, Tone] = ("again", "bad") if one.is_repeated else ("new", "accent")
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

    TITLE, NUMBER = NAMES["thread"]

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._view: RunView | None = None
        self._wanted = 0

    @property
    def wanted_lines(self) -> int:
        """Lines of the whole conversation, shown or not."""
        return self._wanted

    def show_run(self, view: RunView | None) -> None:
        """Draw the thread of another run, or of the same one as it is now."""
        self._view = view
        self.set_title(self.TITLE, thread_title(view) if view else "")
        self.show(self._newest, view)

    def _newest(self, width: int) -> tuple[Line, ...]:
        lines = thread_lines(self._view, width) if self._view else ()
        self._wanted = len(lines)
        return thread_end(lines, width, self.scrollable_content_region.height)
