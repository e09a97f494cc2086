"""Says what changed below a folder or in a file: inotify where there is one, else watchfiles.

inotify costs nothing while nothing happens; watchfiles looks two hundred times a second. Either may miss something
(a full queue, a folder that was just made), so whoever listens also looks for himself now and then.
"""

import asyncio
import sys
from collections.abc import AsyncIterator, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from asyncinotify import Event, Inotify

Changes = AsyncIterator[Iterable[str]]
"""Paths that changed, a batch at a time."""
GATHERED_S = 0.05
"""After a write to a file the next ones are left to the kernel for so long: it makes one of them."""
HAS_INOTIFY = sys.platform == "linux"


async def watch_folder(root: Path) -> Changes:
    """Files below a folder that were written, renamed or removed, within milliseconds.

    Raises:
        FileNotFoundError: the folder is gone.
        OSError: it cannot be watched; the table of watches is full, for instance.
    """
    async for paths in _inotify_folder(root) if HAS_INOTIFY else _watchfiles(root):
        yield paths


async def watch_file(file: Path) -> Changes:
    """Writes to a file and to those that begin with its name (`ledger.db`, `ledger.db-wal`); only with inotify.

    The first batch is empty: from then on nothing is missed.

    Raises:
        OSError: its folder is gone or cannot be watched.
    """
    from asyncinotify import Inotify, Mask

    with Inotify() as inotify:
        inotify.add_watch(file.parent, Mask.MODIFY | Mask.MOVED_TO | Mask.DELETE | Mask.DELETE_SELF | Mask.MOVE_SELF)
        yield []
        async for event in inotify:
            if event.mask & (Mask.DELETE_SELF | Mask.MOVE_SELF):
                raise FileNotFoundError(f"{file.parent} is gone")
            if event.name is not None and event.name.name.startswith(file.name):
                yield [str(event.path)]
                await asyncio.sleep(GATHERED_S)


async def _inotify_folder(root: Path) -> Changes:
    from asyncinotify import Mask, RecursiveInotify  # not at start-up: it costs the first picture

    mask = Mask.CLOSE_WRITE | Mask.DELETE | Mask.DELETE_SELF | Mask.MOVE_SELF
    with RecursiveInotify() as inotify:
        try:
            watches = await asyncio.to_thread(inotify.add_recursive_watch, root, mask)
        except ValueError as error:
            raise FileNotFoundError(f"{root} is no folder") from error
        while True:
            event = await _next(inotify)
            if event is None:
                continue
            if event.watch in watches[:1] and event.mask & (Mask.DELETE_SELF | Mask.MOVE_SELF | Mask.IGNORED):
                raise FileNotFoundError(f"{root} is gone")
            yield [str(event.path)] if event.path else []


async def _next(inotify: "Inotify") -> "Event | None":
    """The next event; None when a new folder was gone again before it could be watched."""
    try:
        return await inotify.get()
    except (FileNotFoundError, ValueError):
        return None


async def _watchfiles(root: Path) -> Changes:
    from watchfiles import awatch

    async for changes in awatch(root, watch_filter=None, debounce=20, step=5):
        yield [path for _, path in changes]
