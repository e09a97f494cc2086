"""Memory that asks a LightRAG too: for as long as a prompt may wait, and never instead of the memory of the home."""

import logging
import time
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import chain, zip_longest

from adapters.memory.lightrag_client import NAME, LightRagClient
from adapters.memory.lightrag_names import run_of
from adapters.memory.lightrag_wire import WireChunk
from factory.errors import SourceError, Unreachable
from factory.ports.knowledge import Hint, Memory

SCHEME = "rag://"
KNOCK_S = 0.3
"""How long a recall waits for one that did not answer the last time; it is still asked, so that it is noticed again."""
_AT_ONCE = 4
_EARLY = "What does the factory remember?"

_log = logging.getLogger(__name__)


class MemoryWithLightRag:
    """`Memory`: the hints of the home, with those of a LightRAG among them.

    Args:
        local: Always asked, and always filled.
        client: With timeouts no longer than `recall_s`.
        recall_s: How long a recall waits for a LightRAG that answered the last time that it was asked. An outage must
            not cost every prompt that much.
    """

    def __init__(self, local: Memory, client: LightRagClient, recall_s: float) -> None:
        self._local = local
        self._client = client
        self._recall_s = recall_s
        self._answers = False
        self._threads = ThreadPoolExecutor(_AT_ONCE, "recall")

    def recall(self, text: str, limit: int = 5) -> tuple[Hint, ...]:
        """The best of both in turn, each once; without the LightRAG when that is down or slow, which the log says.

        Raises:
            Unreachable: neither answers.
        """
        wait_s = self._recall_s if self._answers else min(KNOCK_S, self._recall_s)
        end = time.monotonic() + wait_s
        asked = self._threads.submit(self._ask, text, limit)
        try:
            own = self._local.recall(text, limit)
        except SourceError:
            return self._answer(asked, end)[:limit]
        try:
            return merged(own, self._answer(asked, end), limit)
        except SourceError as error:
            _log.warning("Recalled without %s: %s", NAME, error.message)
            return own

    def ask_early(self) -> None:
        """Find out whether the LightRAG answers before the first prompt wants to know; waits for nothing."""
        self._threads.submit(self._ask, _EARLY, 1)

    def owns(self, source: str) -> bool:
        """Whether a source offered as evidence is a memory record; a reference to the LightRAG is one too."""
        return source.strip().lower().startswith(SCHEME) or self._local.owns(source)

    def close(self) -> None:
        """Wait for what is still being asked, which is never long, and give the connections back."""
        self._threads.shutdown()
        self._client.close()

    def _ask(self, text: str, limit: int) -> tuple[Hint, ...]:
        """Ask, and note whether it answers, though nobody may be waiting any more."""
        try:
            hints = hints_of(self._client, text, limit)
        except SourceError:
            self._answers = False
            raise
        self._answers = True
        return hints

    def _answer(self, asked: Future[tuple[Hint, ...]], end: float) -> tuple[Hint, ...]:
        try:
            return asked.result(max(0.0, end - time.monotonic()))
        except TimeoutError as error:
            asked.cancel()
            self._answers = False
            raise Unreachable(f"{NAME} did not answer in time.", code="timeout") from error


def hints_of(client: LightRagClient, text: str, limit: int) -> tuple[Hint, ...]:
    """What a LightRAG finds for a text, one hint a document, best first; nothing found is no error.

    Raises:
        Unreachable: it, or the model that it searches with, does not answer.
    """
    if len(text.strip()) < 3 or limit < 1:
        return ()
    found: dict[str, WireChunk] = {}
    for chunk in client.ask(text, limit):
        found.setdefault(chunk.file_path or chunk.content, chunk)
    return tuple(Hint(f"{SCHEME}{chunk.file_path}", chunk.content) for chunk in found.values())


def merged(own: Sequence[Hint], theirs: Sequence[Hint], limit: int) -> tuple[Hint, ...]:
    """Hints of both in turn; a lesson of ours that came back stands there once, as it stands here."""
    known = {hint.ref.partition("://")[2] for hint in own}
    new = [hint for hint in theirs if not _is_among(known, run_of(hint.ref.removeprefix(SCHEME)))]
    both = chain.from_iterable(zip_longest(own, new))
    return tuple(hint for hint in both if hint is not None)[:limit]


def _is_among(known: set[str], run: str) -> bool:
    return bool(run) and any(id == run or id.startswith(f"{run}-") for id in known)
