"""A diff as rows: a heading for each file, line numbers, marks, and the code in its colours."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from widgets.lines import Line, Tone, fit_path, fit_right, shorten
from widgets.plain import visible
from widgets.viewers.diff import DiffFile, DiffLine
from widgets.viewers.syntax import coloured
from widgets.viewers.tones import ADDED, REMOVED
from widgets.viewers.wrapping import folded_line, readable

NUMBERS_FROM = 100
"""Cells from which both line numbers are shown; below, one of them."""
MOST_COLOURED = 20_000
"""Lines of all files together; later files stay without colours."""
Colours = Mapping[int, Sequence[Line]]
"""By the place of a file: its lines in colours, one for each `DiffLine`."""
_MARKS: dict[str, tuple[str, Tone]] = {"added": ("+", ADDED), "removed": ("-", REMOVED), "same": (" ", "")}


@dataclass(frozen=True)
class DiffRows:
    """The rows of all files, and where each of them begins."""

    rows: tuple[Line, ...]
    starts: tuple[int, ...]


def diff_rows(files: Sequence[DiffFile], colours: Colours, width: int) -> DiffRows:
    """All files below each other. Slow for long diffs: call it in a thread."""
    rows: list[Line] = []
    starts: list[int] = []
    for place, file in enumerate(files):
        rows.extend([()] if rows else [])
        starts.append(len(rows))
        rows.extend(_file(file, colours.get(place, ()), width))
    return DiffRows(tuple(rows), tuple(starts))


def file_lines(files: Sequence[DiffFile], width: int) -> tuple[Line, ...]:
    """One line for each file: what was added and removed, and its path."""
    return tuple(_heading(file, width) for file in files)


def colour_files(files: Sequence[DiffFile]) -> dict[int, Sequence[Line]]:
    """The code of the files in colours, as far as it can be had. Slow: call it in a thread."""
    found: dict[int, Sequence[Line]] = {}
    left = MOST_COLOURED
    for place, file in enumerate(files):
        left -= len(file.lines)
        if left >= 0 and (lines := _coloured(file)):
            found[place] = lines
    return found


def stat_words(files: Sequence[DiffFile]) -> str:
    """How much changed: `2 files +16 -2`."""
    count = len(files)
    added, removed = sum(file.added for file in files), sum(file.removed for file in files)
    return f"{count} file{'' if count == 1 else 's'} +{added:,} -{removed:,}"


def _coloured(file: DiffFile) -> Sequence[Line] | None:
    code = [at for at, line in enumerate(file.lines) if line.kind in _MARKS]
    texts = [readable(file.lines[at].text) for at in code]
    made = coloured(file.name, texts)
    if made is None:
        return None
    by_place = dict(zip(code, made, strict=True))
    return [by_place.get(at, ((readable(line.text), ""),)) for at, line in enumerate(file.lines)]


def _heading(file: DiffFile, width: int) -> Line:
    counts: Line = ((f"+{file.added}", "good"), (f" -{file.removed} ", "bad"))
    state = "" if file.state == "changed" else f" {file.state}"
    room = max(8, width - sum(len(text) for text, _ in counts) - len(state))
    name = fit_path(visible(file.name, 300), room) or "(no name)"
    return (*counts, (name, "strong"), (state, "warn"))


def _file(file: DiffFile, colours: Sequence[Line], width: int) -> Iterator[Line]:
    heading = _heading(file, width - 4)
    yield (("── ", "rule"), *heading)
    digits = max([3, *(len(str(max(line.old, line.new))) for line in file.lines)])
    for place, line in enumerate(file.lines):
        if line.kind == "hunk":
            yield ((shorten(readable(line.text), width), "accent"),)
        elif line.kind in _MARKS:
            code = colours[place] if place < len(colours) else ((readable(line.text), ""),)
            yield from _code(line, code, digits, width)
        elif line.kind == "meta" and _tells(line.text):
            yield ((shorten(readable(line.text), width), "dim"),)


def _tells(text: str) -> bool:
    """Whether a line says what the heading does not."""
    return not text.startswith(("index ", "+++ ", "--- ", "new file mode 100644", "deleted file mode 100644"))


def _code(line: DiffLine, code: Line, digits: int, width: int) -> Iterator[Line]:
    mark, tone = _MARKS[line.kind]
    numbers = [line.old, line.new] if width >= NUMBERS_FROM else [line.new or line.old]
    gutter = " ".join(fit_right(str(number or ""), digits) for number in numbers)
    room = max(10, width - len(gutter) - 3)
    for turn, row in enumerate(folded_line(code, room)):
        # The tone of the first piece is the ground of the whole row.
        number: Tone = tone or "dim"
        yield ((gutter if not turn else " " * len(gutter), number), (f" {mark if not turn else ' '} ", tone), *row)
