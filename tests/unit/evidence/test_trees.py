"""Folders are copied byte for byte, and nothing comes along that was not in them."""

import os
from pathlib import Path

import pytest

from adapters.evidence.trees import copy_tree, tree_of
from factory.errors import Refused


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An acceptance folder inside a repository, used before."""
    root = tmp_path / "acceptance"
    for name in (".git", "__pycache__", "sub/__pycache__"):
        (root / name).mkdir(parents=True)
        (root / name / "x").write_text("x")
    (root / "sub" / "test_a.py").write_text("password = 'hunter22'\n")
    (root / "run.sh").write_text("#!/bin/sh\n")
    (root / "run.sh").chmod(0o755)
    return root


def test_the_repository_and_the_byte_code_stay_behind(folder: Path, tmp_path: Path) -> None:
    copy_tree(folder, tmp_path / "copy")
    copied = {str(path.relative_to(tmp_path / "copy")) for path in (tmp_path / "copy").rglob("*") if path.is_file()}
    assert copied == {"sub/test_a.py", "run.sh"}


def test_contents_and_the_right_to_execute_stay(folder: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    assert copy_tree(folder, copy) == tree_of(folder)
    assert (copy / "sub" / "test_a.py").read_text() == "password = 'hunter22'\n"
    assert os.access(copy / "run.sh", os.X_OK)
    assert not os.access(copy / "sub" / "test_a.py", os.X_OK)


def test_every_change_changes_the_digest(folder: Path) -> None:
    digests = [tree_of(folder).sha256]
    (folder / "run.sh").chmod(0o644)
    digests.append(tree_of(folder).sha256)
    (folder / "run.sh").rename(folder / "run2.sh")
    digests.append(tree_of(folder).sha256)
    (folder / "run2.sh").write_text("#!/bin/sh\nexit 0\n")
    digests.append(tree_of(folder).sha256)
    (folder / "run2.sh").unlink()
    digests.append(tree_of(folder).sha256)
    assert len(set(digests)) == 5


def test_a_link_inside_is_copied_as_what_it_leads_to(folder: Path, tmp_path: Path) -> None:
    (folder / "alias.py").symlink_to("sub/test_a.py")
    copy_tree(folder, tmp_path / "copy")
    assert not (tmp_path / "copy" / "alias.py").is_symlink()
    assert (tmp_path / "copy" / "alias.py").read_text() == "password = 'hunter22'\n"


@pytest.mark.parametrize("target", ["/etc/hostname", "..", "sub"])
def test_a_link_out_and_a_linked_folder_are_refused(folder: Path, tmp_path: Path, target: str) -> None:
    (folder / "link").symlink_to(target)
    with pytest.raises(Refused) as refused:
        copy_tree(folder, tmp_path / "copy")
    assert refused.value.code == "inadmissible_source"


def test_a_pipe_is_refused_at_once(folder: Path, tmp_path: Path) -> None:
    os.mkfifo(folder / "pipe")
    with pytest.raises(Refused) as refused:
        copy_tree(folder, tmp_path / "copy")
    assert refused.value.code == "inadmissible_source"
