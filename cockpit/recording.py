"""A recording of the screen as an asciicast (version 2): what the terminal was told, when, without what is secret."""

import json
import os
import re
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from queue import SimpleQueue

from factory.rules.redaction import redact

MOST_BYTES = 256 << 20
"""A recording that nobody stops ends here."""
LAST_S = 2.0
"""A disk that does not answer holds nobody longer than this."""

_LEFT_OUT = re.compile(
    r"\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)"  # titles, notifications, links and the clipboard
    r"|\x1bP(?:\x1b\x1b|[^\x1b])*\x1b\\"  # the same through tmux
    r"|\x1b\[2[23];[0-9;]*t"  # a title that is kept or given back
    r"|\x1b\[\?(?!(?:25|1049|2026)[hl])[0-9;]*(?:\$p|[hlu])"  # keyboard and mouse belong to whoever plays it
    r"|\x1b\[[<>=][0-9;]*u|\x07"
)
_MOVES = re.compile(r"(\x1b\[[0-?]*[ -/]*[@-ln-~]|[\r\n]+)")
"""All that ends a run of text; colours do not."""
_COLOURS = re.compile(r"\x1b\[[0-9;:]*m")
_KEY_LINE = re.compile(r"(?=[A-Z0-9+/]*[a-z])(?=[a-z0-9+/]*[A-Z])[A-Za-z0-9+/]{60,}={0,2}")
"""A line of a private key whose first line is not on screen."""


class Recording:
    """Takes what goes to the terminal and writes it down in a thread of its own.

    Args:
        file: Must not be there yet; it is for its owner alone.
        size: Columns and lines.
        at: Seconds since 1970, for the header.
        clock: Seconds that only grow.

    Raises:
        OSError: the file cannot be made.
    """

    def __init__(self, file: Path, size: tuple[int, int], at: int, clock: Callable[[], float] = time.monotonic) -> None:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
        self._file = os.fdopen(os.open(file, flags, 0o600), "w", encoding="utf-8", newline="\n")
        self.file = file
        self.problem = ""
        """Why it is not whole; empty when it is."""
        self._clock = clock
        self._began = clock()
        self._written = 0
        self._queue: SimpleQueue[tuple[float, str, str] | None] = SimpleQueue()
        header = {"version": 2, "width": size[0], "height": size[1], "timestamp": at, "title": "cockpit"}
        self._line(header)
        self._thread = threading.Thread(target=self._run, name="recording", daemon=True)
        self._thread.start()

    def wrote(self, data: str) -> None:
        """The terminal was told this."""
        self._queue.put((self._clock(), "o", data))

    def resized(self, columns: int, lines: int) -> None:
        """The terminal has another size."""
        self._queue.put((self._clock(), "r", f"{columns}x{lines}"))

    def stop(self) -> None:
        """End it; what came until now is in the file afterwards."""
        self._queue.put(None)
        self._thread.join(LAST_S)
        if self._thread.is_alive():
            self.problem = "the disk does not answer"

    def _run(self) -> None:
        try:
            while (event := self._queue.get()) is not None:
                self._event(*event)
                if self._queue.empty():
                    self._file.flush()
        except OSError as error:
            self.problem = os.strerror(error.errno or 0)
        with suppress(OSError):
            self._file.close()

    def _event(self, at: float, kind: str, data: str) -> None:
        said = safe(data) if kind == "o" else data
        if not said or self.problem:
            return
        if self._written > MOST_BYTES:
            self.problem = f"it ended at {MOST_BYTES >> 20} MiB"
            return
        self._line([round(at - self._began, 6), kind, said])

    def _line(self, value: object) -> None:
        self._written += self._file.write(json.dumps(value, ensure_ascii=False) + "\n")


def safe(data: str) -> str:
    """What may be kept of something that was written to a terminal."""
    parts = _MOVES.split(_LEFT_OUT.sub("", data))
    return "".join(part if number % 2 else _redacted(part) for number, part in enumerate(parts))


def _redacted(run: str) -> str:
    """A run of text without its secrets, as wide as it was; where there were some, in one colour."""
    plain = _COLOURS.sub("", run)
    found, count = redact(plain.encode("utf-8", "replace"))
    cut = _KEY_LINE.sub("[redacted]", found.decode("utf-8", "replace"))
    if not count and cut == plain:
        return run
    first = _COLOURS.match(run)
    return f"{first.group() if first else ''}{cut[: len(plain)].ljust(len(plain))}\x1b[0m"
