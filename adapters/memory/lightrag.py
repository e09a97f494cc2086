"""The outbox target "lightrag": lessons that a LightRAG keeps. Accepted is not indexed, and indexed is what counts."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Literal

from adapters.memory.lightrag_client import NAME, LightRagClient
from adapters.memory.lightrag_names import Lesson, lesson_of
from adapters.memory.lightrag_watch import ROUNDS, Watched
from adapters.memory.lightrag_wire import WireDocument
from factory.errors import Refused, SourceError, Unreachable
from factory.model.outbox import OutboxItem
from factory.ports.knowledge import Known, nothing_known
from factory.rules.visible import one_line

AT_ONCE = 4
"""So many documents may be on their way: more freeze the server's queue."""
LOST_S = 60.0
"""A document that the server does not know for so long died with it."""
STUCK_S = 900.0
SEARCH_EVERY_S = 600.0
"""A search asks a model, which may cost something."""
CANARY = "What does the factory remember?"
NUDGE_EVERY_S = 30.0
"""One nudge is for all documents, and takes a while to show."""


class LightRagTarget:
    """`Target` "lightrag": operation `remember`. An item has arrived when the server has processed its document.

    Args:
        project: First part of the names of our documents.
        clock: Seconds that never go back.
        lost_s: After which a document that the server does not know is sent again.
        nudge_every_s: How often it may be told to try failed documents again.
    """

    name = "lightrag"
    asks = "GET /health and GET /documents/status_counts with the key; each ten minutes POST /query/data"

    def __init__(
        self,
        client: LightRagClient,
        project: str,
        clock: Callable[[], float] = time.monotonic,
        lost_s: float = LOST_S,
        nudge_every_s: float = NUDGE_EVERY_S,
    ) -> None:
        self._client = client
        self._project = project
        self._clock = clock
        self._lost_s = lost_s
        self._nudge_every_s = nudge_every_s
        self._nudged = self._searched = float("-inf")
        self._may_sleep = True
        """It may have been started again since we last looked: what it was doing then is not resumed by itself."""
        self._given_up: dict[str, str] = {}
        """Items that it failed over too often, with what it said last."""
        self._watched = Watched()

    def close(self) -> None:
        """Close its connections."""
        self._client.close()

    def probe(self) -> str:
        """Its version, once the key and the models that it searches with were seen to work.

        Raises:
            Unreachable: no answer, a wrong key, or `degraded`: it lives, and cannot search.
        """
        release = self._client.health().core_version
        self._client.counts()
        if self._clock() - self._searched >= SEARCH_EVERY_S:
            self._search()
            self._searched = self._clock()
        return release

    def _search(self) -> None:
        try:
            self._client.ask(CANARY, 1)
        except Unreachable as error:
            said = f"{NAME} is up, but cannot search: {error.message}"
            raise Unreachable(said, "Look at the models behind it.", "degraded") from error

    def deliver(self, item: OutboxItem, _known: Known = nothing_known) -> tuple[Literal["accepted", "delivered"], str]:
        """Send a lesson; one that is there under its name is looked at like one that was taken.

        Raises:
            Unreachable: no answer, no room, a job that shuts others out, or models that do not answer.
            Refused: it never takes this, or failed over it too often.
        """
        lesson = lesson_of(item, self._project)
        if said := self._given_up.pop(item.id, ""):
            raise Refused(f"{NAME} failed {ROUNDS} times over {lesson.source}: {said}", "See its log, then requeue it.")
        self._check_models()
        with self._speaking():
            inserted = self._client.insert(lesson.text, lesson.source)
        return "accepted", f"{lesson.source}#{inserted.track}"

    def confirm(self, item: OutboxItem) -> bool:
        """Whether the server has processed the lesson.

        Raises:
            Unreachable: no answer, a recovery that waits for a person, or models that do not answer.
            Refused: it is lost, or was given up; the next delivery sends it again, or says why not.
        """
        lesson = lesson_of(item, self._project)
        if not item.remote_ref:
            raise Refused(f"{NAME} was never sent {lesson.source}.", code="gone")
        with self._speaking():
            arrived = self._look(item, lesson)
        self._check_models()
        return arrived

    def _look(self, item: OutboxItem, lesson: Lesson) -> bool:
        track = item.remote_ref.partition("#")[2]
        document = self._client.track(track) if track else self._client.find(lesson.source)
        if document is None and not track:  # no longer among the newest: the name alone will say
            return self._by_name(lesson)
        if document is None:
            return self._missing(item, lesson)
        self._watched.of(item.id).missing_since = None
        if document.is_duplicate:
            document = self._original(document) or document
        if document.status == "processed":
            self._watched.saw_processed(item.id, document)
            return True
        if document.status == "failed":
            return self._failed(item, document)
        return self._in_work(item, document)

    def _by_name(self, lesson: Lesson) -> bool:
        """What a second insert says, which is refused with the state of the first; a lost one is sent by it again."""
        status = self._client.insert(lesson.text, lesson.source).status
        if status == "failed":
            self._nudge()
        return status == "processed"

    def _original(self, duplicate: WireDocument) -> WireDocument | None:
        """The document with the same text under another name; it is what has to be processed."""
        track = duplicate.metadata.original_track_id if duplicate.metadata else ""
        return self._client.track(track) if track else None

    def _missing(self, item: OutboxItem, lesson: Lesson) -> bool:
        """Not written yet, or lost with the server."""
        watch, now = self._watched.of(item.id), self._clock()
        watch.missing_since = now if watch.missing_since is None else watch.missing_since
        if now - watch.missing_since < self._lost_s:
            return False
        self._watched.forget(item.id)
        raise Refused(f"{NAME} has lost {lesson.source}; it is sent again.", code="gone")

    def _failed(self, item: OutboxItem, document: WireDocument) -> bool:
        """Failed: the server is told to try again, which is the only way; a second insert is refused."""
        if self._watched.saw_failed(item.id, document) >= ROUNDS:
            self._watched.forget(item.id)
            said = one_line(document.error_msg or "it does not say why")[:200]
            self._given_up[item.id] = said
            raise Refused(f"{NAME} cannot process it: {said}", code="gone")
        self._nudge()
        return False

    def _in_work(self, item: OutboxItem, document: WireDocument) -> bool:
        """At work, as far as it says; one that rests and does not know it is woken."""
        is_stuck = self._watched.of(item.id).is_still(document, self._clock()) >= STUCK_S
        if is_stuck or self._may_sleep:
            pipeline = self._client.pipeline()
            if pipeline.recovery_required:
                raise Unreachable(f"{NAME} waits for a recovery.", "A person has to clear it there.")
            if pipeline.busy or self._nudge():
                self._may_sleep = False
        return False

    def _nudge(self) -> bool:
        """Have all failed and interrupted documents tried again, unless that was asked for a moment ago."""
        if self._clock() - self._nudged < self._nudge_every_s:
            return False
        self._client.reprocess()
        self._nudged = self._clock()
        return True

    def _check_models(self) -> None:
        """A server without its models takes everything and keeps nothing: that is an outage, whatever it says."""
        if self._watched.models_are_away:
            said = one_line(self._watched.problem)[:200]
            raise Unreachable(f"{NAME} is up, but its models do not answer: {said}", "Look at the models behind it.")

    @contextmanager
    def _speaking(self) -> Iterator[None]:
        """Remembers that the server was away: what it was doing is not resumed by itself."""
        try:
            yield
        except SourceError as error:
            if not isinstance(error, Refused):
                self._may_sleep = True
            raise
