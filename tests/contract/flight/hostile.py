"""Files that are no flight, or one that somebody made to do harm."""

import json
import stat
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

Build = Callable[[Path, Path], None]
"""Writes a bad file (second) out of a good one (first)."""


def members(path: Path) -> dict[str, bytes]:
    """What is in a flight, by name."""
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def zipped(path: Path, files: dict[str, bytes]) -> None:
    """Write a zip."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)


def with_file(name: str, data: bytes = b"x") -> Build:
    """One more file."""
    return lambda good, bad: zipped(bad, {**members(good), name: data})


def with_header(**values: Any) -> Build:
    """Another header."""

    def build(good: Path, bad: Path) -> None:
        files = members(good)
        files["header.json"] = json.dumps(json.loads(files["header.json"]) | values).encode()
        zipped(bad, files)

    return build


def with_frames(change: Callable[[list[bytes]], list[bytes]]) -> Build:
    """Other frames."""

    def build(good: Path, bad: Path) -> None:
        files = members(good)
        files["frames.jsonl"] = b"".join(change(files["frames.jsonl"].splitlines(keepends=True)))
        zipped(bad, files)

    return build


def _bzip2(good: Path, bad: Path) -> None:
    with zipfile.ZipFile(bad, "w", zipfile.ZIP_BZIP2) as archive:
        for name, data in members(good).items():
            archive.writestr(name, data)


def bytes_of(change: Callable[[bytes], bytes]) -> Build:
    """Other bytes of the file itself."""
    return lambda good, bad: void(bad.write_bytes(change(good.read_bytes())))


def void(_: object) -> None:
    """Nothing."""


def _link(good: Path, bad: Path) -> None:
    zipped(bad, members(good))
    info = zipfile.ZipInfo("evidence/link")
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(bad, "a") as archive:
        archive.writestr(info, "/etc/passwd")


def _twice(good: Path, bad: Path) -> None:
    zipped(bad, {**members(good), "headex.json": b"{}"})
    bad.write_bytes(bad.read_bytes().replace(b"headex.json", b"header.json"))


BAD: dict[str, tuple[Build, str]] = {
    "rubbish": (bytes_of(lambda data: b"Dear diary, " * 99), "damaged, cut off, or something else"),
    "empty": (bytes_of(lambda data: b""), "damaged, cut off, or something else"),
    "cut off": (bytes_of(lambda data: data[: len(data) // 2]), "damaged, cut off, or something else"),
    "a byte turned": (bytes_of(lambda data: data[:90] + bytes([data[90] ^ 0xFF]) + data[91:]), "damaged"),
    "another zip": (lambda good, bad: zipped(bad, {"readme.txt": b"hello"}), "no header"),
    "a newer format": (with_header(format=2), "format 2, and this program reads 1"),
    "a format of another kind": (with_header(format="1"), "format '1'"),
    "a header of another form": (with_header(first="one"), "header of this flight cannot be read"),
    "a run that climbs out": (with_header(run="../../run_1"), "not the id of a run"),
    "a run that nobody recorded": (with_header(run="run_9"), "There is no run run_9"),
    "a header that is no object": (lambda g, b: zipped(b, {**members(g), "header.json": b"[]"}), "header"),
    "climbs out": (with_file("evidence/../../out"), "leads out of its folder"),
    "climbs out at once": (with_file("../out"), "no part of a flight"),
    "begins at the root": (with_file("/tmp/out"), "no part of a flight"),
    "a Windows path": (with_file("evidence/..\\out"), "leads out"),
    "a folder": (with_file("evidence/"), "leads out of its folder or cannot be a name"),
    "a name that is too long": (with_file("evidence/" + "x" * 256), "cannot be a name"),
    "a file as a folder": (
        lambda g, b: zipped(b, {**members(g), "evidence/a": b"", "evidence/a/b": b""}),
        "as a folder",
    ),
    "a link": (_link, "no plain file"),
    "one name twice": (_twice, "one name twice"),
    "a bomb of frames": (with_frames(lambda lines: [b" " * (8 << 20)]), "far more than a run can be"),
    "a bomb of evidence": (with_file("evidence/zeros", bytes(65 << 20)), "far more than a run can be"),
    "packed by other means": (_bzip2, "no plain file"),
    "half of its frames": (with_frames(lambda lines: lines[: len(lines) // 2]), "is cut: it was"),
    "no frames": (with_frames(lambda lines: []), "holds no frames"),
    "frames in another order": (with_frames(lambda lines: lines[::-1]), "comes after frame"),
    "a frame that is no JSON": (with_frames(lambda lines: [b"[1,\n", *lines]), "A frame of this flight"),
    "a frame without a number": (with_frames(lambda lines: [b"{}\n", *lines]), "no number"),
    "a frame with another number": (
        with_frames(lambda lines: [b"[1," + lines[0].partition(b",")[2], *lines[1:]]),
        "holds",
    ),
}
"""How each is made, and what is said of it."""
