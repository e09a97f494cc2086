"""Keeps what the operator chose in the home: read once, written a moment after each change, never on the key path."""

import asyncio
import threading
from collections.abc import Callable
from pathlib import Path

from cockpit.choices import Choices
from cockpit.kept_choices import Kept, keep, kept_of, read_kept
from factory.errors import SourceError
from widgets.lines import Tone

QUIET_S = 0.3
"""Words are typed letter by letter; the file is written when the hands rest."""
LAST_S = 0.3
"""A disk that does not answer holds nobody longer than this."""


class Keeping:
    """A feed in the other direction: from the screen to the disk.

    Args:
        file: Where; None keeps nothing.
        begin: Gets what was kept, once.
        say: Tells the operator what went wrong, once each.
    """

    name = "choices"

    def __init__(self, file: Path | None, begin: Callable[[Kept], None], say: Callable[[str, Tone], None]) -> None:
        self._file = file
        self._begin = begin
        self._say = say
        self._base: Kept | None = None
        """What the file and this cockpit agreed on last; None before it was read."""
        self._mine = Kept()
        self._changed = asyncio.Event()
        self._was_refused = False

    @property
    def has_read(self) -> bool:
        """Whether it is known what was kept before."""
        return self._base is not None

    def note(self, choices: Choices) -> None:
        """The operator chose something. Costs a comparison."""
        mine = kept_of(choices)
        if mine != self._mine:
            self._mine = mine
            self._changed.set()

    async def run(self) -> None:
        """Read once, then write whenever something was chosen."""
        if self._file is None:
            return
        if self._base is None:
            await self._read(self._file)
        while True:
            await self._changed.wait()
            await asyncio.sleep(QUIET_S)
            self._changed.clear()
            await self._write(self._file)

    def finish(self) -> None:
        """Write what was chosen last, before the cockpit is left."""
        if self._file is None or self._base is None or self._mine == self._base:
            return
        last = threading.Thread(target=self._last, args=(self._file, self._base, self._mine), daemon=True)
        last.start()
        last.join(LAST_S)

    async def _read(self, file: Path) -> None:
        try:
            kept = await asyncio.to_thread(read_kept, file)
        except SourceError as error:
            self._base = Kept()
            self._say(f"{error.message} {error.hint}", "warn")
            return
        self._base = kept
        if kept != Kept():
            self._begin(kept)

    async def _write(self, file: Path) -> None:
        base, mine = self._base or Kept(), self._mine
        if base == mine:
            return
        try:
            await asyncio.to_thread(_keep_changes, file, base, mine)
        except OSError as error:
            if not self._was_refused:
                self._say(f"Marks and mutes are not kept: {file}: {error.strerror}.", "warn")
            self._was_refused = True
            return
        self._base, self._was_refused = mine, False

    @staticmethod
    def _last(file: Path, base: Kept, mine: Kept) -> None:
        try:
            _keep_changes(file, base, mine)
        except OSError:
            return  # said already while the screen was up, or nobody is there to read it


def _keep_changes(file: Path, base: Kept, mine: Kept) -> None:
    try:
        there = read_kept(file)
    except SourceError:
        there = base
    keep(file, there.after(base, mine))
