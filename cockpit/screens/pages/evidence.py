"""The evidence of a goal, each item in the view that fits it, and the newest diff."""

import asyncio
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from pathlib import PurePath

from cockpit.evidence_file import EvidenceFile, read_evidence
from cockpit.log_window import Reach
from cockpit.screens.pages.bodies import Body, TextBody, body_of
from cockpit.screens.pages.logs import LogPart
from cockpit.screens.pages.part import Desk, DrawnPart, Keys, Part, Picture
from factory.model.evidence import Evidence
from factory.model.view import RunView
from widgets.amounts import amount
from widgets.lines import Line
from widgets.names import evidence_name
from widgets.sections import Goal
from widgets.viewers.evidence_list import evidence_list, item_facts
from widgets.viewers.folding import Folding
from widgets.viewers.long_text import Numbers
from widgets.viewers.wrapping import Below, folded_line

LOG_BYTES = 8 << 20
"""A log up to this size is read whole."""


class EvidencePart(DrawnPart):
    """The list; `enter` opens an item."""

    title = "Evidence"
    note = "claimed beside proven · enter opens"
    empty = "Nothing captured yet: the baseline comes first, then what agents and checks leave."
    has_cursor = True
    _keys: Keys = None

    async def look(self, goal: Goal, width: int) -> Picture | None:
        """The rows with their names."""
        self._view = goal.view
        self._scores = {line.id: line.score for line in goal.status.evidence} if goal.status else {}
        if goal.view is None or goal.status is None:
            self._keys = None  # those of the goal before; this one is only being read
        picture = await super().look(goal, width)
        return picture and Picture(picture.rows, self._keys or Numbers(len(picture.rows)), picture.note)

    def draw(self, goal: Goal, width: int) -> tuple[Line, ...]:
        """Claims, then items."""
        if goal.view is None or goal.status is None or not (goal.view.evidence or goal.status.claims):
            self._keys = None
            return ()
        rows, self._keys = evidence_list(goal.status, goal.view, width)
        return tuple(rows)

    def searched(self, rows: Sequence[Line]) -> Sequence[Line]:
        """The rows with whole names."""
        goal = self._held
        wide = evidence_list(goal.status, goal.view, 600)[0] if self._keys and goal.status and goal.view else rows
        return wide if len(wide) == len(rows) else rows

    def open(self, key: str) -> Part | None:
        """The item under the cursor."""
        item = next((one for one in self._view.evidence if one.id == key), None) if self._view else None
        return item_part(self.desk, item, self._scores.get(key)) if item else None


class ItemPart(Part):
    """One item: its facts, then its content. Left and right jump between files, or fold and unfold."""

    empty = "The file is empty."

    def __init__(self, desk: Desk, item: Evidence | None, score: int | None = None) -> None:
        super().__init__(desk)
        self._item = item
        self._score = score
        self._file: EvidenceFile | None = None
        self._body: Body = TextBody(b"")
        self._turns = 0
        self._head: tuple[Line, ...] = ()

    @property
    def title(self) -> str:  # type: ignore[override]
        """The name of the file."""
        return evidence_name(self._item.path) if self._item else "Diff"

    @property
    def has_cursor(self) -> bool:  # type: ignore[override]
        """Whether it is a tree."""
        return self._body.has_cursor

    async def look(self, goal: Goal, width: int) -> Picture | None:
        """Read the file once, show it, then colour it."""
        item = self._item
        if item is None:
            return self._nothing(width)
        if self._file is None:
            self._file = await asyncio.to_thread(self._open, item)
        elif (self._turns, width) == self._drawn and not await asyncio.to_thread(self._body.finish):
            return None
        self._drawn = (self._turns, width)
        rows, keys = await asyncio.to_thread(self._body.rows, width)
        head = [*item_facts(item, self._score, width), *_standing(self._file), *_as_text(self._body)]
        self._head = (*(row for line in head for row in folded_line(line, width)), ())
        body = rows if self._file.data or self._file.problem else (((self.empty, "dim"),),)
        names = [*(f"head:{at}" for at in range(len(self._head))), *keys] if keys is not None else None
        return Picture(Below(self._head, body), names, self._note(), side=self._body.side)

    def _nothing(self, width: int) -> Picture | None:
        if self._drawn == (width,):
            return None
        self._drawn = (width,)
        return Picture((((self.empty, "dim"),),))

    def open(self, key: str) -> Part | None:
        """Fold or unfold."""
        folding, place = self._at(key)
        if folding and place is not None:
            folding.turn(place)
            self._turns += 1
        return None

    def sideways(self, step: int) -> str:
        """The file before or after; in a tree: fold or unfold."""
        folding, place = self._at(self.list.key)
        if folding and place is not None:
            if step > 0:
                folding.unfold(place)
            else:
                self.list.go_to(str(folding.fold(place)))
            self._turns += 1
            return ""
        return self._jump(step)

    def choose(self, index: int) -> None:
        """Go to a file."""
        starts = self._body.starts
        if index < len(starts):
            self.list.move_to(starts[index] + len(self._head))

    def reveal(self, word: str) -> None:
        """Unfold what has the word in it."""
        folding, wanted = self._body.folding, word.casefold()
        for place, node in enumerate(folding.nodes if folding else ()):
            if folding and wanted in "".join(text for text, _ in node.line).casefold():
                folding.reveal(place)
        self._turns += 1

    def _open(self, item: Evidence) -> EvidenceFile:
        found = read_evidence(self.desk.evidence_of(item.run), item.path, item.sha256)
        self._body = body_of(item.title or item.path, found)
        return found

    def _at(self, key: str) -> tuple[Folding | None, int | None]:
        place = key.split(".")[0]
        return self._body.folding, int(place) if place.isdigit() else None

    def _jump(self, step: int) -> str:
        starts = self._body.starts
        here = self.list.scroll_offset.y - len(self._head)
        place = bisect_right(starts, here) if step > 0 else bisect_left(starts, here) - 1
        if not 0 <= place < len(starts):
            return "That was the last file." if step > 0 else "That was the first file."
        self.list.move_to(starts[place] + len(self._head))
        return ""

    def _note(self) -> str:
        file = self._file
        if file is None or not file.path:
            return ""
        part = f"first {amount(len(file.data))} of " if not file.is_whole else ""
        return f"{self._body.words} · {part}{amount(file.size)}"


