"""The session of an attempt as a view of its folder: it survives us, so attaching again is opening it again."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any

from adapters.agents import launch
from adapters.agents.cut_off import cut_off
from adapters.agents.driving import inbox
from adapters.agents.driving.inbox import Order
from adapters.agents.driving.orders import NAME as JOB
from adapters.agents.driving.record import LIVE
from adapters.agents.journal import entries
from adapters.agents.small_files import read_object, write_object
from factory.errors import Unreachable
from factory.model.agent_event import AgentEvent, Finished, Text
from factory.model.step import Gauge, Tokens
from factory.ports.agents import Answer, Live, OpenAsk

POLL_S = 0.05
_READ = 1 << 16


class FolderSession:
    """`Session` over the folder of an attempt.

    Args:
        folder: `agents/<run>/<step>-<n>`.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def events(self) -> AsyncIterator[AgentEvent]:
        """From the journal of its driver; an agent without one says its log, piece by piece."""
        place = 0
        while True:
            is_over = launch.state(self._folder) in ("ended", "lost")
            for entry, end in entries(self._folder, place):
                place = end
                yield entry.event
                if isinstance(entry.event, Finished):
                    return
            if is_over:
                break
            await asyncio.sleep(POLL_S)
        if place == 0:
            for text in self._log():
                yield text
        yield self._finished()

    def live(self) -> Live | None:
        """What the driver wrote last."""
        found, _ = read_object(self._folder / LIVE)
        return _live(found) if found else None

    def answer(self, ask: str, answer: Answer) -> None:
        """Through the inbox."""
        said = {"ask": ask, "allow": answer.allow, "words": answer.words, "always": answer.always}
        self._put(Order(f"answer-{_plain(ask)}", "answer", said))

    def instruct(self, id: str, text: str) -> None:
        """Through the inbox."""
        self._put(Order(id, "instruct", {"text": text}))

    def limit(self, id: str, micros: int) -> None:
        """Through the inbox."""
        self._put(Order(id, "limit", {"micros": micros}))

    def interrupt(self, reason: str) -> None:
        """Through the inbox."""
        self._put(Order("interrupt", "interrupt", {"reason": reason}))

    def kill(self, reason: str) -> None:
        """A `stop` file for the shim, which sees it at once; the first reason counts. Raises `Unreachable`."""
        try:
            if not (self._folder / "stop").exists():
                write_object(self._folder / "stop", {"reason": reason})
        except OSError as error:
            raise Unreachable(f"{self._folder} cannot be written: {error.strerror}.", "Free the disk.") from error

    def _put(self, order: Order) -> None:
        inbox.put(self._folder, order)

    def _log(self) -> list[Text]:
        try:
            data = (self._folder / "out.log").read_bytes()
        except OSError:
            return []
        text = data.decode("utf-8", "replace")
        return [Text(text[at : at + _READ]) for at in range(0, len(text), _READ)]

    def _finished(self) -> Finished:
        if launch.state(self._folder) != "ended":
            return Finished("crashed", "its shim was killed")
        end = launch.end(self._folder)
        if end.end_reason != "exit":
            return Finished(cut_off(end.end_reason), end.end_reason, raw_exit=end.exit_code)
        is_driven = (self._folder / JOB).exists()
        return Finished("crashed" if is_driven else "stopped", f"exit {end.exit_code}", raw_exit=end.exit_code)


def _live(found: Mapping[str, Any]) -> Live:
    gauge = found["gauge"]
    return Live(
        gauge=Gauge(**{**gauge, "tokens": Tokens(**gauge["tokens"])}),
        session=found["session"],
        asks=tuple(OpenAsk(**ask) for ask in found["asks"]),
        received=tuple(found["received"]),
    )


def _plain(id: str) -> str:
    """An id of the agent's as a part of a file name."""
    return "".join(char if char.isalnum() or char in "-_" else "-" for char in id)[:100]
