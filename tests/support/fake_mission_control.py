"""A Mission Control in this process, built from the recordings, with the quirks of the real one."""

import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from queue import Empty, SimpleQueue
from typing import Any
from urllib.parse import urlsplit

import httpx

from tests.support.faults import Faults, faulty
from tests.support.loopback import served
from tests.support.mission_control.access import Doors, Person
from tests.support.mission_control.books import Books
from tests.support.mission_control.routes import VERSION, Call, Routes
from tests.support.mission_control.rows import Rejected, Row
from tests.support.mission_control.scheduler import run_jobs

KEY = "test-key"
PASSWORD = "a password of tests"
URL = "http://mission.test"
OPERATOR = Person("operator1", PASSWORD, "Operator One")
VIEWER = Person("viewer1", PASSWORD, "Viewer One", "viewer", 4)


class FakeMissionControl:
    """The server. `books` is what it holds: look there, and change it there as people would, under `turn`.

    Args:
        now: Seconds since 1970, as the server tells the time.
    """

    def __init__(self, now: Callable[[], float] = time.time) -> None:
        self._now = now
        self.turn = threading.RLock()
        self.sins: list[str] = []
        """What a client must never do: reads that write, deep pages."""
        self.calls: list[tuple[str, str]] = []
        """Method and path of every request that reached it, failed ones too."""
        self.faults = Faults()
        """What the next requests meet; see `tests.support.faults`."""
        self.heartbeat_s = 30.0
        """Between two comments on a silent stream."""
        self.overhear: Callable[[bytes], None] = lambda _: None
        """Gets every frame too, for a test without a thread that follows the stream."""
        self.version = VERSION
        self.books = Books(now, self.tell)
        self.doors = Doors(now, KEY, [OPERATOR, VIEWER])
        self.books.people = {person.username for person in self.doors.people}
        self._routes = Routes(self.books, self.doors, self.sins)
        self._listeners: list[SimpleQueue[bytes | None]] = []

    def transport(self) -> httpx.MockTransport:
        """For a client without a network."""
        return faulty(self.answer, self.faults)

    def served(self) -> AbstractContextManager[str]:
        """A real server on this machine; the block gets its url."""
        return served(self.answer, self.faults)

    def answer(self, request: httpx.Request) -> httpx.Response:
        """What a request gets."""
        with self.turn:
            url = request.url.raw_path.decode()
            self.calls.append((request.method, url))
            try:
                if urlsplit(url).path == "/api/events":
                    self.doors.who(request.headers)
                    return self._stream()
                status, said, headers = self._said(request.method, url, request.headers, request.read())
            except Rejected as no:
                status, said, headers = no.status, no.body, {}
            return httpx.Response(status, headers=headers, json=said)

    def forget_sessions(self) -> None:
        """Everybody has to log in again."""
        with self.turn:
            self.doors.sessions.clear()

    def tick(self) -> None:
        """A minute's work of the server's own jobs."""
        with self.turn:
            run_jobs(self.books, self.tell)

    def tell(self, type: str, data: Any) -> None:
        """Put an event on every open stream; who is not there never hears of it."""
        frame = _frame(type, data, self._now())
        for listener in list(self._listeners):
            listener.put(frame)
        self.overhear(frame)

    def hang_up(self) -> None:
        """End every open stream."""
        for listener in list(self._listeners):
            listener.put(None)

    @property
    def listeners(self) -> int:
        """Open streams."""
        return len(self._listeners)

    def _stream(self) -> httpx.Response:
        frames: SimpleQueue[bytes | None] = SimpleQueue()
        frames.put(_frame("connected", None, self._now()))
        self._listeners.append(frames)
        headers = {"content-type": "text/event-stream", "cache-control": "no-cache, no-transform"}
        gone = lambda: self._listeners.remove(frames)  # noqa: E731
        return httpx.Response(200, headers=headers, stream=_Stream(frames, self.heartbeat_s, gone))

    def _said(self, method: str, url: str, headers: Mapping[str, str], body: bytes) -> tuple[int, Row, dict[str, str]]:
        path = urlsplit(url).path
        if (method, path) == ("GET", "/api/status"):
            return 200, {"status": "healthy", "version": self.version, "checks": []}, {}
        if (method, path) == ("POST", "/api/auth/login"):
            person, token = self.doors.log_in(_parsed(body))
            cookie = f"mc-session={token}; Path=/; HttpOnly; SameSite=strict; Max-Age=604800"
            return 200, {"user": person.row}, {"set-cookie": cookie}
        person, is_shared_key = self.doors.who(headers)
        if is_shared_key:
            self.tell("security.event", {"event_type": "global_api_key_used", "severity": "info", "source": "auth"})
        status, said = self._routes.answer(Call(method, url, _parsed(body), person))
        return status, said, {}


class _Stream(httpx.SyncByteStream):
    """Frames as they come, a comment now and then, until the server hangs up."""

    def __init__(self, frames: "SimpleQueue[bytes | None]", heartbeat_s: float, gone: Callable[[], None]) -> None:
        self._frames = frames
        self._heartbeat_s = heartbeat_s
        self._gone = gone

    def __iter__(self) -> Iterator[bytes]:
        try:
            while (frame := self._next()) is not None:
                yield frame
        finally:
            self._gone()

    def _next(self) -> bytes | None:
        try:
            return self._frames.get(timeout=self._heartbeat_s)
        except Empty:
            return b": heartbeat\n\n"


def _parsed(body: bytes) -> Any:
    try:
        return json.loads(body) if body else None
    except ValueError as error:
        raise Rejected(400, "Invalid request body") from error


def _frame(type: str, data: Any, now: float) -> bytes:
    event = {"type": type, "data": data, "timestamp": int(now * 1000)}
    return b"data: " + json.dumps(event, ensure_ascii=False, separators=(",", ":")).encode() + b"\n\n"