class LogItemPart(LogPart):
    """A captured log: read from its end when it is large, and followed when somebody asks."""

    empty = "The log is empty."
    _file: EvidenceFile | None = None

    def __init__(self, desk: Desk, item: Evidence, score: int | None) -> None:
        super().__init__(desk, reach=Reach(LOG_BYTES))
        self._item = item
        self._score = score
        self.title = evidence_name(item.path)

    async def look(self, goal: Goal, width: int) -> Picture | None:
        """Check the digest once, then read."""
        if self._file is None:
            root = self.desk.evidence_of(self._item.run)
            self._file = await asyncio.to_thread(read_evidence, root, self._item.path, self._item.sha256, 1)
            self._path = self._file.path
            self.empty = "" if self._file.problem else self.empty
        return await super().look(goal, width)

    def head(self, goal: Goal, width: int) -> tuple[Line, ...]:
        """The facts of the item."""
        facts = (*item_facts(self._item, self._score, width), *(_standing(self._file) if self._file else ()))
        return (*(row for line in facts for row in folded_line(line, width)), ())


class DiffPart(ItemPart):
    """The newest diff of the run."""

    empty = "No diff yet: the factory captures one when the coder delivers a result."

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, None)

    async def look(self, goal: Goal, width: int) -> Picture | None:
        """Choose the newest diff, then show it."""
        item = newest_diff(goal.view) if goal.view else None
        if item != self._item:
            self._item, self._file, self._drawn = item, None, None
        return await super().look(goal, width)

    @property
    def title(self) -> str:  # type: ignore[override]
        """What it is."""
        return f"Diff {evidence_name(self._item.path)}" if self._item else "Diff"


def newest_diff(view: RunView) -> Evidence | None:
    """The diff that was captured last."""
    return next((item for item in reversed(view.evidence) if _ending(item) in {".patch", ".diff"}), None)


def item_part(desk: Desk, item: Evidence, score: int | None) -> Part:
    """The part that shows an item."""
    is_log = _ending(item) in {".log", ".txt", ""} or (item.kind == "log" and _ending(item) == ".out")
    return LogItemPart(desk, item, score) if is_log else ItemPart(desk, item, score)


def _ending(item: Evidence) -> str:
    return PurePath(item.title or item.path).suffix.lower()


def _as_text(body: Body) -> tuple[Line, ...]:
    return ((("! ", "warn"), (f"{body.why} Shown as text.", "warn")),) if body.why else ()


def _standing(file: EvidenceFile) -> tuple[Line, ...]:
    if file.problem:
        return ((("✕ ", "bad"), (file.problem, "bad")),)
    return ((("✓ ", "good"), ("as it was captured: its digest is the same", "dim")),)
