"""Unpacks a flight of a stranger into a private folder, and nothing outside of it."""

import os
import stat
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from adapters.evidence.disk import private_folder
from adapters.flight.form import AGENTS, EVIDENCE, FRAMES, HEADER, MOST_BYTES, Header, header_of
from factory.errors import Malformed, Missing

LARGEST_HEADER = 4 << 20
LARGEST_FRAMES = 2 << 30
"""Bytes of all frames, unpacked."""
MOST_TIMES = 64
"""How many times as large as packed frames may be: every event holds digests, which nothing makes smaller."""
MOST_FILES = 20_000
_LONGEST_NAME = 255
_BLOCK = 1 << 20


def unpack(path: Path, folder: Path) -> Header:
    """Unpack a flight into an empty folder of ours.

    Raises:
        Missing: there is no such file. Malformed: it is no flight, or one that somebody made to do harm.
    """
    if not path.is_file():
        raise Missing(f"There is no file {path}.", "Give a file that 'cockpit replay RUN --export FILE' wrote.")
    with _speaking_of(path), zipfile.ZipFile(path) as archive:
        members = _checked(archive)
        header = header_of(b"".join(_blocks(archive, members[HEADER])))
        for name, info in members.items():
            if name != HEADER:
                _write(archive, info, folder / name)
    return header


def _checked(archive: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    """What is in it, by name, when all of it may be unpacked. Raises `Malformed`."""
    infos = archive.infolist()
    members = {info.filename: info for info in infos}
    if not {HEADER, FRAMES} <= set(members):
        raise Malformed("It holds no header and no frames.")
    if len(members) < len(infos) or len(infos) > MOST_FILES:
        raise Malformed("It holds one name twice." if len(members) < len(infos) else "It holds too many files.")
    for info in infos:
        _check_name(info)
    frames = members[FRAMES]
    files = sum(info.file_size for name, info in members.items() if name not in (HEADER, FRAMES))
    is_bomb = frames.file_size > MOST_TIMES * max(frames.compress_size, 1024)
    if is_bomb or members[HEADER].file_size > LARGEST_HEADER or frames.file_size > LARGEST_FRAMES or files > MOST_BYTES:
        raise Malformed("It would unpack to far more than a run can be.")
    return members


def _check_name(info: zipfile.ZipInfo) -> None:
    """Raises `Malformed` for what leads out of the folder, or is no plain file."""
    top, *parts = info.filename.split("/")
    if info.filename in (HEADER, FRAMES):
        parts = [top]
    elif top not in (EVIDENCE, AGENTS) or not parts:
        raise Malformed(f"It holds {info.filename!r}, which is no part of a flight.")
    if any(_is_bad(part) for part in parts):
        raise Malformed(f"It holds {info.filename!r}, which leads out of its folder or cannot be a name.")
    kind = stat.S_IFMT(info.external_attr >> 16)
    is_ours = info.compress_type in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # others fail with errors of their own
    if kind not in (0, stat.S_IFREG) or info.flag_bits & 1 or not is_ours:
        raise Malformed(f"It holds {info.filename!r}, which is no plain file.")


def _is_bad(part: str) -> bool:
    return part in ("", ".", "..") or "\\" in part or "\0" in part or len(part.encode()) > _LONGEST_NAME


def _write(archive: zipfile.ZipFile, info: zipfile.ZipInfo, path: Path) -> None:
    private_folder(path.parent)
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    with os.fdopen(os.open(path, flags, 0o600), "wb") as file:
        for block in _blocks(archive, info):
            file.write(block)


def _blocks(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Iterator[bytes]:
    """The content of one file, never more than it says that it is."""
    with archive.open(info) as file:
        while block := file.read(_BLOCK):
            yield block


@contextmanager
def _speaking_of(path: Path) -> Iterator[None]:
    """Turn everything that a bad zip can cause into one sentence."""
    try:
        yield
    except Malformed as error:
        raise Malformed(f"{path} is not a flight that can be opened. {error.message}", error.hint) from error
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, ValueError) as error:
        what = f"{path} is not a flight that can be opened: it is damaged, cut off, or something else ({error})."
        raise Malformed(what, "Export it again: cockpit replay RUN --export FILE") from error
    except (FileExistsError, NotADirectoryError, IsADirectoryError) as error:
        raise Malformed(f"{path} is not a flight that can be opened. It holds a file as a folder.") from error
