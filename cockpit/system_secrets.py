"""The secrets of the systems around the factory, read in the worker alone."""

from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from adapters.credentials import read_secret
from factory.errors import Malformed, SourceError


class Secrets:
    """The secrets of the systems, read where the settings say they are.

    Args:
        known: Other values that no evidence may hold.
    """

    def __init__(self, home: Path, known: Iterable[bytes] = ()) -> None:
        self._home = home
        self.values = list(known)
        """Those, and what was read so far; of a token `ID:SECRET` the second part too."""

    def read(self, place: str) -> str:
        """The secret at a place; none when no place is configured. Raises what `read_secret` raises."""
        if not place:
            return ""
        secret = read_secret(place, self._home)
        self.values += {secret.encode(), secret.partition(":")[2].encode()} - {b"", *self.values}
        return secret

    def read_token(self, place: str) -> str:
        """A secret that goes into a header. Raises `Malformed` too: no header can hold it."""
        token = self.read(place)
        if not (token.isascii() and token.isprintable()):
            raise Malformed(f"The secret at {place} is not one line of plain characters.", "Store the token alone.")
        return token

    def read_early(self, *places: str) -> None:
        """Know them before the first item is written; a keyring may ask somebody first, and waits for that."""
        for place in places:
            if not place.startswith("keyring:"):
                with suppress(SourceError):  # said when it is needed
                    self.read(place)
