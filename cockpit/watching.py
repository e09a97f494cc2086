"""Watches the evidence folder, and scans it now and then for what the watch missed."""

import asyncio
import os
import time
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from pathlib import Path

from cockpit.store import Seen, Store

RESCAN_S = 30.0
RETRY_S = 1.0

Watch = Callable[[Path], AsyncIterator[Iterable[str]]]
"""Paths below a folder that changed, a batch at a time."""
Scan = Mapping[str, tuple[int, int]]
"""Path of a file below the folder -> (mtime_ns, size)."""


async def watch_folder(root: Path) -> AsyncIterator[Iterable[str]]:
    """Changes below a folder, about ten milliseconds after they happened (watchfiles).

    Raises:
        OSError: the folder is gone or cannot be watched.
    """
    from watchfiles import awatch  # not at start-up: it costs the first paint

    async for changes in awatch(root, watch_filter=None, debounce=20, step=5):
        yield [path for _, path in changes]


class EvidenceFeed:
    """Says which runs have other evidence files than before.

    Args:
        root: Folder with one folder a run; it may not exist yet.
        store: Gets the age of this source.
        changed: Called on the event loop with the ids of runs whose files changed.
        watch: Where changes come from.
    """

    name = "evidence"

    def __init__(
        self,
        root: Path,
        store: Store,
        changed: Callable[[set[str]], None],
        watch: Watch = watch_folder,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._root = root
        self._store = store
        self._changed = changed
        self._watch = watch
        self._monotonic = monotonic
        self._files: Scan | None = None

    async def run(self) -> None:
        """Watch and rescan until cancelled."""
        async with asyncio.TaskGroup() as both:
            both.create_task(self._watching())
            both.create_task(self._rescanning())

    async def rescan(self) -> None:
        """Compare every file with the last scan; what differs was missed by the watch."""
        files = await asyncio.to_thread(scan, self._root)
        before, self._files = self._files, files
        if before is None:
            return
        different = {path for path in files.keys() | before.keys() if files.get(path) != before.get(path)}
        self._tell(different)

    async def _rescanning(self) -> None:
        while True:
            await self.rescan()
            await asyncio.sleep(RESCAN_S)

    async def _watching(self) -> None:
        while True:
            if await asyncio.to_thread(self._root.is_dir):
                await self._follow()
            await asyncio.sleep(RETRY_S)

    async def _follow(self) -> None:
        self._store.saw(self.name, Seen(self._monotonic(), True, is_quiet=True))
        problem = "the watch ended"
        try:
            async for paths in self._watch(self._root):
                self._store.saw(self.name, Seen(self._monotonic(), True, is_quiet=True))
                self._tell(paths)
        except (OSError, RuntimeError) as error:  # watchfiles reports a full inotify table as either
            problem = str(error)
        sentence = f"{self._root} cannot be watched ({problem}); it is scanned every {RESCAN_S:.0f} s."
        self._store.saw(self.name, Seen(self._monotonic(), True, sentence))

    def _tell(self, paths: Iterable[str]) -> None:
        runs = {run for path in paths if (run := run_of(self._root, path))}
        if runs:
            self._changed(runs)


def run_of(root: Path, path: str) -> str:
    """The run whose folder holds a path; empty for files that are still being written and for paths elsewhere."""
    if path.endswith(".tmp"):
        return ""
    relative = os.path.relpath(path, root) if Path(path).is_absolute() else path
    first = relative.split(os.sep, 1)[0]
    return "" if first in {os.curdir, os.pardir} else first


def scan(root: Path) -> Scan:
    """Every file below a folder; what vanishes meanwhile is left out. Links are not followed."""
    found: dict[str, tuple[int, int]] = {}
    folders = [str(root)]
    while folders:
        try:
            with os.scandir(folders.pop()) as entries:
                for entry in entries:
                    if entry.is_dir(follow_symlinks=False):
                        folders.append(entry.path)
                    else:
                        facts = entry.stat(follow_symlinks=False)
                        found[entry.path] = (facts.st_mtime_ns, facts.st_size)
        except OSError:
            continue
    return found
