"""Reads `[keys]` of config.toml again when the file changes; a bad table is said and the old keys stay."""

import asyncio
from collections.abc import Callable, Mapping
from pathlib import Path

from cockpit.surroundings import Surroundings
from factory.errors import SourceError
from widgets.lines import Tone


class KeyFeed:
    """Looks at the file once a second.

    Args:
        surroundings: The file, and what reads its keys.
        remap: Takes the keys; raises `Malformed` for a bad table and then keeps the old ones.
        say: Tells the operator.
    """

    def __init__(
        self,
        surroundings: Surroundings,
        remap: Callable[[Mapping[str, str]], None],
        say: Callable[[str, Tone], None],
    ) -> None:
        self._file = surroundings.config
        self._read = surroundings.read_keys
        self._remap = remap
        self._say = say
        self._stamp = stamp_of(self._file)
        self._looks = False

    async def look(self) -> None:
        """Look once; nothing happens while the file is the same, or while an earlier look has not come back."""
        if self._file is None or self._read is None or self._looks:
            return
        self._looks = True
        try:
            stamp = await asyncio.to_thread(stamp_of, self._file)
            if stamp != self._stamp:
                self._stamp = stamp
                self._remap(await asyncio.to_thread(self._read))
                self._say("The keys of config.toml hold now.", "good")
        except SourceError as error:
            self._say(f"The old keys stay. {error.message} {error.hint}".strip(), "bad")
        finally:
            self._looks = False


def stamp_of(file: Path | None) -> tuple[int, int]:
    """Time and size of the file; zeros when it is not there."""
    try:
        found = file.stat() if file else None
    except OSError:
        return (0, 0)
    return (found.st_mtime_ns, found.st_size) if found else (0, 0)
