"""A fake server behind a real socket of this machine, with every fault as it looks on the wire."""

import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar

import httpx

from tests.support.faults import SOCKET_FAULTS, Answer, Fault, Faults, fault_answer

_DROP_S = 0.02
_RESET = struct.pack("ii", 1, 0)


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, answer: Answer, faults: Faults) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answer = answer
        self.faults = faults
        self.one_at_a_time = threading.Lock()
        self.over = threading.Event()

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that went away is no error."""


@contextmanager
def served(answer: Answer, faults: Faults | None = None) -> Iterator[str]:
    """The address of the fake while the block runs. It answers one request at a time; any number may hang."""
    server = _Server(answer, faults or Faults())
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.over.set()
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"
    timeout: ClassVar[float] = 30.0

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""

    def _serve(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        url = f"http://{self.headers['host']}{self.path}"
        request = httpx.Request(self.command, url, headers=list(self.headers.items()), content=body)
        faults = self.server.faults
        with self.server.one_at_a_time:
            fault = faults.next_fault(request)
            reaches = fault is None or faults.reaches(fault)
            answer = self.server.answer(request) if reaches else httpx.Response(503)
        if fault in SOCKET_FAULTS:
            self._fail(fault, answer)
        else:
            self._send(fault_answer(fault) if fault else answer)

    def _fail(self, fault: Fault, answer: httpx.Response) -> None:
        """Do what no answer can say, then close the connection."""
        self.close_connection = True
        if fault == "hang":
            self.server.over.wait()
        elif fault == "refuse":
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
            self.connection.close()
        else:
            self._head(answer, len(answer.content) + 1_000)
            for place in range(max(1, len(answer.content) // 2) if fault == "cut" else 10_000):
                self.wfile.write(answer.content[place : place + 1] or b" ")
                if fault == "drip" and self.server.over.wait(_DROP_S):
                    return

    def _send(self, answer: httpx.Response) -> None:
        if answer.headers.get("content-type") == "text/event-stream":
            self._stream(answer)
        else:
            self._head(answer, len(answer.content))
            self.wfile.write(answer.content)

    def _stream(self, answer: httpx.Response) -> None:
        """Frame by frame, for as long as the fake has more and the client is there."""
        self.close_connection = True
        self._head(answer, None)
        for frame in answer.iter_raw():
            self.wfile.write(frame)
            if self.server.over.is_set():
                return

    def _head(self, answer: httpx.Response, length: int | None) -> None:
        self.send_response(answer.status_code)
        for name, value in answer.headers.multi_items():
            if name.lower() not in ("content-length", "transfer-encoding", "connection"):
                self.send_header(name, value)
        if length is None:
            self.send_header("Connection", "close")
        else:
            self.send_header("Content-Length", str(length))
        self.end_headers()

    do_GET = do_POST = do_PUT = do_DELETE = do_PATCH = _serve  # noqa: N815
