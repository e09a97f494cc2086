"""The documents of a fake LightRAG: what it stores, what it only promised, and what becomes of both."""

import hashlib
from dataclasses import dataclass, field
from typing import Any

from factory.rules.words import words_of

Document = dict[str, Any]
IN_WORK = ("pending", "parsing", "analyzing", "preprocessed", "processing")
STATES = (*IN_WORK, "processed", "failed")


@dataclass
class Documents:
    """Nothing moves by itself: `work` is one moment of the server's own work, `kill` is its sudden end."""

    stored: dict[str, Document] = field(default_factory=dict)
    """By id, oldest first; as the server sends them."""
    llm_down: bool = False
    embedding_down: bool = False
    poison: str = ""
    """Text that the language model refuses for ever; empty = none."""
    _promised: list[Document] = field(default_factory=list)
    _texts: dict[str, str] = field(default_factory=dict)
    _is_awake: bool = True
    _moments: int = 0
    _tracks: int = 0

    def take(self, text: str, source: str) -> str:
        """Take a text into memory and return its track: nothing is stored before the next `work`."""
        self._is_awake = True
        self._tracks += 1
        track = f"insert_20261123_044113_{self._tracks:08x}"
        id = "doc-" + hashlib.md5(source.encode(), usedforsecurity=False).hexdigest()
        self._texts[id] = text
        self._promised.append(self._document(id, text, source, track))
        return track

    def named(self, source: str) -> Document | None:
        """The document that has a name."""
        every = [*self.stored.values(), *self._promised]
        return next((document for document in every if document["file_path"] == source), None)

    def tracked(self, track: str) -> list[Document]:
        """The stored documents of an insert."""
        return [document for document in self.stored.values() if document["track_id"] == track]

    def listed(self, sort_field: str, descending: bool) -> list[Document]:
        """All that are stored."""
        return sorted(self.stored.values(), key=lambda document: str(document[sort_field]), reverse=descending)

    def counts(self) -> dict[str, int]:
        """How many there are in each state."""
        states = [document["status"] for document in self.stored.values()]
        return {**{state: states.count(state) for state in STATES}, "all": len(states)}

    @property
    def in_work(self) -> int:
        """Documents that are not finished."""
        return len(self._promised) + sum(document["status"] in IN_WORK for document in self.stored.values())

    @property
    def is_busy(self) -> bool:
        """Whether it works on anything; after a start it does not, whatever is unfinished."""
        return self._is_awake and self.in_work > 0

    def work(self) -> None:
        """One moment: what was promised is stored, and what is stored goes one state on."""
        for document in list(self.stored.values()) if self._is_awake else ():
            if document["status"] in IN_WORK:
                self._go_on(document)
        for document in self._promised:
            twin = self._twin(document)
            self._store(self._duplicate(document, self.stored[twin]) if twin else document)
        self._promised.clear()

    def settle(self) -> None:
        """Work until nothing moves."""
        while self.is_busy:
            self.work()

    def kill(self) -> None:
        """Killed and started again: promises are gone, and nothing resumes."""
        self._promised.clear()
        self._is_awake = False

    def reprocess(self) -> None:
        """Wake up, and take failed documents up again; a duplicate stays one."""
        self._is_awake = True
        for document in self.stored.values():
            if document["status"] == "failed" and not document["metadata"].get("is_duplicate"):
                self._change(document, "pending")

    def search(self, text: str) -> list[Document]:
        """Processed documents with words in common, best first."""
        asked = words_of(text)
        done = [document for document in self.stored.values() if document["status"] == "processed"]
        scored = [(len(asked & words_of(self.text_of(document))), document) for document in done]
        return [document for score, document in sorted(scored, key=lambda pair: -pair[0]) if score]

    def text_of(self, document: Document) -> str:
        """The whole text of a document."""
        return self._texts[document["id"]]

    def _go_on(self, document: Document) -> None:
        if document["status"] != "processing":
            self._change(document, "processing")
        elif self.poison and self.poison in self.text_of(document):
            self._change(document, "failed", "BadRequestError: Error code: 400 - refused by the model")
        elif self.llm_down or self.embedding_down:
            self._change(document, "failed", "RetryError[<Future state=finished raised APIConnectionError>]")
        else:
            self._change(document, "processed")

    def _change(self, document: Document, status: str, error: str | None = None) -> None:
        self._moments += 1
        document.update(status=status, error_msg=error, updated_at=self._now())

    def _now(self) -> str:
        return f"2026-11-23T04:{self._moments // 60_000_000:02}:13.{self._moments:06}+00:00"

    def _document(self, id: str, text: str, source: str, track: str) -> Document:
        self._moments += 1
        times = {"created_at": self._now(), "updated_at": self._now()}
        about = {"content_summary": text[:250], "content_length": len(text), "file_path": source, "track_id": track}
        return {"id": id, "status": "pending", "chunks_count": 1, "error_msg": None, "metadata": {}, **about, **times}

    def _twin(self, document: Document) -> str:
        """The id of another document with the same text; empty = there is none."""
        text = self._texts[document["id"]]
        return next((id for id in self.stored if id.startswith("doc-") and self._texts[id] == text), "")

    def _duplicate(self, document: Document, original: Document) -> Document:
        metadata = {
            "is_duplicate": True, "duplicate_kind": "content_hash",
            "original_doc_id": original["id"], "original_track_id": original["track_id"],
        }  # fmt: skip
        id = "dup-" + document["id"].removeprefix("doc-")
        self._texts[id] = self._texts[document["id"]]
        said = f"Identical content already exists under another filename. Original doc_id: {original['id']}"
        return {**document, "id": id, "status": "failed", "error_msg": said, "metadata": metadata, "chunks_count": 0}

    def _store(self, document: Document) -> None:
        self.stored[document["id"]] = document
