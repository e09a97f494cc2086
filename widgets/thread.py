"""The conversation of coder and verifier about the newest build."""

from collections.abc import Iterator

from factory.model.thread import Message, Thread, Verdict
from factory.model.view import RunView
from widgets.amounts import time_of_day
from widgets.lines import Line, Tone, joined, spread, wrap
from widgets.marks import TONES, thread_mark
from widgets.names import agent_name
from widgets.pane import Pane
from widgets.plain import visible, visible_lines

_INDENT = 17
_WORDS: dict[str, tuple[str, Tone]] = {
    "pass": ("PASS", "good"), "changes_requested": ("CHANGES", "bad"), "inconclusive": ("UNCLEAR", "warn"),
}  # fmt: skip


def thread_lines(view: RunView, width: int) -> tuple[Line, ...]:
    """Who talks with whom, then each message with its verdict; bodies are wrapped and shown as they are."""
    if not view.threads:
        return ((("no thread yet", "dim"),),)
    thread = view.thread
    lines = [*_parties(view, thread, width)]
    verdicts = iter(thread.verdicts)
    for message in view.messages:
        if message.thread == thread.id:
            verdict = next(verdicts, None) if message.kind == "verdict" else None
            lines.extend(_message(message, verdict, width))
    if not view.messages:
        lines.append((("nothing has been sent; v sends the result to the verifier", "dim"),))
    return tuple(lines)


def thread_title(view: RunView) -> str:
    """State and bounds of the thread, for the border."""
    if not view.threads:
        return ""
    thread = view.thread
    return f"{(thread.end_state or thread.state).replace('_', ' ')} · round {thread.round} of {thread.max_rounds}"


def _parties(view: RunView, thread: Thread, width: int) -> Iterator[Line]:
    run = view.run
    mark = thread_mark(thread.end_state or thread.state)
    apart = run.route.builder != run.route.verifier
    who: Line = (
        (f"{visible(run.coder.company, 20)} ", "dim"), (agent_name(thread.coder), ""), (" ↔ ", "accent"),
        (f"{visible(run.verifier.company, 20)} ", "dim"), (agent_name(thread.verifier), ""),
    )  # fmt: skip
    proof: Line = (("✓ two companies", "good"),) if apart else (("✕ same company", "bad"),)
    yield spread(((f"{mark} ", TONES[mark]), *who), proof, width)


def _message(message: Message, verdict: Verdict | None, width: int) -> Iterator[Line]:
    head: list[tuple[str, Tone]] = [(f"{time_of_day(message.created_at, False)} ", "dim")]
    word, tone = _WORDS.get(verdict.word, (message.kind, "dim")) if verdict else (message.kind, "dim")
    head.append((f"{word:<10} ", tone))
    body = [part for line in visible_lines(message.body, 40) for part in wrap(line, width - _INDENT)]
    yield joined((tuple(head), ((body[0] if body else "", ""),)), ("", ""))
    for part in body[1:]:
        yield ((" " * _INDENT, ""), (part, ""))
    for reason in verdict.reasons if verdict else ():
        yield ((" " * _INDENT, ""), (f"factory: {visible(reason, 200)}", "dim"))
    for finding in verdict.findings if verdict else ():
        seen = ("confirmed", "bad") if finding.confirmed else ("claimed", "dim")
        command = f" by {visible(' '.join(finding.command), 80)}" if finding.command else ""
        yield (
            (" " * _INDENT, ""),
            (f"{finding.severity} ", "warn"),
            (seen[0] + command, "bad" if finding.confirmed else "dim"),
        )


class ThreadPane(Pane):
    """Draws the conversation."""

    TITLE = "Thread"

    def show_run(self, view: RunView | None) -> None:
        """Draw the thread of another run, or of the same one as it is now."""
        self.set_title(self.TITLE, thread_title(view) if view else "")
        self.show(lambda width: thread_lines(view, width) if view else ())
