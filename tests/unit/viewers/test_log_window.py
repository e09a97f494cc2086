"""A window on a log: whatever is read in whatever pieces, the lines are those of the file."""

from hashlib import sha256
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cockpit.evidence_file import read_evidence
from cockpit.log_window import Reach, read_back, read_end, read_on
from cockpit.screens.pages.log_rows import LogRows

SLOW = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)


@SLOW
@given(
    st.lists(st.binary(max_size=30), max_size=30), st.lists(st.binary(max_size=30), max_size=10), st.integers(60, 300)
)
def test_end_newer_and_earlier_parts_are_the_whole_file(
    tmp_path: Path, first: list[bytes], later: list[bytes], size: int
) -> None:
    path = tmp_path / "out.log"
    path.write_bytes(b"\n".join(first))
    window = read_end(path, Reach(size))
    assert window is not None
    made = LogRows()
    made.take(window, 40)
    for piece in later:
        with path.open("ab") as file:
            file.write(piece + b"\n")
        window = read_on(window)
        assert window is not None
        made.take(window, 40)
        window = read_back(window, size)
        made.take(window, 40)
    while (earlier := read_back(window, 1 << 20)) is not window:
        window = earlier
        made.take(window, 40)
    fresh = LogRows()
    fresh.take(window, 40)
    assert list(made.rows()) == list(fresh.rows())
    assert window.start == 0
    text = path.read_bytes().decode("utf-8", "surrogateescape")
    assert "\n".join(window.all_lines) == text.removesuffix("\n")


def test_a_log_that_was_cut_or_replaced_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "out.log"
    path.write_bytes(b"one\ntwo\n")
    window = read_end(path)
    assert window is not None
    assert read_on(window) is window
    path.write_bytes(b"x\n")
    again = read_on(window)
    assert again is not None
    assert again.lines == ("x",)
    path.unlink()
    assert read_on(window) is None
    assert read_end(path) is None


def test_evidence_that_is_a_link_out_a_folder_or_gone_is_not_read(tmp_path: Path) -> None:
    root = tmp_path / "evidence"
    (root / "folder").mkdir(parents=True)
    (tmp_path / "secret").write_text("secret")
    (root / "link").symlink_to(tmp_path / "secret")
    for name in ("link", "folder", "gone", "../secret", "a\0b"):
        found = read_evidence(root, name, "")
        assert (found.data, found.path) == (b"", None), name
        assert found.problem


def test_only_the_beginning_of_a_large_file_is_held_and_all_of_it_is_checked(tmp_path: Path) -> None:
    data = b"x" * 3_000_000
    (tmp_path / "big").write_bytes(data)
    found = read_evidence(tmp_path, "big", sha256(data).hexdigest(), shown=1000)
    assert (len(found.data), found.size, found.is_whole, found.is_checked, found.problem) == (
        1000,
        len(data),
        False,
        True,
        "",
    )
