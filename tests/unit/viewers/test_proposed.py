"""What an edit would change, as an agent's tools say it: the lines of a diff, or nothing, and never an error."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factory.model.permission import Permission
from widgets.lines import text_of, width_of
from widgets.permission import body_lines
from widgets.viewers.proposed import MOST_LINES, proposed_files

OLD, NEW = "def add(a, b):\n    return a - b\n", "def add(a, b):\n    return a + b\n"
PATCH = """*** Begin Patch
*** Update File: calc.py
*** Move to: sums.py
@@ def add
 def add(a, b):
-    return a - b
+    return a + b
*** Add File: new.txt
+hello
*** Delete File: old.txt
*** End Patch"""
UNIFIED = "--- a/calc.py\n+++ b/calc.py\n@@ -1,2 +1,2 @@\n def add(a, b):\n-    return a - b\n+    return a + b\n"


def asked(given: object, kind: Any = "edit", title: str = "calc.py") -> Permission:
    text = given if isinstance(given, str) else json.dumps(given)
    return Permission(id="prm_1", run="r", step="s", attempt="a", ask="1", kind=kind, title=title, input=text)


def changed(given: object) -> list[tuple[str, int, int]]:
    return [(file.name, file.added, file.removed) for file in proposed_files(asked(given))]


@pytest.mark.parametrize(
    "given",
    [
        {"file_path": "calc.py", "old_string": OLD, "new_string": NEW},
        {"filePath": "calc.py", "oldString": OLD, "newString": NEW},
        {"path": "calc.py", "edits": [{"oldText": OLD, "newText": NEW}]},
        {"path": "calc.py", "oldText": OLD, "newText": NEW},
        {"files": ["calc.py"], "diff": UNIFIED},
        {"changes": {"calc.py": {"type": "update", "unified_diff": UNIFIED}}},
        {"changes": [{"path": "calc.py", "kind": "update", "diff": UNIFIED}]},
    ],
)
def test_every_form_of_an_edit_shows_the_line_that_goes_and_the_one_that_comes(given: object) -> None:
    assert changed(given) == [("calc.py", 1, 1)]
    shown = text_of(body_lines(asked(given), 76))
    assert "-     return a - b" in shown
    assert "+     return a + b" in shown


def test_a_patch_text_shows_all_its_files() -> None:
    assert changed({"input": PATCH}) == [("calc.py", 1, 1), ("new.txt", 1, 0), ("old.txt", 0, 0)]
    assert "to sums.py" in text_of(body_lines(asked({"input": PATCH}), 76))


def test_a_file_that_is_written_whole_says_so() -> None:
    (file,) = proposed_files(asked({"file_path": "new.py", "content": "one\ntwo\n"}))
    assert (file.state, file.added, file.removed) == ("written whole", 2, 0)


def test_several_edits_of_one_file_stand_apart() -> None:
    edits = [{"old_string": "a", "new_string": "b"}, {"old_string": "c", "new_string": "d", "replace_all": True}]
    (file,) = proposed_files(asked({"file_path": "x", "edits": edits}))
    assert [line.text for line in file.lines] == ["a", "b", "…", "everywhere in the file", "c", "d"]


@pytest.mark.parametrize("given", ["no json", "[]", "{}", '{"edits": 3}', '{"changes": ["x"]}', "[" * 100_000, '"x"'])
def test_what_is_no_edit_shows_no_diff_and_the_input_all_the_same(given: str) -> None:
    assert proposed_files(asked(given)) == ()
    assert "Input" in text_of(body_lines(asked(given), 76))


def test_a_command_is_no_edit_whatever_its_input_looks_like() -> None:
    assert proposed_files(asked({"content": "x", "old_string": "a", "new_string": "b"}, kind="run")) == ()


def test_a_huge_edit_is_cut_and_counted() -> None:
    many = "\n".join(map(str, range(MOST_LINES + 500)))
    (file,) = proposed_files(asked({"file_path": "x", "old_string": many, "new_string": many + "\nmore"}))
    assert len(file.lines) == MOST_LINES + 1
    assert "more lines; the input has them" in file.lines[-1].text


words = st.text(alphabet="ab\n \t\r\x1b\u202e\ud800界", max_size=200)


@given(words, words, words, st.integers(40, 120))
def test_hostile_text_is_shown_and_never_obeyed(old: str, new: str, path: str, width: int) -> None:
    one = asked({"file_path": path, "old_string": old, "new_string": new}, title=path)
    for line in body_lines(one, width):
        assert width_of(line) <= width
        assert not {"\x1b", "\u202e", "\ud800", "\n", "\r"} & set("".join(text for text, _ in line))


@given(st.recursive(st.none() | st.integers() | words, lambda inner: st.lists(inner) | st.dictionaries(
    st.sampled_from(["edits", "changes", "diff", "content", "path", "old_string", "new_string", "type"]), inner
)))  # fmt: skip
def test_no_input_at_all_breaks_the_card(given: object) -> None:
    body_lines(asked(given), 60)
