"""Text made comparable, and the words that are looked for in it."""

import re
import unicodedata
from collections.abc import Iterable

# Letters with a stroke are letters of their own to Unicode: stripping diacritics leaves them as they are.
_STROKES = str.maketrans({"đ": "d", "ł": "l", "ø": "o", "ħ": "h", "ŧ": "t"})


def normalise(text: str) -> str:
    """The text in one case, without diacritics, with single spaces: `Greška  Plaćanja` is `greska placanja`."""
    folded = unicodedata.normalize("NFKC", text).casefold().translate(_STROKES)
    bare = (character for character in unicodedata.normalize("NFKD", folded) if not unicodedata.combining(character))
    return " ".join(unicodedata.normalize("NFC", "".join(bare)).split())


def words_of(text: str) -> frozenset[str]:
    """The different words of a text, normalised; `camelCase`, `snake_case` and paths count as their parts too."""
    apart = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", text)
    return frozenset(re.findall(r"[^\W_]+", normalise(f"{text} {apart}")))


def has_word(pattern: str, words: Iterable[str]) -> bool:
    """Whether one of the (normalised) words is the pattern; one that ends in `*` stands for every ending."""
    wanted = normalise(pattern)
    if wanted.endswith("*"):
        return any(word.startswith(wanted[:-1]) for word in words)
    return wanted in words
