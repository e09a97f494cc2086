"""The calls to a LightRAG server that we need, and nothing that deletes."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import httpx
from pydantic import ValidationError

from adapters.http import open_client, read, speaking_to
from adapters.memory.lightrag_wire import (
    WireAnswer,
    WireChunk,
    WireCounts,
    WireDocument,
    WireError,
    WireHealth,
    WireInserted,
    WireList,
    WirePipeline,
    WireTrack,
)
from factory.errors import Unreachable
from factory.rules.visible import one_line

NAME = "LightRAG"
READ_S = 6.0
"""How long it may be silent; a server at work answers in milliseconds."""
WHOLE_S = 8.0
PAGE = 200
"""Documents on one page of its list: the most that it gives."""
PAGES = 10
LATER_S = 5.0
"""How long a job that shuts everybody else out may take, for a first guess."""
LONGEST_QUESTION = 4_000
_SHOWN_CHARS = 200
_EXISTS = re.compile(r"already contains .*\(Status: (\w+)\)")


@dataclass(frozen=True)
class Inserted:
    """What became of a text that was sent."""

    outcome: Literal["taken", "exists"]
    track: str = ""
    """How to ask after it; empty when it exists already."""
    status: str = ""
    """Of the document that exists."""


class LightRagClient:
    """One server. Any thread may call.

    Args:
        url: With the prefix that the operator gave it, if there is one.
        key: Asked for with each request, so that a new one counts at once; an empty one = it wants none.
        read_s: How long it may be silent.
        whole_s: How long a whole answer may take.
        transport: For tests.
    """

    def __init__(
        self,
        url: str,
        key: Callable[[], str] = lambda: "",
        read_s: float = READ_S,
        whole_s: float = WHOLE_S,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self._key = key
        self._http = open_client(url, read_s=read_s, whole_s=whole_s, transport=transport)
        self._http.auth = self._signed

    def insert(self, text: str, source: str) -> Inserted:
        """Send a text (`POST /documents/text`). Taken means that it is in memory, and lost if the server dies now.

        Raises:
            Unreachable: no answer, no entrance, no room, a job of its own, or a workspace that waits for an operator.
            Refused: it will never take this text.
        """
        with speaking_to(NAME):
            response = self._http.post("/documents/text", json={"text": text, "file_source": source})
            if response.status_code == 409:
                return _conflict(response)
            if response.status_code == 503:
                raise _fenced(response)
            return Inserted("taken", read(WireInserted, response).track_id)

    def track(self, track: str) -> WireDocument | None:
        """The document of an insert (`GET /documents/track_status`); None when the server knows of none."""
        with speaking_to(NAME):
            found = read(WireTrack, self._http.get(f"/documents/track_status/{track}")).documents
        return found[0] if found else None

    def find(self, source: str) -> WireDocument | None:
        """The document with this name among the newest 2,000 (`POST /documents/paginated`); None = not there."""
        for page in range(1, PAGES + 1):
            asked = {"page": page, "page_size": PAGE, "sort_field": "created_at", "sort_direction": "desc"}
            with speaking_to(NAME):
                listed = read(WireList, self._http.post("/documents/paginated", json=asked))
            for document in listed.documents:
                if document.file_path == source:
                    return document
            if not listed.pagination.has_next:
                break
        return None

    def reprocess(self) -> None:
        """Try all failed and interrupted documents once more (`POST /documents/reprocess_failed`)."""
        with speaking_to(NAME):
            self._http.post("/documents/reprocess_failed").raise_for_status()

    def pipeline(self) -> WirePipeline:
        """What it is doing (`GET /documents/pipeline_status`). A large answer: ask seldom."""
        with speaking_to(NAME):
            return read(WirePipeline, self._http.get("/documents/pipeline_status"))

    def counts(self) -> dict[str, int]:
        """Documents by state (`GET /documents/status_counts`), which also says whether the key is right."""
        with speaking_to(NAME):
            return read(WireCounts, self._http.get("/documents/status_counts")).status_counts

    def health(self) -> WireHealth:
        """That it lives (`GET /health`), and its version. It says nothing about the key, nor about its models."""
        with speaking_to(NAME):
            return read(WireHealth, self._http.get("/health"))

    def ask(self, text: str, limit: int) -> Sequence[WireChunk]:
        """Parts of documents that fit a text, best first (`POST /query/data`, which needs no language model).

        Raises:
            Unreachable: it, or the model that it searches with, does not answer. Nothing found is no error.
        """
        asked = {
            "query": text[:LONGEST_QUESTION], "mode": "naive", "only_need_context": True, "include_references": True,
            "chunk_top_k": limit, "enable_rerank": False,
        }  # fmt: skip
        with speaking_to(NAME):
            answer = read(WireAnswer, self._http.post("/query/data", json=asked))
        if answer.status == "success":
            return answer.data.chunks[:limit]
        if answer.metadata.failure_reason == "no_results":
            return ()
        why = one_line(answer.metadata.failure_reason or answer.status)[:_SHOWN_CHARS]
        raise Unreachable(f"{NAME} could not search: {why}.")

    def _signed(self, request: httpx.Request) -> httpx.Request:
        if key := self._key():
            request.headers["X-API-Key"] = key
        return request

    def close(self) -> None:
        """Give back its connections."""
        self._http.close()


def _conflict(response: httpx.Response) -> Inserted:
    """A 409: the name is taken, which is an answer, or a job of the server shuts everybody out for a while."""
    said = _detail(response)
    if exists := _EXISTS.search(said):
        return Inserted("exists", status=exists[1])
    hint = "It is tried again by itself."
    raise Unreachable(f"{NAME} is busy with its documents: {said}", hint, "busy", LATER_S)


def _fenced(response: httpx.Response) -> Unreachable:
    said = _detail(response)
    hint = "Look at its pipeline status; a recovery has to be cleared there, by a person." if "recover" in said else ""
    return Unreachable(f"{NAME} takes nothing now (503): {said or 'it does not say why'}", hint)


def _detail(response: httpx.Response) -> str:
    try:
        return one_line(str(WireError.model_validate_json(response.content).detail))[:200]
    except ValidationError:
        return ""
