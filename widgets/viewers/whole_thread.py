"""Every word between coders and verifiers of a run, thread by thread, round by round."""

from collections.abc import Iterator

from factory.model.thread import Finding, Message, Thread, Verdict
from factory.model.view import RunView
from widgets.amounts import money, time_of_day
from widgets.lines import Line, Tone, spread, wrap
from widgets.marks import TONES, thread_mark
from widgets.names import agent_name
from widgets.plain import visible, visible_lines

MOST_LINES = 2000
"""Of one message."""
_WORDS: dict[str, tuple[str, Tone]] = {
    "pass": ("PASS", "good"), "changes_requested": ("CHANGES REQUESTED", "bad"), "inconclusive": ("UNCLEAR", "warn"),
}  # fmt: skip


def whole_thread(view: RunView, width: int) -> tuple[Line, ...]:
    """Oldest first. A verdict shows what was said beside what the factory found when it ran the commands itself."""
    if not view.threads:
        return ()
    lines: list[Line] = []
    for number, thread in enumerate(view.threads, 1):
        lines.extend([()] if lines else [])
        lines.extend(_thread(view, thread, number, width))
    return tuple(lines)


def _thread(view: RunView, thread: Thread, number: int, width: int) -> Iterator[Line]:
    mark = thread_mark(thread.end_state or thread.state)
    state = (thread.end_state or thread.state).replace("_", " ")
    many = f"thread {number} of {len(view.threads)}  " if len(view.threads) > 1 else ""
    left: Line = ((f"{mark} ", TONES[mark]), (f"{many}{state}", "strong"))
    facts = f"round {thread.round} of {thread.max_rounds} · {_spent(view, thread)} of {money(thread.cap_micros)}"
    yield spread(left, ((facts, "dim"),), width)
    run = view.run
    yield from _party("coder", run.coder.company, thread.coder, width)
    yield from _party("verifier", run.verifier.company, thread.verifier, width)
    messages = [one for one in view.messages if one.thread == thread.id]
    verdicts = iter(thread.verdicts)
    for message in messages:
        verdict = next(verdicts, None) if message.kind == "verdict" else None
        yield ()
        yield from _message(message, verdict, width)
    if not messages:
        yield ()
        yield (("nothing has been sent; v sends the result to the verifier", "dim"),)


def _spent(view: RunView, thread: Thread) -> str:
    entries = [one for one in view.costs if one.thread == thread.id]
    weak = any(one.basis == "unpriced" for one in entries)
    return money(sum(one.micros for one in entries), "unpriced" if weak else "reported")


def _party(role: str, company: str, agent: str, width: int) -> Iterator[Line]:
    for turn, part in enumerate(wrap(f"{visible(company, 40)}  {visible(agent, 400)}", width - 11)):
        yield (("  ", ""), (f"{'' if turn else role:<9}", "dim"), (part, ""))


def _message(message: Message, verdict: Verdict | None, width: int) -> Iterator[Line]:
    word, tone = _WORDS.get(verdict.word, (message.kind, "")) if verdict else (message.kind.upper(), "accent")
    parties = f"{agent_name(message.sender)} to {agent_name(message.recipient)}"
    left: Line = ((f"{time_of_day(message.created_at)} ", "dim"), (f"{word}  ", tone), (parties, ""))
    yield spread(left, ((message.status, "dim"),), width)
    yield from _text(message.body, width)
    if verdict:
        yield from _verdict(verdict, width)


def _verdict(verdict: Verdict, width: int) -> Iterator[Line]:
    said = verdict.said or "nothing valid"
    ran = f"{verdict.commands_run} command{'' if verdict.commands_run == 1 else 's'} run by the factory"
    about = f" on {visible(verdict.subject, 60)[:7]}" if verdict.subject else ""
    yield (
        ("  ", ""),
        (f"said {said.replace('_', ' ')}, counts as {verdict.word.replace('_', ' ')}; {ran}{about}", "dim"),
    )
    for reason in verdict.reasons:
        yield from _text(f"factory: {reason}", width, tone="dim")
    for finding in verdict.findings:
        yield from _finding(finding, width)


def _finding(finding: Finding, width: int) -> Iterator[Line]:
    seen: tuple[str, Tone] = ("confirmed", "bad") if finding.confirmed else ("claimed, not confirmed", "warn")
    yield (("  ", ""), (f"{finding.severity} ", "warn"), seen)
    yield from _text(finding.text, width, 4)
    if finding.command:
        yield from _text(f"$ {' '.join(finding.command)}", width, 4)


def _text(text: str, width: int, indent: int = 2, tone: Tone = "") -> Iterator[Line]:
    for line in visible_lines(text, MOST_LINES, 2000):
        for part in wrap(line, width - indent, 200) or ("",):
            yield ((" " * indent, ""), (part, tone))
