"""How the content of a file is shown: as text, as a diff, as a tree, as a picture's facts."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import PurePath

from cockpit.evidence_file import EvidenceFile
from cockpit.screens.pages.part import Keys
from widgets.lines import Line
from widgets.viewers.diff import DiffFile, read_diff
from widgets.viewers.diff_rows import Colours, colour_files, diff_rows, file_lines, stat_words
from widgets.viewers.folding import Folding, Node, tree_rows
from widgets.viewers.image import picture_of
from widgets.viewers.json_tree import json_nodes
from widgets.viewers.junit_tree import junit_nodes
from widgets.viewers.wrapping import TextRows, text_rows

SIDE_WIDTH = 40
TREE_BYTES = 4 << 20
"""What is larger is shown as text: reading it as a whole would hold up the keys."""
PICTURES = {".png", ".jpg", ".jpeg", ".gif", ".webp", ".bmp"}


class Body:
    """The content of one file. `rows` and what makes a body are slow: call them in a thread."""

    has_cursor = False
    words = ""
    """How much there is, for the border."""
    why = ""
    """Why it is shown as text and not as what it should be, as a sentence; empty when it is not."""

    def rows(self, width: int) -> tuple[Sequence[Line], Keys]:
        """The rows for a width, and their names where there is a cursor."""
        raise NotImplementedError

    @property
    def side(self) -> Sequence[Line]:
        """Lines of the list at the left."""
        return ()

    @property
    def starts(self) -> Sequence[int]:
        """Rows that one can jump between."""
        return ()

    @property
    def folding(self) -> Folding | None:
        """The tree, where it is one."""
        return None

    def finish(self) -> bool:
        """Do what takes longer than a first look may; True when the rows are others now."""
        return False


class TextBody(Body):
    """Lines of text, folded at the width."""

    def __init__(self, data: bytes, why: str = "") -> None:
        self.why = why
        self._lines = data.decode("utf-8", "surrogateescape").split("\n")
        if self._lines[-1] == "":
            self._lines.pop()
        self.words = f"{len(self._lines):,} lines"

    def rows(self, width: int) -> tuple[Sequence[Line], Keys]:
        """Every line."""
        return TextRows(text_rows(self._lines, width)), None


class DiffBody(Body):
    """Files, hunks and changed lines; colours come with `finish`."""

    def __init__(self, data: bytes) -> None:
        self._files: Sequence[DiffFile] = read_diff(data)
        self._colours: Colours = {}
        self._is_finished = False
        self._starts: Sequence[int] = ()
        self.words = stat_words(self._files)
        self._side = file_lines(self._files, SIDE_WIDTH - 4)

    def rows(self, width: int) -> tuple[Sequence[Line], Keys]:
        """All files below each other."""
        made = diff_rows(self._files, self._colours, width)
        self._starts = made.starts
        return made.rows, None

    def finish(self) -> bool:
        """Colour the code."""
        if self._is_finished:
            return False
        self._is_finished = True
        self._colours = colour_files(self._files)
        return bool(self._colours)

    @property
    def side(self) -> Sequence[Line]:
        """One line a file."""
        return self._side

    @property
    def starts(self) -> Sequence[int]:
        """Where each file begins."""
        return self._starts


class TreeBody(Body):
    """A tree that can be folded."""

    has_cursor = True

    def __init__(self, nodes: Sequence[Node], words: str) -> None:
        self._folding = Folding(nodes)
        self.words = words

    def rows(self, width: int) -> tuple[Sequence[Line], Keys]:
        """What is not folded away."""
        return tree_rows(self._folding, width)

    @property
    def folding(self) -> Folding:
        """The tree."""
        return self._folding


class FactsBody(Body):
    """A few words instead of content that a terminal cannot show."""

    def __init__(self, words: str) -> None:
        self.words = words

    def rows(self, width: int) -> tuple[Sequence[Line], Keys]:
        """The words."""
        return [((self.words, "strong"),)], None


def body_of(name: str, file: EvidenceFile) -> Body:
    """The fitting view for a file by its name and its first bytes; text when nothing else fits."""
    if found := picture_of(file.data):
        kind, width, height = found
        return FactsBody(f"{kind} picture, {width:,} × {height:,} pixels, {file.size:,} bytes")
    ending = PurePath(name).suffix.lower()
    if ending in {".patch", ".diff"} or file.data.startswith(b"diff --git "):
        return DiffBody(file.data)
    if not file.data:
        return TextBody(b"")
    if ending in _TREES:
        return _tree(ending, file)
    return TextBody(file.data, "No picture can be read from it." if ending in PICTURES else "")


def _tree(ending: str, file: EvidenceFile) -> Body:
    if file.size > TREE_BYTES:
        return TextBody(file.data, "It is too large for a tree.")
    read, unit = _TREES[ending]
    nodes = read(file.data)
    if isinstance(nodes, str):
        return TextBody(file.data, nodes)
    counted = nodes if unit == "values" else [node for node in nodes if node.depth == 1]
    return TreeBody(nodes, f"{len(counted):,} {unit}")


_TREES: Mapping[str, tuple[Callable[[bytes], tuple[Node, ...] | str], str]] = {
    ".xml": (junit_nodes, "cases"), ".json": (json_nodes, "values"), ".sarif": (json_nodes, "values"),
}  # fmt: skip
