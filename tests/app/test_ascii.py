"""In ASCII nothing is lost but beauty: every mark of ours has a stand-in of the same width."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.segment import Segment
from textual.color import Color

from cockpit.ascii_filter import AsciiFilter
from cockpit.in_ascii import in_ascii
from cockpit.terminal import Reach
from tests.app.driving import ready, screen_text
from tests.app.fakes import cockpit
from widgets import marks

ROOT = Path(__file__).resolve().parents[2]


def glyphs() -> set[str]:
    """Every character beyond ASCII in a text that our own code draws."""
    files = [
        *(ROOT / "widgets").glob("*.py"),
        *(ROOT / "cockpit").glob("*.py"),
        *(ROOT / "cockpit/screens").glob("*.py"),
    ]
    return {char for file in files for text in texts(file) for char in text if not char.isascii()}


def texts(file: Path) -> Iterator[str]:
    """The string constants of a file that are no docstrings."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    said = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in said:
            yield node.value


def test_there_are_glyphs_to_look_for() -> None:
    assert {"▶", "◆", "─", "≈", "…"} <= glyphs()


@pytest.mark.parametrize("reach", ["marks", "ambiguous", "all"])
def test_every_glyph_of_ours_has_a_stand_in_of_the_same_width(reach: Reach) -> None:
    for glyph in sorted({*glyphs(), *marks.WORDS, "╭", "╮", "╰", "╯", "│", "─"}):
        drawn = in_ascii(glyph, reach)
        assert drawn.isascii(), f"{glyph} (U+{ord(glyph):04X}) has no stand-in in widgets/marks.py"
        assert cell_len(drawn) == cell_len(glyph), glyph


def test_marks_stay_distinct_in_ascii() -> None:
    drawn = [in_ascii(mark, "marks") for mark in marks.WORDS]
    assert len(set(drawn)) == len(drawn), drawn


@given(st.text(max_size=60))
def test_everything_can_be_drawn_in_ascii_and_keeps_its_width(text: str) -> None:
    drawn = in_ascii(text, "all")
    assert drawn.isascii()
    assert cell_len(drawn) == cell_len(text)


def test_marks_reach_no_further_than_our_own() -> None:
    assert in_ascii("▶ Sredi račun … 漢字", "marks") == "> Sredi račun . 漢字"
    assert in_ascii("▶ Café á 漢字 ¼ β š", "ambiguous") == "> Cafe a 漢字 1 ? š"
    assert in_ascii("▶ Sredi račun 漢字", "all") == "> Sredi racun ????"


def test_a_line_that_is_ascii_already_passes_as_it_is() -> None:
    line = [Segment("plain"), Segment("── x")]
    drawn = AsciiFilter("marks").apply(line, Color(0, 0, 0))
    assert drawn[0] is line[0]
    assert drawn[1].text == "-- x"


async def test_names_of_columns_in_a_frame_are_ascii_too() -> None:
    app = cockpit(in_ascii="all")
    async with app.run_test(size=(200, 50)) as pilot:
        await ready(pilot)
        edge = screen_text(app).splitlines()[1]
    assert "BUILDS - CHECKS" in edge
    assert edge.isascii()
