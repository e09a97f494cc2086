"""The event stream of a Mission Control. It has no replay: what is not heard is lost."""

import socket
from codecs import getincrementaldecoder
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import cast

import httpx
from httpx_sse import EventSource
from pydantic import ValidationError

from adapters.http import CONNECT_S, speaking_to
from adapters.mission.client import SYSTEM
from adapters.mission.wire import WireEvent
from factory.errors import SourceError, Unreachable
from factory.model.mission import MissionEvent

SILENT_S = 45.0
"""The server says something each 30 s; a line that is silent for longer is lost."""
MAX_CHARS = 16 * 1024 * 1024
"""Of one line; a run comes with all its steps."""
IGNORED = frozenset({"security.event", "audit.security"})
"""One for each request made with the shared key, by anybody: to react would be an endless loop."""


@dataclass(frozen=True)
class Opened:
    """From here on nothing is missed."""


@dataclass(frozen=True)
class Lost:
    """From here on everything is missed."""

    error: SourceError


Heard = MissionEvent | Opened | Lost


class MissionStream:
    """One line to the server at a time.

    Args:
        http: Logs in by itself; whoever opened it closes it.
        hear: Gets `Opened` with the first frame, then what happens, then `Lost`.
    """

    def __init__(self, http: httpx.Client, hear: Callable[[Heard], None]) -> None:
        self._http = http
        self._hear = hear
        self._socket: socket.socket | None = None
        self._is_over = False

    def follow(self) -> bool:
        """Connect and tell everything until the line is lost; returns whether it was there. No `SourceError` comes."""
        was_there: list[bool] = []
        try:
            with speaking_to(SYSTEM):
                self._follow(was_there)
        except SourceError as error:
            self._hear(Lost(error))
        else:
            self._hear(Lost(Unreachable(f"{SYSTEM} ended its stream.")))
        return bool(was_there)

    def hang_up(self) -> None:
        """End the line, and connect no more; from any thread."""
        self._is_over = True
        if self._socket is not None:
            with suppress(OSError):  # it may be closed already
                self._socket.shutdown(socket.SHUT_RDWR)

    def _follow(self, was_there: list[bool]) -> None:
        timeout = httpx.Timeout(SILENT_S, connect=CONNECT_S)
        headers = {"Accept": "text/event-stream", "Cache-Control": "no-store"}
        with self._http.stream("GET", "/api/events", headers=headers, timeout=timeout) as response:
            if response.status_code >= 300:
                response.read()
            response.raise_for_status()
            self._socket = _socket_of(response)
            if not self._is_over:
                self._read(response, was_there)

    def _read(self, response: httpx.Response, was_there: list[bool]) -> None:
        for frame in EventSource(cast(httpx.Response, _Lines(response))).iter_sse():
            if not was_there:
                was_there.append(True)
                self._hear(Opened())
            event = _event(frame.data)
            if event is not None and event.type not in IGNORED:
                self._hear(event)


def _socket_of(response: httpx.Response) -> socket.socket | None:
    stream = response.extensions.get("network_stream")
    found = stream.get_extra_info("socket") if stream is not None else None
    return found if isinstance(found, socket.socket) else None


def _event(data: str) -> MissionEvent | None:
    """What a frame says; None for one in no form that we know, which is the server's business."""
    try:
        return WireEvent.model_validate_json(data).to_domain()
    except ValidationError:
        return None


class _Lines:
    """A response of which no line is longer than memory has room for."""

    def __init__(self, response: httpx.Response) -> None:
        self._response = response
        self.headers = response.headers

    def iter_text(self) -> Iterator[str]:
        """The text as it comes: UTF-8, as events are, whatever charset the server names."""
        size, decoder = 0, getincrementaldecoder("utf-8")("replace")
        for text in map(decoder.decode, self._response.iter_bytes()):
            size = len(text) if "\n" in text else size + len(text)
            if size > MAX_CHARS:
                raise httpx.ReadError("a line of its stream does not end")
            yield text
