"""Folders that could be meant: known repositories first, then what lies there; nothing that cannot be shown."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.draft import with_criterion
from cockpit.repositories import MOST, Place, completed, places
from factory.model.run import Criterion
from factory.rules.acceptance import parse_criteria


@pytest.fixture
def disk(tmp_path: Path) -> Path:
    """Two repositories, two folders, one of them hidden, and a file."""
    for name in ("shop/.git", "site/.git", "sand", ".secret"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "sample.txt").write_text("")
    return tmp_path


def test_folders_that_begin_so_are_found_repositories_first(disk: Path) -> None:
    assert places(f"{disk}/s", ()) == (
        Place(f"{disk}/shop", True), Place(f"{disk}/site", True), Place(f"{disk}/sand/"),
    )  # fmt: skip


def test_hidden_folders_are_found_only_when_a_dot_is_typed(disk: Path) -> None:
    assert [place.path for place in places(f"{disk}/.", ())] == [f"{disk}/.secret/"]
    assert f"{disk}/.secret/" not in [place.path for place in places(f"{disk}/", ())]


def test_known_repositories_come_first_by_any_letters_of_theirs_while_they_exist(disk: Path) -> None:
    known = (f"{disk}/site", f"{disk}/gone")
    assert places("SIT", known) == (Place(f"{disk}/site", True, True),)
    assert places("", known) == (Place(f"{disk}/site", True, True),)


def test_a_folder_whose_name_cannot_be_shown_is_left_out(tmp_path: Path) -> None:
    folder = tmp_path / "a\x1b[31m"
    (folder / ".git").mkdir(parents=True)
    assert places(f"{tmp_path}/a", ()) == ()
    assert places("", (str(folder),)) == (), "also when a goal was launched there"


@given(st.text(max_size=30))
def test_whatever_is_typed_is_no_error(typed: str) -> None:
    assert len(places(typed, ())) <= MOST


@given(st.text("ab/", max_size=5), st.lists(st.text("ab/", max_size=6)))
def test_completing_keeps_what_was_typed_and_fits_every_folder_that_did(typed: str, paths: list[str]) -> None:
    done = completed(typed, [Place(path) for path in paths])
    assert done.startswith(typed)
    assert all(path.startswith(done) for path in paths if path.startswith(typed))


@given(st.integers(0, 4))
def test_lines_of_acceptance_can_be_read_once_their_text_is_typed(count: int) -> None:
    accept = ""
    for number in range(count):
        accept, line, column = with_criterion(accept, (Criterion("A1", "t", ("run", "two words")),))
        lines = accept.splitlines()
        lines[line] = lines[line][:column] + f"claim {number}" + lines[line][column:]
        accept = "\n".join(lines)
    found = parse_criteria(accept.splitlines())
    assert [each.id for each in found] == [f"A{number + 1}" for number in range(count)]
    assert all(each.command == ("run", "two words") for each in found)


def test_a_number_that_was_left_out_is_used_again() -> None:
    assert with_criterion("A1: one :: true\nA3: three :: false")[0].splitlines()[-1] == "A2:  :: false"
