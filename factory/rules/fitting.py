"""How well a text fits what somebody looks for: by the words that say something."""

from factory.rules.common_words import COMMON_WORDS
from factory.rules.words import words_of

MAX_CHARS = 300


class Wanted:
    """The telling words of a question; all of its words when none tells anything."""

    def __init__(self, text: str) -> None:
        every = words_of(text)
        self._words = (every - COMMON_WORDS) or every

    def score(self, *texts: str) -> float:
        """Which part of the words stands in the texts together: 0 to 1, two digits."""
        there = words_of(" ".join(texts))
        return round(len(self._words & there) / len(self._words), 2) if self._words else 0.0

    def line(self, text: str) -> str:
        """The line of a text with the most of the words, the first of several; cut to 300 characters."""
        lines = [line.strip() for line in text.splitlines() if line.strip()] or [""]
        best = max(lines, key=lambda line: len(self._words & words_of(line)))
        return best if len(best) <= MAX_CHARS else f"{best[: MAX_CHARS - 1]}…"
