"""The search on a page: a word, where it was found, and which hit comes next."""

import asyncio
from collections.abc import Sequence

from widgets.lines import Line
from widgets.plain import visible
from widgets.viewers.search import find_hits, next_hit


class Finding:
    """One search. Rows are searched again only when they are others."""

    def __init__(self) -> None:
        self.word = ""
        self.is_new = False
        """Nothing was looked for since the word was typed."""
        self._rows: Sequence[Line] = ()
        self._hits: list[int] = []

    def begin(self, word: str) -> None:
        """Search for another word."""
        self.word = word.strip()
        self.is_new = True

    def end(self) -> None:
        """Search for nothing."""
        self.begin("")

    async def hit(self, rows: Sequence[Line], here: int, step: int) -> tuple[int | None, str]:
        """The next hit after a row (before it when `step` is negative), and what to say about it."""
        if not self.word:
            return None, "Nothing is searched."
        if self.is_new or rows is not self._rows:
            self._hits = await asyncio.to_thread(find_hits, rows, self.word)
            self._rows, self.is_new = rows, False
        found = next_hit(self._hits, here, step)
        named = visible(self.word, 60)
        if found is None:
            return None, f"{named} is nowhere on this page."
        return found, f"{named}: {self._hits.index(found) + 1} of {len(self._hits)}; n N go on, esc ends"
