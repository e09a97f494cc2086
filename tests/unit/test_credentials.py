"""Where secrets of other systems are kept."""

import os
from pathlib import Path

import pytest

from adapters.credentials import read_secret
from factory.errors import Malformed, Missing, Unreachable


def test_a_secret_comes_from_the_environment(tmp_path: Path) -> None:
    assert read_secret("env:WIKI", tmp_path, {"WIKI": " s3cret\n"}) == "s3cret"


def test_a_secret_comes_from_a_private_file_in_the_home(tmp_path: Path) -> None:
    file = tmp_path / "wiki.key"
    file.write_text("s3cret\n")
    file.chmod(0o600)
    assert read_secret("file:wiki.key", tmp_path) == "s3cret"
    file.chmod(0o644)
    with pytest.raises(Unreachable, match="can be read by others"):
        read_secret("file:wiki.key", tmp_path)


@pytest.mark.parametrize("place", ["env:WIKI", "file:wiki.key", "file:empty"])
def test_what_is_not_there_is_said_with_its_fix(place: str, tmp_path: Path) -> None:
    (tmp_path / "empty").touch(mode=0o600)
    with pytest.raises(Missing) as raised:
        read_secret(place, tmp_path, {})
    assert place in raised.value.message
    assert place.partition(":")[2] in raised.value.hint


@pytest.mark.parametrize("place", ["", "s3cret", "vault:x"])
def test_what_is_no_place_is_not_repeated(place: str, tmp_path: Path) -> None:
    with pytest.raises(Malformed) as raised:
        read_secret(place, tmp_path)
    assert not place or place not in raised.value.message


def test_the_folder_of_nobody_is_no_place(tmp_path: Path) -> None:
    with pytest.raises(Unreachable, match="no such user"):
        read_secret("file:~nobody-of-this-name/wiki.key", tmp_path)


def test_a_pipe_is_no_secret(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe", 0o600)
    with pytest.raises(Unreachable):
        read_secret("file:pipe", tmp_path)
