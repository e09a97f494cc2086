"""Writes a flight: one run as a file that can be replayed where there is no ledger."""

import os
import stat
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from adapters.evidence.disk import disk_trouble
from adapters.flight.books import States
from adapters.flight.form import AGENTS, EVIDENCE, FORMAT, FRAMES, HEADER, MOST_BYTES, Header, as_bytes
from adapters.flight.frame import Frame, Line, Reel
from adapters.flight.redacting import redact, redacted
from factory.errors import Refused
from factory.model.run import Run
from factory.model.step import Attempt

LARGEST_FILE = 2 << 20
"""Bytes of one file that is taken along; a larger one is named, and left out."""
_LOGS = ("out.log", "growth", "events.jsonl")
"""What is taken from the folder of an attempt: not its home, where credentials are."""


@dataclass(frozen=True)
class Exported:
    """What was written."""

    path: Path
    run: str
    moments: int
    files: int
    left_out: tuple[tuple[str, str], ...]
    """Files that are not in it, and why."""
    redactions: int
    """Secrets that were cut out now; others were when they were captured."""
    bytes: int


class Exporter:
    """Writes one flight.

    Args:
        reel: The recording.
        evidence: Folder of the run's evidence; it may not be there.
        version: Of this program.
        secrets: Values that are secret whatever they look like.
    """

    def __init__(self, reel: Reel, evidence: Path, version: str, secrets: Sequence[bytes] = ()) -> None:
        self._reel = reel
        self._evidence = evidence
        self._version = version
        self._secrets = secrets
        self._states = States()
        self._redactions = self._bytes = 0
        self._left_out: list[tuple[str, str]] = []

    def write(self, path: Path, *, overwrite: bool = False) -> Exported:
        """Write it for its owner alone: all of it or nothing.

        Raises:
            Refused: `exists`, and it shall not be overwritten.
            Unreachable: it cannot be written. What the reel raises.
        """
        if path.is_dir() or (path.exists() and not overwrite):
            raise Refused(f"{path} is there already.", "Choose another name, or add --force.", "exists")
        part = path.with_name(f".{path.name}.{os.getpid()}")
        with disk_trouble(path):
            try:
                handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
                with os.fdopen(handle, "wb") as file, zipfile.ZipFile(file, "w") as archive:
                    counts = self._fill(archive)
                part.replace(path)
            except OSError as error:
                if str(error.filename) == str(part):
                    error.filename = str(path)  # what the operator named; the other name is ours
                raise
            finally:
                part.unlink(missing_ok=True)
            size = path.stat().st_size
        return Exported(path, self._reel.run, *counts, tuple(self._left_out), self._redactions, size)

    def _fill(self, archive: zipfile.ZipFile) -> tuple[int, int]:
        """Write everything; how many moments and files there are."""
        ends = (0, len(self._reel.seqs) - 1)
        days = [next(self._reel.frames(at, at + 1)).event.at[:10] for at in ends]
        with archive.open(_member(FRAMES), "w", force_zip64=True) as out:
            moments = sum(out.write(line) > 0 for line in self._lines(days))
        files = sum(self._add(archive, name, source) for name, source in self._files())
        archive.writestr(_member(HEADER), as_bytes(self._header(days)))
        return moments, files

    def _lines(self, days: Sequence[str]) -> Iterator[bytes]:
        """Every frame that a stranger may see, as its line."""
        self._states.take(self._reel.before)
        for frame in self._reel.frames(0, len(self._reel.seqs)):
            self._states.take(frame.lines)
            if shown := self._shown(frame, days):
                yield as_bytes((shown.event.seq, self._clean(shown))) + b"\n"

    def _header(self, days: Sequence[str]) -> Header:
        reel, left_out = self._reel, tuple(self._left_out)
        before = tuple(line for line in reel.before if self._is_shown(line, days))
        whole = Header(
            FORMAT, self._version, reel.run, reel.seqs[0], reel.seqs[-1], str(self._evidence), before, left_out
        )
        header, count = redacted(whole, self._secrets)
        self._redactions += count
        return replace(header, redactions=self._redactions)

    def _shown(self, frame: Frame, days: Sequence[str]) -> Frame | None:
        """The frame without what is none of the run's business; None when nothing is left."""
        lines = tuple(line for line in frame.lines if self._is_shown(line, days))
        if not lines and frame.event.run != self._reel.run:
            return None
        return frame._replace(lines=lines)

    def _is_shown(self, line: Line, days: Sequence[str]) -> bool:
        """Whether a stranger may see it: of the shared budgets only those that capped this run."""
        if line.run or line.kind != "budgets":
            return True
        namespace, _, day = str(line.values.get("subject", "")).partition(":")
        return namespace == self._namespace() and (not day or days[0] <= day <= days[1])

    def _namespace(self) -> str:
        runs = self._states.find(Run, id=self._reel.run)
        return runs[0].namespace if runs else "default"

    def _clean(self, frame: Frame) -> Frame:
        """The frame without secrets, marked where its digests cannot match any more."""
        clean, count = redacted(frame, self._secrets)
        self._redactions += count
        cut = frozenset(name for name in ("event", "lines", "beats") if getattr(clean, name) != getattr(frame, name))
        return clean._replace(redacted=tuple(sorted(cut)))

    def _files(self) -> Iterator[tuple[str, Path]]:
        """Everything that the run left, by its name in the zip."""
        for path in _walk(self._evidence):
            yield f"{EVIDENCE}/{self._reel.run}/{path.relative_to(self._evidence).as_posix()}", path
        for folder in (Path(each.folder) for each in self._states.find(Attempt) if each.folder):
            for name in _LOGS:
                if (folder / name).exists():
                    yield f"{AGENTS}/{folder.name}/{name}", folder / name

    def _add(self, archive: zipfile.ZipFile, name: str, source: Path) -> bool:
        """Take one file along, unless something is against it; that is noted."""
        data, why = _text_of(source, MOST_BYTES - self._bytes)
        if redact(os.fsencode(name), self._secrets)[1]:
            why = "a secret is in its name"
        if why:
            self._left_out.append((name.encode("utf-8", "backslashreplace").decode(), why))
            return False
        clean, count = redact(data, self._secrets)
        self._bytes += len(clean)
        self._redactions += count
        archive.writestr(_member(name), clean)
        return True


def _walk(folder: Path) -> Iterator[Path]:
    """Every file below a folder, by name; links are not followed."""
    for place, folders, names in os.walk(folder):
        folders.sort()
        yield from (Path(place) / name for name in sorted(names))


def _text_of(path: Path, room: int) -> tuple[bytes, str]:
    """The bytes of a file of text, or why it is left out."""
    with suppress(OSError, UnicodeError):
        str(path).encode()
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        with os.fdopen(handle, "rb") as file:
            about = os.fstat(handle)
            if not stat.S_ISREG(about.st_mode):
                return b"", "no regular file"
            if about.st_size > LARGEST_FILE:
                return b"", f"larger than {LARGEST_FILE >> 20} MiB"
            if about.st_size > room:
                return b"", f"more than {MOST_BYTES >> 20} MiB together"
            data = file.read(LARGEST_FILE)
        if b"\0" not in data:
            data.decode()
            return data, ""
        return b"", "no text"
    return b"", "no text, or not readable"


def _member(name: str) -> zipfile.ZipInfo:
    """A file of the zip, without a time: the same flight is the same bytes."""
    info = zipfile.ZipInfo(str(PurePosixPath(name)))
    info.compress_type = zipfile.ZIP_DEFLATED
    info.external_attr = (stat.S_IFREG | 0o600) << 16
    return info
