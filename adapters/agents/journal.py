"""`events.jsonl`: what an agent did, one normalised event a line. Written by the driver, read by everybody else."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, get_args

from factory.model.agent_event import AgentEvent, Note, ToolCall
from factory.model.step import Tokens

NAME = "events.jsonl"
CAP_BYTES = 32 << 20
"""How much of a journal is kept; what comes later is counted, and its end is always written."""
_KINDS: Mapping[str, type[Any]] = {kind.__name__: kind for kind in get_args(AgentEvent)}


def _inner(value: object) -> object:
    """An event's own parts as objects; `asdict` would copy everything that a tool was given."""
    return (
        vars(value)
        if isinstance(value, Tokens | ToolCall)
        else dict(value)
        if isinstance(value, Mapping)
        else str(value)
    )


_ENCODE = json.JSONEncoder(ensure_ascii=False, default=_inner).encode


@dataclass(frozen=True)
class Entry:
    """One line of the journal."""

    n: int
    """1 for the first."""
    at: str
    """UTC, ISO-8601 with milliseconds."""
    offset: int
    """Where the line that it was heard in ends in the agent's raw stream, in bytes."""
    event: AgentEvent


def to_line(entry: Entry) -> bytes:
    """The entry as a line."""
    said = {"n": entry.n, "at": entry.at, "offset": entry.offset, "event": type(entry.event).__name__}
    return _ENCODE({**said, **vars(entry.event)}).encode("utf-8", "replace") + b"\n"


def from_line(line: bytes) -> Entry | None:
    """The entry of a line; None for one that is not whole. An event of a newer version becomes a note."""
    try:
        found = json.loads(line)
        n, at, offset, kind = int(found["n"]), str(found["at"]), int(found["offset"]), _KINDS.get(found["event"])
        event = Note(f"{found['event']}") if kind is None else _event(kind, found)
    except (ValueError, KeyError, TypeError):
        return None
    return Entry(n, at, offset, event)


def entries(folder: Path, start: int = 0) -> Iterator[tuple[Entry, int]]:
    """The entries of an attempt from a byte on, each with the byte behind it; a line that is still coming is left."""
    try:
        file = (folder / NAME).open("rb")
    except OSError:
        return
    with file:
        file.seek(start)
        while (line := file.readline()).endswith(b"\n"):
            start += len(line)
            if entry := from_line(line):
                yield entry, start


def _event(kind: type[Any], found: Mapping[str, Any]) -> AgentEvent:
    values = {field.name: found[field.name] for field in fields(kind) if field.name in found}
    if "tokens" in values:
        values["tokens"] = Tokens(**values["tokens"])
    if isinstance(values.get("call"), dict):
        values["call"] = ToolCall(**values["call"])
    event: AgentEvent = kind(**values)
    return event
