"""The embedded knowledge target: a folder of Markdown pages in which people's notes are safe."""

import re
from pathlib import Path
from typing import Literal

from adapters.knowledge.folder import opened, read, replace, speaking_of
from adapters.knowledge.page_item import page_item
from adapters.knowledge.plain import END
from factory.errors import Refused, Unreachable
from factory.model.outbox import OutboxItem
from factory.ports.knowledge import Known, nothing_known

_NAME = re.compile(r"[\w][\w. -]{0,119}")
_END_LINE = re.compile(rb"^" + re.escape(END.encode()) + rb"[ \t\r]*$", re.MULTILINE)


class MarkdownFolder:
    """`Target` "knowledge": operation `page` writes `<root>/<ref>.md`.

    What stands after the generated block (the notes) is kept as it is found. The same page again changes nothing.

    Args:
        root: An existing folder. It is never made here: a folder that vanished is an outage, not an empty one.
    """

    name = "knowledge"

    def __init__(self, root: Path) -> None:
        self._root = root

    def deliver(self, item: OutboxItem, _known: Known = nothing_known) -> tuple[Literal["accepted", "delivered"], str]:
        """Write one page and return its path.

        Raises:
            Unreachable: the folder is gone, full or read-only.
            Refused: the reference leads out of the folder or through a link, or the item is no page.
        """
        page = page_item(item)
        folders, name, place = self._place(page.ref)
        try:
            with opened(self._root, folders, make=True) as folder, speaking_of(place):
                old = read(folder, name, place)
                new = with_notes(page.text.encode(), old)
                if new != old:
                    replace(folder, name, new)
        except FileNotFoundError as error:
            raise Unreachable(f"The knowledge folder {place.parent} went away while a page was written.") from error
        return "delivered", str(place)

    def confirm(self, item: OutboxItem) -> bool:
        """Whether the page is there (it was read back by nobody before a kill).

        Raises:
            Refused: it is not, or not as a page; it has to be written again.
        """
        folders, name, place = self._place(page_item(item).ref)
        try:
            with opened(self._root, folders, make=False) as folder, speaking_of(place):
                found = read(folder, name, place)
        except FileNotFoundError:
            found = None
        if found is None:
            raise Refused(f"The page {place} is not there any more.", code="gone")
        return True

    def _place(self, ref: str) -> tuple[list[str], str, Path]:
        """Folders, file name and path of a page."""
        parts = ref.split("/")
        if not all(_NAME.fullmatch(part) for part in parts) or len(parts) > 8:
            raise Refused(
                f"{ref[:200]!r} is no place for a page below the knowledge folder.",
                "Use names of letters, digits, '_', '-', '.' and spaces, parted by '/'.",
                "bad_ref",
            )
        *folders, name = parts
        return folders, f"{name}.md", self._root.joinpath(*folders, f"{name}.md")


def with_notes(new: bytes, old: bytes | None) -> bytes:
    """The new page with what people wrote after the generated block of the old one.

    A page without the end marker was not made here, or somebody took the marker out: all of it is kept as notes.
    """
    if not _END_LINE.search(new):
        new = new.rstrip(b"\n") + b"\n" + END.encode() + b"\n"
    if old is None:
        return new
    found = _END_LINE.search(old)
    notes = old[found.end() :] if found else b"\n\n## Notes\n\n" + old
    return _END_LINE.split(new)[0] + END.encode() + notes
