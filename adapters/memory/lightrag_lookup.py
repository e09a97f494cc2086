"""Looking something up in a LightRAG."""

from collections.abc import Callable, Sequence
from contextlib import closing

from adapters.memory.lightrag_client import NAME, LightRagClient
from adapters.memory.with_lightrag import hints_of
from factory.ports.lookup import Found
from factory.rules.fitting import Wanted


class LightRagLookup:
    """`Lookup` over the documents of a LightRAG, which finds more than words.

    Args:
        opened: Opens the client for one question.
    """

    name = NAME

    def __init__(self, opened: Callable[[], LightRagClient]) -> None:
        self._opened = opened

    def find(self, text: str, limit: int) -> tuple[Sequence[Found], str]:
        """What it finds, in its order. Raises `Unreachable`."""
        wanted = Wanted(text)
        with closing(self._opened()) as client:
            hints = hints_of(client, text, limit)
        found = [Found("lightrag", wanted.line(one.text), one.text, one.ref, wanted.score(one.text)) for one in hints]
        return found, ""
