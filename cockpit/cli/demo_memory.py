"""A small LightRAG for the demo, on a socket of this machine: it keeps texts in a folder, has no model, and says so.

It does what the real one does where that matters here: taking a text is not having processed it, and being asked how
far it is takes it one state on. It can go away and come back.
"""

import json
import socket
import threading
from dataclasses import dataclass, field
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

RELEASE = "stub"
"""Its version, wherever a version is shown."""
_STATES = {"pending": "processing", "processing": "processed", "processed": "processed"}
_POLL_S = 0.02


@dataclass
class MemoryStub:
    """The server. What it has processed lies as a file of its own in `folder`.

    Args:
        folder: Made when the first text is there.
    """

    folder: Path
    _documents: dict[str, dict[str, str]] = field(default_factory=dict)
    _turn: threading.Lock = field(default_factory=threading.Lock)
    _server: ThreadingHTTPServer | None = None
    _port: int = 0

    @property
    def url(self) -> str:
        """Where it is, also while it is away. It has to have been up once."""
        return f"http://127.0.0.1:{self._port}"

    @property
    def files(self) -> tuple[Path, ...]:
        """What it has processed."""
        return tuple(sorted(self.folder.glob("*.md")))

    def up(self) -> None:
        """Answer from now on, at the address of before. Raises `OSError`: somebody else took it meanwhile."""
        server = ThreadingHTTPServer(("127.0.0.1", self._port), partial(_Handler, self))
        server.daemon_threads = True
        self._server, self._port = server, server.server_address[1]
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": _POLL_S}, daemon=True).start()

    def down(self) -> None:
        """Refuse every connection from now on; what was taken stays."""
        server, self._server = self._server, None
        if server is not None:
            server.shutdown()
            server.server_close()

    def refusal(self) -> str:
        """What a connection to it gets said; empty when it is let in."""
        try:
            socket.create_connection(("127.0.0.1", self._port), timeout=1.0).close()
        except OSError as error:
            return error.strerror or str(error)
        return ""

    def answer(self, path: str, body: dict[str, Any]) -> dict[str, Any] | None:
        """What it says to a request; None = it knows no such path."""
        with self._turn:
            if path == "/documents/text":
                return self._take(str(body["text"]), str(body["file_source"]))
            if path.startswith("/documents/track_status/"):
                return self._track(path.rpartition("/")[2])
            return _FIXED.get(path)

    def _take(self, text: str, source: str) -> dict[str, Any]:
        track = f"insert_{len(self._documents) + 1:08x}"
        about = {"id": f"doc-{track}", "track_id": track, "file_path": Path(source).name}
        self._documents[track] = {**about, "status": "pending", "text": text}
        return {"status": "success", "message": "Text received.", "track_id": track}

    def _track(self, track: str) -> dict[str, Any]:
        document = self._documents.get(track)
        if document is None:
            return {"documents": []}
        document["status"] = _STATES[document["status"]]
        if document["status"] == "processed":
            self.folder.mkdir(parents=True, exist_ok=True)
            (self.folder / document["file_path"]).write_text(document["text"], encoding="utf-8")
        return {"documents": [{name: value for name, value in document.items() if name != "text"}]}


_FIXED: dict[str, dict[str, Any]] = {
    "/health": {"status": "healthy", "core_version": RELEASE},
    "/documents/status_counts": {"status_counts": {}},
    "/documents/pipeline_status": {"busy": True},
    "/documents/paginated": {"documents": []},
    "/documents/reprocess_failed": {"status": "reprocessing_started"},
    "/query/data": {"status": "failure", "data": {}, "metadata": {"failure_reason": "no_results"}},
}
"""It is always at work, has no older documents, and finds nothing: it cannot search."""


class _Handler(BaseHTTPRequestHandler):
    """One request a connection (HTTP/1.0), so that nobody keeps talking to a stub that is away."""

    def __init__(self, stub: MemoryStub, *args: Any) -> None:
        self._stub = stub
        super().__init__(*args)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""

    def _serve(self) -> None:
        sent = self.rfile.read(int(self.headers.get("content-length") or 0))
        said = self._stub.answer(self.path, json.loads(sent) if sent else {})
        body = json.dumps({"detail": "Not Found"} if said is None else said).encode()
        self.send_response(404 if said is None else 200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST = _serve  # noqa: N815 - the names that the server looks for
