"""What a driver leaves behind while it works: journal, raw stream, a log for people, and how things stand now."""

import json
import os
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from adapters.agents.capture import Capture
from adapters.agents.claims import plain
from adapters.agents.driving.aloud import aloud, say_aloud
from adapters.agents.journal import CAP_BYTES, NAME, Entry, to_line
from adapters.agents.small_files import write_private
from factory.model.agent_event import AgentEvent, Ask, Finished
from factory.rules.meter import Meter
from factory.rules.redaction import redact

LIVE = "live.json"
STREAM = "stream.jsonl"
LIVE_EVERY_S = 0.25
MOST_RECEIPTS = 200
LONGEST_INPUT = 64 << 10
"""Characters of the input of a permission request that are shown; more of it stands in the journal."""


class Record:
    """Writes all of it.

    Args:
        folder: Of the attempt.
        secrets: Values that must stand in none of it.
    """

    def __init__(self, folder: Path, secrets: Sequence[bytes]) -> None:
        self._folder, self.secrets = folder, secrets
        self._journal = os.open(folder / NAME, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
        self._stream = Capture(folder / STREAM, folder / "stream.pulse", secrets=secrets)
        self._written = self._n = self._heard = self.left_out = 0
        self._live_at, self._is_due = 0.0, False
        self._problem = ""
        self._lines: list[bytes] = []
        self._said: list[str] = []
        self._entries: list[bytes] = []
        self._last = b""
        self.asks: dict[str, Ask] = {}
        """Permission requests that wait for the operator."""
        self.doing = ""
        """What the agent does now, in one line."""
        self.session = ""
        self.retries = 0
        self.received: list[str] = []
        """Ids of what it was sent and has."""

    @property
    def problem(self) -> str:
        """Why something of it could not be written; empty when all of it could."""
        return self._problem or self._stream.problem

    def heard(self, line: bytes) -> None:
        """A line as the agent wrote it."""
        self._heard += len(line) + 1
        self._lines += (line, b"\n")

    def event(self, event: AgentEvent) -> None:
        """What it meant."""
        self._n += 1
        self._entries.append(to_line(Entry(self._n, _now(), self._heard, event)))
        if isinstance(event, Finished):
            self._last = self._entries.pop()
        if said := aloud(event):
            self._said.append(said)
        self._is_due = True

    def flush(self) -> None:
        """Write all of it, once for each piece of the agent's output: it may hold very many lines."""
        if self._lines:
            self._stream.write(b"".join(self._lines))
        if self._said:
            say_aloud("\n".join([*self._said, ""]).encode("utf-8", "replace"))
        kept = self._within_the_cap()
        if kept:
            self._written += self._write(b"".join(kept))
        self._lines, self._said, self._entries, self._last = [], [], [], b""

    def _within_the_cap(self) -> list[bytes]:
        """The entries without secrets, as many as there is room for; the last word always has some."""
        batch = b"".join(self._entries)
        if redact(batch, self.secrets)[1] or self._written + len(batch) > CAP_BYTES:
            return self._one_by_one()
        return [batch, self._redacted(self._last)] if self._last else [batch] if batch else []

    def _one_by_one(self) -> list[bytes]:
        kept, room = list[bytes](), CAP_BYTES - self._written
        for line in map(self._redacted, self._entries):
            room -= len(line)
            if room < 0:
                self.left_out += 1
            else:
                kept.append(line)
        return [*kept, self._redacted(self._last)] if self._last else kept

    def tell(self, meter: Meter, at_once: bool = False) -> None:
        """How things stand now, at most four times a second."""
        self.flush()
        now = time.monotonic()
        if not at_once and not (self._is_due and now - self._live_at >= LIVE_EVERY_S):
            return
        self._live_at, self._is_due = now, False
        state = {
            "n": self._n,
            "at": _now(),
            "gauge": asdict(meter.gauge(self.doing, self.retries)),
            "session": self.session,
            "asks": [_asked(ask) for ask in self.asks.values()],
            "received": self.received[-MOST_RECEIPTS:],
        }
        with self._noted():
            write_private(
                self._folder / LIVE, self._redacted(json.dumps(state, default=str).encode("utf-8", "replace"))
            )

    def close(self, meter: Meter) -> None:
        """The last state, and everything on disk."""
        self.tell(meter, at_once=True)
        self._stream.close()
        os.close(self._journal)

    def _write(self, line: bytes) -> int:
        """The bytes that were written: a whole line, or nothing of it that matters. A full disk stops no agent."""
        with self._noted():
            return os.write(self._journal, line)
        return 0

    @contextmanager
    def _noted(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            self._problem = f"The journal could not be written: {error.strerror}."

    def _redacted(self, line: bytes) -> bytes:
        """JSON without secrets. Where there is one it is cut out of each text by itself, so that it stays JSON."""
        if not redact(line, self.secrets)[1]:
            return line
        inner = json.dumps(plain(json.loads(line), self.secrets), ensure_ascii=False)
        return inner.encode("utf-8", "replace") + line[len(line.rstrip(b"\n")) :]


def _asked(ask: Ask) -> dict[str, Any]:
    shown = dict(ask.call.input)
    if len(json.dumps(shown, default=str)) > LONGEST_INPUT:
        shown = {"too_large": f"{json.dumps(shown, default=str)[:LONGEST_INPUT]}…"}
    return {"id": ask.id, "kind": ask.call.kind, "title": ask.call.title, "input": shown, "reason": ask.reason}


def _now() -> str:
    now = time.time()
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(now)) + f".{int(now * 1000) % 1000:03d}Z"
