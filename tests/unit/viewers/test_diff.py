"""A diff is read whatever is in it: every line once, every change counted, nothing raised."""

from hypothesis import given
from hypothesis import strategies as st

from widgets.lines import width_of
from widgets.viewers.diff import read_diff
from widgets.viewers.diff_rows import colour_files, diff_rows, stat_words

LINES = st.sampled_from(
    [b"diff --git a/x b/y", b"--- a/x", b"+++ b/x.py", b"@@ -1,2 +1,3 @@", b"@@ -0,0 +1 @@", b"+new", b"-old", b" same",
     b"", b"\\ No newline at end of file", b"rename to z", b"Binary files differ", b"+++ /dev/null", b"--- ",
     b"\xff\xfe\x1b[31m", b"@@ -999999999,999999999 +1,1 @@", b"+\t\xe2\x80\xaex", b"+def f(): return '''"]
)  # fmt: skip


@given(st.lists(st.one_of(LINES, st.binary(max_size=40)), max_size=40))
def test_every_line_is_there_once_and_in_its_order(lines: list[bytes]) -> None:
    data = b"\n".join(lines)
    text = data.decode("utf-8", "surrogateescape").split("\n")
    expected = text[:-1] if text[-1] == "" else text
    files = read_diff(data)
    marks = {"added": "+", "removed": "-", "same": " "}
    found = [marks.get(line.kind, "") + line.text for file in files for line in file.lines]
    assert [line or " " for line in found] == [line or " " for line in expected]


@given(st.binary(max_size=400), st.integers(20, 200))
def test_no_row_is_wider_than_the_screen_and_nothing_is_raised(data: bytes, width: int) -> None:
    files = read_diff(b"@@ -1,9 +1,9 @@\n+" + data)
    made = diff_rows(files, colour_files(files), width)
    assert all(width_of(row) <= width for row in made.rows)
    assert len(made.starts) == len(files)


@given(st.lists(LINES, max_size=60))
def test_changes_are_counted(lines: list[bytes]) -> None:
    files = read_diff(b"\n".join(lines))
    for file in files:
        assert file.added == sum(line.kind == "added" for line in file.lines)
        assert file.removed == sum(line.kind == "removed" for line in file.lines)


def test_a_removed_line_that_looks_like_a_header_is_a_removed_line() -> None:
    (file,) = read_diff(b"--- a/x.sql\n+++ b/x.sql\n@@ -1,2 +1,1 @@\n--- a comment\n same\n")
    assert (file.name, file.removed, file.added) == ("x.sql", 1, 0)


def test_files_have_names_states_and_counts() -> None:
    data = (
        b"diff --git a/old b/new\nsimilarity index 90%\nrename from old\nrename to new\n@@ -1 +1 @@\n-a\n+b\n"
        b"diff --git a/gone b/gone\ndeleted file mode 100644\n--- a/gone\n+++ /dev/null\n@@ -1 +0,0 @@\n-a\n"
        b"diff --git a/p.png b/p.png\nBinary files a/p.png and b/p.png differ\n"
    )
    files = read_diff(data)
    assert [(file.name, file.state) for file in files] == [("new", "renamed"), ("gone", "deleted"), ("p.png", "binary")]
    assert stat_words(files) == "3 files +1 -2"
