"""What is remembered of documents that a LightRAG is working on: for as long as the worker lives, and in no file."""

import re
from dataclasses import dataclass

from adapters.memory.lightrag_wire import WireDocument

ROUNDS = 5
"""So often may a document fail, while others are processed, before it is given up."""
_AWAY = re.compile(
    r"APIConnectionError|APITimeoutError|InternalServerError|RateLimitError|AuthenticationError|PermissionDenied"
    r"|timeout|timed out",
    re.IGNORECASE,
)
"""Failures of the models behind the server: they end by themselves, or when an operator acts."""


@dataclass
class Watch:
    """One document."""

    missing_since: float | None = None
    updated_at: str = ""
    """When the server last changed it, and when we saw that change."""
    changed: float = 0.0
    failed_at: str = ""
    """Its last failure, by the server's clock."""
    rounds: int = 0

    def is_still(self, document: WireDocument, now: float) -> float:
        """Seconds without a change."""
        if self.updated_at != document.updated_at:
            self.updated_at, self.changed = document.updated_at or "", now
        return now - self.changed


class Watched:
    """All documents, and whether the models behind the server are away.

    They are when a document failed for want of them and none was processed since. A document that fails again although
    others were processed in between is at fault itself: its rounds are counted.
    """

    def __init__(self) -> None:
        self._documents: dict[str, Watch] = {}
        self._waiting: dict[str, str] = {}
        self._processed_at = ""
        self.problem = ""
        """What the last document said that failed for want of a model."""

    @property
    def models_are_away(self) -> bool:
        """Whether documents fail because of the models."""
        return bool(self._waiting)

    def of(self, item: str) -> Watch:
        """What is known of an item's document."""
        return self._documents.setdefault(item, Watch())

    def forget(self, item: str) -> None:
        """It is over, or on its way again."""
        self._documents.pop(item, None)
        self._waiting.pop(item, None)

    def saw_processed(self, item: str, document: WireDocument) -> None:
        """The models work, or did at that time."""
        self.forget(item)
        self._processed_at = max(self._processed_at, document.updated_at or "")
        self._waiting = {name: at for name, at in self._waiting.items() if at > self._processed_at}

    def saw_failed(self, item: str, document: WireDocument) -> int:
        """Note a failure, which may be known already; returns in how many rounds the document itself was at fault."""
        watch, failed_at = self.of(item), document.updated_at or ""
        if watch.failed_at != failed_at:
            said = document.error_msg or ""
            others_work = bool(watch.failed_at) and watch.failed_at < self._processed_at
            is_own_fault = watch.rounds > 0 or others_work or not _AWAY.search(said)
            watch.failed_at = failed_at
            if is_own_fault:
                self._waiting.pop(item, None)
                watch.rounds += 1
            else:
                self._waiting[item] = failed_at
                self.problem = said
        return watch.rounds
