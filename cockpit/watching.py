"""Watches the evidence folder, and scans it now and then for what the watch missed."""

import asyncio
import os
import time
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from pathlib import Path

from adapters.file_watch import watch_file, watch_folder
from cockpit.feeds import LedgerFeed
from cockpit.pacing import Pace
from cockpit.store import Seen, Store

RESCAN_S = 30.0
RETRY_S = 1.0
NOT_YET = "No evidence yet: its folder comes with the first goal."

Watch = Callable[[Path], AsyncIterator[Iterable[str]]]
"""Paths below a folder that changed, a batch at a time."""
Scan = Mapping[str, tuple[int, int]]
"""Path of a file below the folder -> (mtime_ns, size)."""


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
        retry_s: float = RETRY_S,
    ) -> None:
        self._retry_s = retry_s
        self._root = root
        self._store = store
        self._changed = changed
        self._watch = watch
        self._monotonic = monotonic
        self._files: Scan | None = None
        self._was_there = False
        self._written: set[str] = set()
        """Paths that changed since the last time anybody was told."""
        self._telling = Pace(self._tell_written, asyncio.get_running_loop)

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
                self._was_there = True
                await self._follow()
            elif not self._was_there:
                self._store.saw(self.name, Seen(self._monotonic(), False, NOT_YET, is_idle=True))
            await asyncio.sleep(self._retry_s)

    async def _follow(self) -> None:
        self._store.saw(self.name, Seen(self._monotonic(), True, is_quiet=True))
        problem, answered = "the watch ended", True
        try:
            async for paths in self._watch(self._root):
                self._store.saw(self.name, Seen(self._monotonic(), True, is_quiet=True))
                self._written.update(paths)  # thousands may come in a second: they are told ten times
                self._telling.wish()
        except FileNotFoundError:
            answered = False
        except (OSError, RuntimeError) as error:  # watchfiles reports a full inotify table as either
            problem = str(error)
        scanned = f"{self._root} cannot be watched ({problem}); it is scanned every {RESCAN_S:.0f} s."
        sentence = scanned if answered else f"{self._root} is gone: no evidence can be shown or proven. Bring it back."
        self._store.saw(self.name, Seen(self._monotonic(), answered, sentence))

    def _tell_written(self) -> None:
        paths, self._written = self._written, set()
        self._tell(paths)

    def _tell(self, paths: Iterable[str]) -> None:
        runs = {run for path in paths if (run := run_of(self._root, path))}
        if runs:
            self._changed(runs)


class LedgerWatch:
    """Wakes the feed of the ledger when its file is written, so that the feed need not ask ten times a second.

    Args:
        file: The ledger.
        feed: Goes on asking by itself, seldom while this watches.
        watch: Where changes come from.
    """

    name = "ledger"

    def __init__(self, file: Path, feed: LedgerFeed, watch: Watch = watch_file) -> None:
        self._file = file
        self._feed = feed
        self._watch = watch

    async def run(self) -> None:
        """Watch until cancelled."""
        while True:
            try:
                async for _ in self._watch(self._file):
                    self._feed.changed()
            except OSError:
                self._feed.is_told = False  # it asks as often as ever, and says what it finds
            await asyncio.sleep(RESCAN_S)


def run_of(root: Path, path: str) -> str:
    """The run whose folder holds a path; empty for files that are still being written and for paths elsewhere."""
    if path.endswith(".tmp"):
        return ""
    relative = path.removeprefix(f"{root}{os.sep}")
    if relative.startswith(os.sep):
        relative = os.path.relpath(path, root)
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
