"""Text of any kind: folded at the width, coloured without a change, pictures by their header, Markdown as rows."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from widgets.lines import Line, width_of
from widgets.viewers.image import picture_of
from widgets.viewers.markdown import markdown_rows
from widgets.viewers.plot import curve, parts
from widgets.viewers.search import find_hits, marked, next_hit
from widgets.viewers.syntax import coloured
from widgets.viewers.wrapping import Below, TextRows, folded_line, text_rows


@given(st.lists(st.text(max_size=200), max_size=10), st.integers(10, 100))
def test_folded_rows_fit_and_can_be_printed(lines: list[str], width: int) -> None:
    for row in text_rows(lines, width):
        assert width_of(((row, ""),)) <= width
        row.encode()


@given(st.lists(st.text(alphabet="ab 漢é\u0301", max_size=30), min_size=1, max_size=5), st.integers(5, 40))
def test_folding_a_line_of_tones_loses_nothing(texts: list[str], width: int) -> None:
    line: Line = tuple((text, "dim") for text in texts)
    rows = folded_line(line, width)
    assert "".join(text for row in rows for text, _ in row) == "".join(texts)
    assert all(width_of(row) <= width for row in rows)


@given(st.lists(st.text(max_size=40).filter(lambda text: "\n" not in text and "\r" not in text), max_size=10))
@pytest.mark.parametrize("name", ["a.py", "b.json", "c.html", "d.nobody-knows"])
def test_colours_never_change_the_text(name: str, lines: list[str]) -> None:
    made = coloured(name, lines)
    assert made is None or ["".join(text for text, _ in row) for row in made] == lines


def test_python_is_coloured() -> None:
    made = coloured("x.py", ["def f():", "    return 'a'  # b"])
    assert made is not None
    tones = {text.strip(): str(tone) for row in made for text, tone in row}
    assert (tones["def"], tones["f"], tones["a"], tones["# b"]) == ("keyword", "name", "string", "comment")


@given(st.binary(max_size=300))
def test_any_bytes_are_a_picture_or_not(data: bytes) -> None:
    for head in (b"", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", b"GIF89a", b"BM", b"\xff\xd8\xff", b"RIFF\0\0\0\0WEBPVP8X"):
        picture_of(head + data)


@pytest.mark.parametrize(
    ("head", "found"),
    [
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + struct.pack(">II", 3, 4), ("PNG", 3, 4)),
        (b"GIF89a" + struct.pack("<HH", 3, 4), ("GIF", 3, 4)),
        (b"BM" + bytes(16) + struct.pack("<ii", 3, -4), ("BMP", 3, 4)),
        (b"\xff\xd8\xff\xe0\0\x04ab\xff\xc0\0\x0b\x08" + struct.pack(">HH", 4, 3), ("JPEG", 3, 4)),
        (b"RIFF....WEBPVP8X" + bytes(8) + b"\x02\0\0\x03\0\0", ("WebP", 3, 4)),
    ],
)
def test_a_picture_says_its_size_in_its_header(head: bytes, found: tuple[str, int, int]) -> None:
    assert picture_of(head) == found


@given(st.text(max_size=300), st.integers(20, 100))
def test_any_text_is_some_page(text: str, width: int) -> None:
    for row in markdown_rows(text, width):
        assert width_of(row) <= width
        "".join(piece for piece, _ in row).encode()


def test_markdown_links_pictures_and_html_are_text() -> None:
    rows = markdown_rows("[go](javascript:alert) ![x](http://a/b.png) <b onclick=x>hi</b> <script>y</script>", 200)
    text = "".join(piece for row in rows for piece, _ in row)
    assert "go" in text
    assert "[picture http://a/b.png]" in text
    assert "<b onclick=x>hi</b>" in text


@given(st.text(max_size=60), st.text(min_size=1, max_size=5))
def test_marking_a_word_never_changes_the_text(text: str, word: str) -> None:
    assert "".join(piece for piece, _ in marked(((text, ""),), word, "warn")) == text


def test_hits_go_round() -> None:
    rows = TextRows(["one", "two ONE", "three", "one"])
    assert find_hits(rows, "one") == [0, 1, 3]
    assert [next_hit([0, 1, 3], here, 1) for here in (-1, 0, 1, 3)] == [0, 1, 3, 0]
    assert [next_hit([0, 1, 3], here, -1) for here in (3, 1, 0)] == [1, 0, 3]
    assert next_hit([], 0, 1) is None


def test_rows_below_a_head_keep_their_places() -> None:
    rows = Below([(("head", ""),)], TextRows(["a", "b"]))
    assert [row[0][0] for row in rows] == ["head", "a", "b"]
    assert rows[-1] == (("b", ""),)


@given(st.lists(st.tuples(st.floats(0, 1e6), st.integers(0, 10**9)), max_size=20), st.integers(20, 150))
def test_a_curve_fits_its_width(points: list[tuple[float, int]], width: int) -> None:
    for row in curve(sorted(points), ("10:00", "11:00"), width):
        assert width_of(row) <= width


def test_bars_are_in_proportion_and_mark_where_one_is() -> None:
    title, large, small = parts("By run", [("aaaa", 400, "reported"), ("bbbb", 100, "estimated")], 82, "bbbb")
    assert title[0][0] == "By run"
    assert large[2][0].count("━") == 4 * small[2][0].count("━")
    assert (small[0][0], "≈" in small[-1][0]) == ("> ", True)
