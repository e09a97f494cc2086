"""Events as lines of a log that people read."""

import contextlib
import sys
from collections.abc import Callable, Mapping
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

LONGEST_RESULT = 4_000


def say_aloud(text: bytes) -> None:
    """Write it to the log; whoever takes it may be gone, and an agent does not stop for that."""
    with contextlib.suppress(OSError):
        sys.stdout.buffer.write(text)
        sys.stdout.buffer.flush()


def aloud(event: AgentEvent) -> str:
    """The event in words; empty for those that are nothing to read."""
    return _WORDS[type(event)](event) if type(event) in _WORDS else ""


def _result(event: ToolResult) -> str:
    kept = event.text[:LONGEST_RESULT]
    cut = event.truncated or len(kept) < len(event.text)
    return "\n".join([*_indented(kept), *(["  …"] if cut else []), *([] if event.ok else ["  failed"])])


def _answered(event: Answered) -> str:
    return f"! {'allowed' if event.allow else 'refused'} by {event.by}: {event.words}".rstrip(": ")


def _indented(text: str) -> list[str]:
    return [f"  {line}" for line in text.splitlines()]


_WORDS: Mapping[type, Callable[[Any], str]] = {
    Started: lambda one: f"● session {one.session} {one.model} {one.version}".rstrip(),
    Text: lambda one: one.text if one.final else "",
    Thinking: lambda one: "\n".join(_indented(one.text)),
    ToolCall: lambda one: f"▸ {one.kind} {one.title}",
    ToolResult: _result,
    FileChange: lambda one: f"± {one.change} {one.path}",
    Ask: lambda one: f"? may I {one.call.kind} {one.call.title} {one.reason}".rstrip(),
    Answered: _answered,
    Denied: lambda one: f"! refused by {one.by}: {one.reason}".rstrip(": "),
    Retry: lambda one: f"↻ try {one.attempt} of {one.of} in {one.wait_s:g} s: {one.cause}",
    Note: lambda one: f"· {one.text}",
    Finished: lambda one: f"■ {one.outcome}: {one.reason}".rstrip(": "),
}
