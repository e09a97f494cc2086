"""Looking through the pages of a folder, with what people wrote into them; no link is followed."""

import os
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path

from factory.errors import Unreachable
from factory.ports.lookup import Found
from factory.rules.fitting import Wanted

MOST_PAGES = 2_000
MOST_BYTES = 256 * 1024
"""Of each page."""


class FolderLookup:
    """`Lookup` over the Markdown files below a folder, those changed last first."""

    name = "pages"

    def __init__(self, root: Path, most_pages: int = MOST_PAGES) -> None:
        self._root = root
        self._most_pages = most_pages

    def find(self, text: str, limit: int) -> tuple[Sequence[Found], str]:
        """The pages with the most of the words. Raises `Unreachable` when the folder is gone."""
        if not self._root.is_dir():
            raise Unreachable(f"The knowledge folder {self._root} is not there.", "Bring it back.")
        wanted, places = Wanted(text), sorted(_pages(self._root), key=lambda pair: -pair[0])
        found = [_found(wanted, place) for _, place in places[: self._most_pages]]
        best = sorted((one for one in found if one.score), key=lambda one: -one.score)[:limit]
        left = len(places) - self._most_pages
        return best, f"{left} older pages were not looked at." if left > 0 else ""


def _pages(root: Path) -> Iterator[tuple[float, Path]]:
    for folder, folders, names in os.walk(root):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in names:
            if name.endswith(".md") and not name.startswith("."):
                place = Path(folder, name)
                try:
                    yield place.lstat().st_mtime, place
                except OSError:  # gone since the folder was listed
                    continue


def _found(wanted: Wanted, place: Path) -> Found:
    text = _read(place)
    name = f"{place.parent.name}/{place.stem}"
    title = next((line.lstrip("# ").strip() for line in text.splitlines() if line.startswith("# ")), name)
    return Found("page", title, wanted.line(text), str(place), wanted.score(text, name))


def _read(place: Path) -> str:
    """The page, or nothing when it is no ordinary file."""
    try:
        with os.fdopen(os.open(place, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC), "rb") as file:
            ordinary = stat.S_ISREG(os.fstat(file.fileno()).st_mode)
            return file.read(MOST_BYTES).decode("utf-8", "replace") if ordinary else ""
    except OSError:
        return ""
