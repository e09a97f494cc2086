"""What a driven agent did, event by event, as rows that people read."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from factory.model.agent_event import (
    AgentEvent,
    Answered,
    Ask,
    Denied,
    FileChange,
    Finished,
    Note,
    Retry,
    Started,
    Text,
    Thinking,
    ToolCall,
    ToolResult,
)
from widgets.amounts import amount
from widgets.gauge import tokens_words
from widgets.lines import Line, Tone, clip, width_of
from widgets.marks import FAILED, NEEDS_YOU, PROVEN, STALLED, WAITING
from widgets.viewers.wrapping import folded_line, readable, text_rows

TEXT_ROWS = 60
THOUGHT_ROWS = 3
WHOLE_ROWS = 2000
"""Rows of one thought, result or change when all of it is wanted."""
CALL_ROWS = 4
GOOD_ENDS = ("stopped", "interrupted")


def event_rows(event: AgentEvent, width: int, is_whole: bool = False) -> list[Line]:
    """The rows of one event at a width; none for those that are nothing to read: usage, receipts, pieces of a text.

    Args:
        is_whole: All of a thought, of a tool's result and of a change; else its beginning, and how much there is.
    """
    make = _ROWS.get(type(event))
    return make(event, max(10, width), is_whole) if make else []


def last_rows(events: Sequence[AgentEvent], width: int, height: int) -> list[Line]:
    """The last rows of many events, at most `height`; what is still being said comes last."""
    rows = said_so_far(events, width)
    for event in reversed(events):
        if len(rows) >= height:
            break
        rows = [*event_rows(event, width), *rows]
    return rows[-height:]


def said_so_far(events: Sequence[AgentEvent], width: int) -> list[Line]:
    """The rows of an answer that is still coming, from its pieces at the end of the events."""
    pieces: list[str] = []
    for event in reversed(events):
        if isinstance(event, Text) and not event.final:
            pieces.append(event.text)
        elif type(event) in _ROWS:
            break
    return _block("".join(reversed(pieces)), width, "", TEXT_ROWS) if pieces else []


def _text(event: Text, width: int, is_whole: bool) -> list[Line]:
    return _block(event.text, width, "", WHOLE_ROWS if is_whole else TEXT_ROWS) if event.final else []


def _thinking(event: Thinking, width: int, is_whole: bool) -> list[Line]:
    return _block(event.text, width, "dim", WHOLE_ROWS if is_whole else THOUGHT_ROWS, "  ")


def _call(event: ToolCall, width: int, _: bool) -> list[Line]:
    if event.kind == "run":
        return _sentence((("$ ", "accent"), (readable(event.title), "accent")), width)
    word = "use" if event.kind == "other" else event.kind
    return _sentence((("→ ", "accent"), (f"{word} ", ""), (readable(event.title), "strong")), width)


def _result(event: ToolResult, width: int, is_whole: bool) -> list[Line]:
    """Its first line that says something, and how much there is; a failed one says so in words."""
    text = event.text.strip("\n")
    mark: Line = (("  ✓ ", "good"),) if event.ok else (("  ✕ failed  ", "bad"),)
    count = text.count("\n") + 1
    words = f"  {count:,} lines, {amount(len(text))}" if count > 1 else ""
    size: Line = ((f"{words}{' and more' if event.truncated else ''}", "dim"),)
    head: Line = (*mark, (readable(_telling(text) or ("" if text else "done"), 4 * width), "dim"))
    first: Line = (*clip(head, max(12, width - width_of(size))), *size)
    return [clip(first, width), *(_block(text, width, "dim", WHOLE_ROWS, "    ") if is_whole else ())]


def _telling(text: str) -> str:
    """The first line with a letter or a digit in it, among the first few; else the first one."""
    lines = text.split("\n", 5)[:5]
    return next((line for line in lines if any(char.isalnum() for char in line[:200])), lines[0]).strip()


def _change(event: FileChange, width: int, is_whole: bool) -> list[Line]:
    mark, word = {"add": ("+", "new"), "update": ("±", "changed"), "delete": ("-", "deleted")}[event.change]
    lines = event.diff.split("\n") if event.diff else []
    added = sum(line.startswith("+") and not line.startswith("+++") for line in lines)
    removed = sum(line.startswith("-") and not line.startswith("---") for line in lines)
    counts: Line = ((f"  +{added}", "good"), (f" -{removed}", "bad")) if lines else ()
    path = readable(event.path.replace("\n", "⏎"))
    rows = _sentence(((f"  {mark} ", "accent"), (f"{word} ", ""), (path, "strong"), *counts), width)
    return [*rows, *_diff(lines[:WHOLE_ROWS], width)] if is_whole else rows


def _diff(lines: Sequence[str], width: int) -> list[Line]:
    tones: Mapping[str, Tone] = {"+": "good", "-": "bad", "@": "accent"}
    return [(("    ", ""), (row, tones.get(line[:1], "dim"))) for line in lines for row in text_rows([line], width - 4)]


def _ask(event: Ask, width: int, _: bool) -> list[Line]:
    words = f"asks to {event.call.kind if event.call.kind != 'other' else 'use'} {readable(event.call.title)}"
    return _sentence(((f"{NEEDS_YOU} ", "warn"), (words, "warn"), (_after(event.reason), "dim")), width)


def _answered(event: Answered, width: int, _: bool) -> list[Line]:
    mark, word, tone = (PROVEN, "allowed", "good") if event.allow else (FAILED, "refused", "bad")
    return _by(str(mark), word, event.by, event.words, "good" if tone == "good" else "bad", width)


def _denied(event: Denied, width: int, _: bool) -> list[Line]:
    return _by(FAILED, "refused", event.by, event.reason, "bad", width)


def _by(mark: str, word: str, who: str, why: str, tone: Tone, width: int) -> list[Line]:
    return _sentence(((f"{mark} ", tone), (f"{word} by {readable(who, 200)}", tone), (_after(why), "dim")), width)


def _retry(event: Retry, width: int, _: bool) -> list[Line]:
    words = f"{STALLED} try {event.attempt} of {event.of} in {event.wait_s:g} s"
    return _sentence(((words, "warn"), (_after(event.cause), "dim")), width)


def _note(event: Note, width: int, _: bool) -> list[Line]:
    return _sentence((("· ", "dim"), (readable(event.text.replace("\n", " "), 600), "dim")), width)


def _started(event: Started, width: int, _: bool) -> list[Line]:
    words = " ".join(filter(None, (f"session {event.session}", event.model, event.version)))
    return _sentence(((f"{WAITING} ", "dim"), (readable(words, 300), "dim")), width)


def _finished(event: Finished, width: int, _: bool) -> list[Line]:
    """The end, with the sum of what it used."""
    is_good = event.outcome in GOOD_ENDS
    mark: Line = ((f"{PROVEN} ", "good"),) if is_good else ((f"{FAILED} ", "bad"),)
    used = tokens_words(event.tokens)
    sums: Line = ((f"  {used}", "dim"),) if used else ()
    return _sentence((*mark, (event.outcome.replace("_", " "), "strong"), (_after(event.reason), ""), *sums), width)


def _after(words: str) -> str:
    return f": {readable(words.replace(chr(10), ' '), 1000)}" if words else ""


def _sentence(line: Line, width: int) -> list[Line]:
    """A line in a few rows at most; a command of a megabyte is on the permission card, not here."""
    return folded_line(line, width)[:CALL_ROWS]


def _block(text: str, width: int, tone: Tone, limit: int, indent: str = "") -> list[Line]:
    """The text in at most `limit` rows, and then how many lines there are more."""
    lines = text.strip("\n").split("\n", limit)
    rows = text_rows(lines[:limit], max(8, width - len(indent)))
    made: list[Line] = [((indent + row, tone),) for row in rows[:limit]]
    left = text.strip("\n").count("\n") + 1 - limit
    if left > 0:
        return [*made, ((f"{indent}… {left:,} more lines", "dim"),)]
    return [*made, ((f"{indent}… {len(rows) - limit:,} more rows", "dim"),)] if len(rows) > limit else made


_ROWS: Mapping[type, Callable[[Any, int, bool], list[Line]]] = {
    Started: _started,
    Text: _text,
    Thinking: _thinking,
    ToolCall: _call,
    ToolResult: _result,
    FileChange: _change,
    Ask: _ask,
    Answered: _answered,
    Denied: _denied,
    Retry: _retry,
    Note: _note,
    Finished: _finished,
}
