"""A LightRAG server in memory, with its quirks: for httpx's mock transport and, with `loopback.served`, on a socket.

Built from the recordings in `fixtures/lightrag`. Time passes only in `work`.
"""

import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import httpx

from tests.support.lightrag_documents import Documents

KEY = "test-key"
VERSION = "1.5.7"
Json = dict[str, Any]


@dataclass
class FakeLightRag:
    """One server; its switches are plain attributes."""

    key: str = KEY
    documents: Documents = field(default_factory=Documents)
    clearing: bool = False
    """A job runs that shuts every insert out."""
    recovery_required: bool = False
    most: int = 0
    """How many documents may be in work; 0 = any number."""
    requests: list[httpx.Request] = field(default_factory=list)

    def answer(self, request: httpx.Request) -> httpx.Response:
        """Answer one request."""
        self.requests.append(request)
        path = request.url.path
        if path != "/health" and (refused := self._key_refused(request)):
            return refused
        if path.startswith("/documents/track_status/"):
            return self._track(path.rsplit("/", 1)[1])
        known: dict[tuple[str, str], Callable[[Json], httpx.Response]] = {
            ("GET", "/health"): self._health,
            ("POST", "/documents/text"): self._insert,
            ("POST", "/documents/paginated"): self._list,
            ("GET", "/documents/status_counts"): self._counts,
            ("GET", "/documents/pipeline_status"): self._pipeline,
            ("POST", "/documents/reprocess_failed"): self._reprocess,
            ("DELETE", "/documents/delete_document"): self._delete,
            ("POST", "/query"): self._query,
            ("POST", "/query/data"): self._query_data,
        }
        handle = known.get((request.method, path))
        if handle is None:
            return httpx.Response(404, json={"detail": "Not Found"})
        return handle(json.loads(request.content) if request.content else {})

    def count(self, path: str) -> int:
        """How many requests went to a path."""
        return sum(request.url.path == path for request in self.requests)

    def _key_refused(self, request: httpx.Request) -> httpx.Response | None:
        given = request.headers.get("x-api-key")
        if given == self.key:
            return None
        return _said(403, "Invalid API Key" if given else "API Key required")

    def _health(self, _body: Json) -> httpx.Response:
        is_busy = self.documents.is_busy
        state = {"status": "healthy", "auth_mode": "disabled", "core_version": VERSION, "api_version": "0344"}
        return httpx.Response(200, json={**state, "pipeline_busy": is_busy, "pipeline_active": is_busy})

    def _insert(self, body: Json) -> httpx.Response:
        text, source = body.get("text", ""), re.split(r"[/\\]", body.get("file_source", ""))[-1]
        if self.recovery_required:
            return _said(503, "Pipeline requires recovery: the workspace is fenced.")
        if self.clearing:
            wait = "Wait for the running job to finish before submitting new work."
            return _said(409, f"Pipeline is clearing or deleting documents. {wait}")
        if not text.strip():
            where = {"type": "string_too_short", "loc": ["body", "text"], "input": text}
            return httpx.Response(422, json={"detail": [{**where, "msg": "String should have at least 1 character"}]})
        if not source:
            return _said(400, "A valid file_source is required for text insertion")
        if self.most and self.documents.in_work >= self.most:
            full = httpx.Response(429, headers={"retry-after": "30"}, json={"detail": "Pipeline is at capacity."})
            return full
        if known := self.documents.named(source):
            again = "Delete the existing record before re-inserting."
            return _said(409, f"Document storage already contains '{source}' (Status: {known['status']}). {again}")
        said = "Text successfully received. Processing will continue in background."
        return httpx.Response(
            200, json={"status": "success", "message": said, "track_id": self.documents.take(text, source)}
        )

    def _track(self, track: str) -> httpx.Response:
        found = self.documents.tracked(track)
        summary = {f"DocStatus.{document['status'].upper()}": 1 for document in found}
        body = {"track_id": track, "documents": found, "total_count": len(found), "status_summary": summary}
        return httpx.Response(200, json=body)

    def _list(self, body: Json) -> httpx.Response:
        size, page = body.get("page_size", 50), body.get("page", 1)
        if not 10 <= size <= 200:
            error = {"type": "greater_than_equal", "loc": ["body", "page_size"], "input": size}
            return httpx.Response(
                422, json={"detail": [{**error, "msg": "Input should be greater than or equal to 10"}]}
            )
        every = self.documents.listed(
            body.get("sort_field", "updated_at"), body.get("sort_direction", "desc") == "desc"
        )
        pages = -(-len(every) // size)
        where = {"page": page, "page_size": size, "total_count": len(every), "total_pages": pages}
        turn = {"has_next": page < pages, "has_prev": page > 1}
        shown = every[(page - 1) * size : page * size]
        body = {"documents": shown, "pagination": {**where, **turn}, "status_counts": self.documents.counts()}
        return httpx.Response(200, json=body)

    def _counts(self, _body: Json) -> httpx.Response:
        return httpx.Response(200, json={"status_counts": self.documents.counts()})

    def _pipeline(self, _body: Json) -> httpx.Response:
        state = {"busy": self.documents.is_busy, "job_name": "-", "job_start": None, "docs": 0, "batchs": 0}
        more = {"cur_batch": 0, "latest_message": "", "history_messages": [], "update_status": {}}
        fence = {"recovery_required": self.recovery_required, "recovery_kind": "", "recovery_message": ""}
        return httpx.Response(200, json={**state, **more, **fence})

    def _reprocess(self, _body: Json) -> httpx.Response:
        self.documents.reprocess()
        said = "Reprocessing of failed documents has been initiated in background"
        return httpx.Response(200, json={"status": "reprocessing_started", "message": said, "track_id": ""})

    def _delete(self, body: Json) -> httpx.Response:
        first = (body.get("doc_ids") or [""])[0]
        if self.documents.is_busy:
            said = {"status": "busy", "message": "Pipeline is busy with another operation."}
            return httpx.Response(200, json={**said, "doc_id": first})
        for id in body.get("doc_ids", ()):
            self.documents.stored.pop(id, None)
        said = {"status": "deletion_started", "message": "Document deletion has been initiated."}
        return httpx.Response(200, json={**said, "doc_id": first})

    def _query(self, body: Json) -> httpx.Response:
        """Never an error: without its models it finds nothing."""
        found = [] if self.documents.embedding_down else self.documents.search(body["query"])
        none = "No relevant context found for the query."
        references = [
            {"reference_id": str(n), "file_path": d["file_path"], "content": None} for n, d in enumerate(found, 1)
        ]
        said = {"response": " ".join(map(self.documents.text_of, found)) or none, "references": references}
        return httpx.Response(200, json={**said, "response_time": 0.1, "llm_generated": False})

    def _query_data(self, body: Json) -> httpx.Response:
        """Honest: without its models it fails."""
        needs_llm = body.get("mode", "mix") != "naive" and not body.get("hl_keywords")
        if self.documents.embedding_down or (needs_llm and self.documents.llm_down):
            return _said(500, f"Internal server error (error_id: {hashlib.sha256(b'').hexdigest()[:12]})")
        found = self.documents.search(body["query"])
        if not found:
            metadata = {"failure_reason": "no_results", "mode": body.get("mode", "mix")}
            said = {"status": "failure", "message": "No relevant document chunks found.", "data": {}}
            return httpx.Response(200, json={**said, "metadata": metadata})
        chunks = [
            {"reference_id": str(n), "content": self.documents.text_of(document), "file_path": document["file_path"]}
            for n, document in enumerate(found[: body.get("chunk_top_k") or 20], 1)
        ]
        data = {"entities": [], "relationships": [], "chunks": chunks, "references": []}
        said = {"status": "success", "message": "Query processed successfully", "data": data}
        return httpx.Response(200, json={**said, "metadata": {"query_mode": body.get("mode", "mix")}})


def _said(status: int, detail: str) -> httpx.Response:
    return httpx.Response(status, json={"detail": detail})
