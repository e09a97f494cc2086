"""Folders that could be meant while a path is typed: repositories of earlier goals, and folders as they lie on disk."""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from os.path import commonprefix
from pathlib import Path

MOST = 6
LOOKED_AT = 2000
"""Entries of one folder; nobody waits for more."""


@dataclass(frozen=True)
class Place:
    """A folder to choose."""

    path: str
    """As it would be typed; one that is no repository ends with `/`."""
    is_repository: bool = False
    is_known: bool = False
    """A goal was launched there before."""


def places(typed: str, known: Iterable[str]) -> tuple[Place, ...]:
    """At most `MOST` folders for what is typed: known repositories with these letters first, then what lies there.

    One whose path a terminal would obey is left out: a field draws what it holds, and spelled out it names no folder.
    """
    words = typed.strip()
    before = [
        Place(path, True, True)
        for path in dict.fromkeys(known)
        if words.lower() in path.lower() and path.isprintable() and _is_repository(Path(path))
    ]
    lying = _lying(words) if words and words != "." else []
    taken = {place.path for place in before}
    return tuple([*before, *(place for place in lying if place.path not in taken)][:MOST])


def completed(typed: str, found: Iterable[Place]) -> str:
    """What is typed with the letters that all fitting folders share; the same text when that adds nothing."""
    fitting = [place.path for place in found if place.path.startswith(typed)]
    return commonprefix(fitting) if fitting else typed  # noqa: RUF071 - letters are what is completed


def _lying(typed: str) -> list[Place]:
    """The folders that begin so, repositories first."""
    head, slash, start = typed.rpartition("/")
    parent = _folder(head + slash)
    if parent is None:
        return []
    found = []
    for name in _names(parent):
        if name.startswith(start) and (start or not name.startswith(".")):
            is_repository = _is_repository(parent / name)
            found.append(Place(f"{head}{slash}{name}" + ("" if is_repository else "/"), is_repository))
    return sorted(found, key=lambda place: (not place.is_repository, place.path))


def _names(folder: Path) -> list[str]:
    """Names of the folders in a folder, as far as they can be shown; none when it cannot be read."""
    try:
        with os.scandir(folder) as entries:
            first = [entry for _, entry in zip(range(LOOKED_AT), entries, strict=False)]
            return [entry.name for entry in first if entry.name.isprintable() and entry.is_dir()]
    except (OSError, ValueError):
        return []


def _folder(text: str) -> Path | None:
    try:
        return Path(text or ".").expanduser()
    except RuntimeError:  # ~nobody
        return None


def _is_repository(folder: Path) -> bool:
    try:
        return (folder / ".git").exists() or ((folder / "HEAD").is_file() and (folder / "objects").is_dir())
    except (OSError, ValueError):
        return False
