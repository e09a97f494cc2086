"""Every word between coders and verifiers of a run, thread by thread, round by round."""

from collections.abc import Iterator, Sequence

from factory.model.thread import Message, Thread, Verdict
from factory.model.view import RunView
from widgets.amounts import money, time_of_day
from widgets.findings import Told, counted, resolved, told
from widgets.lines import Line, Tone, spread, wrap
from widgets.marks import TONES, thread_mark
from widgets.names import agent_name
from widgets.plain import visible, visible_lines
from widgets.thread import KINDS, VERDICTS

MOST_LINES = 2000
"""Of one message."""
WIDE = 140
"""From this width on coder and verifier have sides of their own."""


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
    rounds = told(thread.verdicts)
    number = 0
    for message in messages:
        verdict = thread.verdicts[number] if message.kind == "verdict" and number < len(thread.verdicts) else None
        if message.kind == "request":
            yield ()
            yield _round(number, thread, rounds, width)
        else:
            yield ()
        found = (rounds[number], resolved(rounds, number)) if verdict else ((), ())
        number += verdict is not None
        yield from _at(message.sender == thread.verifier, _message(message, verdict, *found, _room(width)), width)
    if not messages:
        yield ()
        yield (("nothing has been sent; v sends the result to the verifier", "dim"),)


def _room(width: int) -> int:
    """Cells of a message; on a wide screen each of the two has a side of its own."""
    return width * 5 // 8 if width >= WIDE else width


def _at(is_verifier: bool, lines: Iterator[Line], width: int) -> Iterator[Line]:
    indent = width - _room(width) if is_verifier else 0
    for line in lines:
        yield ((" " * indent, ""), *line) if indent and line else line


def _round(number: int, thread: Thread, rounds: Sequence[Sequence[Told]], width: int) -> Line:
    verdict = thread.verdicts[number] if number < len(thread.verdicts) else None
    on = f" on {visible(verdict.subject, 60)[:7]}" if verdict and verdict.subject else ""
    found = f" · {counted(rounds[number])}" if verdict else ""
    head = f" round {number + 1} of {thread.max_rounds}{on}{found} "
    return (("──", "rule"), (head, "strong"), ("─" * max(0, width - len(head) - 2), "rule"))


def _spent(view: RunView, thread: Thread) -> str:
    entries = [one for one in view.costs if one.thread == thread.id]
    weak = any(one.basis == "unpriced" for one in entries)
    return money(sum(one.micros for one in entries), "unpriced" if weak else "reported")


def _party(role: str, company: str, agent: str, width: int) -> Iterator[Line]:
    for turn, part in enumerate(wrap(f"{visible(company, 40)}  {visible(agent, 400)}", width - 11)):
        yield (("  ", ""), (f"{'' if turn else role:<9}", "dim"), (part, ""))


def _message(
    message: Message, verdict: Verdict | None, findings: Sequence[Told], gone: Sequence[str], width: int
) -> Iterator[Line]:
    word, tone = VERDICTS.get(verdict.word, (message.kind, "")) if verdict else (KINDS.get(message.kind, ""), "accent")
    parties = f"{agent_name(message.sender)} to {agent_name(message.recipient)}"
    yield (
        (f"{time_of_day(message.created_at)} ", "dim"), (f"{word or message.kind}  ", tone), (parties, ""),
        ("" if message.status == "delivered" else f"  {visible(message.status, 20)}", "warn"),
    )  # fmt: skip
    yield from _text(message.body, width)
    if verdict:
        yield from _verdict(verdict, width)
        for one in findings:
            yield from _finding(one, width)
        if gone:
            yield (("  ", ""), (f"✓ {' '.join(gone)} ", "good"), ("resolved: not found again", "dim"))


def _verdict(verdict: Verdict, width: int) -> Iterator[Line]:
    said = verdict.said or "nothing valid"
    ran = f"{verdict.commands_run} command{'' if verdict.commands_run == 1 else 's'} run by the factory"
    about = f" on {visible(verdict.subject, 60)[:7]}" if verdict.subject else ""
    words = f"said {said.replace('_', ' ')}, counts as {verdict.word.replace('_', ' ')}; {ran}{about}"
    yield (("  ", ""), (words, "dim"))
    for reason in verdict.reasons:
        yield from _text(f"factory: {reason}", width, tone="dim")


def _finding(one: Told, width: int) -> Iterator[Line]:
    finding = one.finding
    fresh: tuple[str, Tone] = ("again ", "bad") if one.is_repeated else ("new ", "accent")
    seen: tuple[str, Tone] = ("confirmed", "bad") if finding.confirmed else ("claimed, not confirmed", "warn")
    yield (("  ", ""), (f"{one.name} ", "strong"), (f"{finding.severity} ", "warn"), fresh, ("· ", "rule"), seen)
    yield from _text(finding.text, width, 4)
    if finding.command:
        yield from _text(f"$ {' '.join(finding.command)}", width, 4)


def _text(text: str, width: int, indent: int = 2, tone: Tone = "") -> Iterator[Line]:
    for line in visible_lines(text, MOST_LINES, 2000):
        for part in wrap(line, width - indent, 200) or ("",):
            yield ((" " * indent, ""), (part, tone))
