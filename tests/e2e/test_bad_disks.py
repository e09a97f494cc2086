"""A full or read-only disk is said, and nothing is half-done."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from tests.e2e.product import Cockpit, cockpit, make_repository
from tests.e2e.refusals import ACCEPT, AGENTS, GOAL, Refusal, check

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("bad disks")]


@pytest.fixture(scope="module")
def repo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_repository(tmp_path_factory.mktemp("good") / "repo", {"a.txt": "a\n"})


@contextmanager
def disk(place: Path, size: str) -> Iterator[Path]:
    """A small disk of its own."""
    place.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={size},mode=700", "tmpfs", place], capture_output=True
    )
    if mounted.returncode != 0:
        pytest.skip("this machine lets nobody here mount a disk")
    try:
        yield place
    finally:
        subprocess.run(["umount", "--lazy", place], check=True)


def fill(file: Path) -> None:
    """Write until the disk is full."""
    with suppress(OSError), file.open("wb", buffering=0) as opened:
        while opened.write(b"\0" * 4096):
            pass


def test_a_full_disk_is_said_and_once_there_is_room_all_is_well(repo: Path, tmp_path: Path) -> None:
    with disk(tmp_path / "disk", "2m") as place, cockpit(place / "home") as at:
        at.ok("status")
        ballast = place / "ballast"
        fill(ballast)
        words = ("start", GOAL, "--repo", str(repo), "--prepare", "false", *ACCEPT, *AGENTS)
        check(at.call(*words), Refusal(5, "disk_full", str(at.home), "space"))
        ballast.unlink()
        assert at.ok("audit", "verify")["count"] == 0, "nothing half-done"
        assert at.ok("status")["runs"] == []


def test_a_disk_that_is_full_from_the_start_makes_no_home(tmp_path: Path) -> None:
    with disk(tmp_path / "disk", "4k") as place:
        check(Cockpit(place / "home").call("status"), Refusal(5, "disk_full", str(place / "home"), ""))


def test_a_read_only_home_is_said(repo: Path, tmp_path: Path) -> None:
    with disk(tmp_path / "disk", "8m") as place:
        at = Cockpit(place / "home")
        at.ok("status")
        subprocess.run(["mount", "-o", "remount,ro", place], check=True)
        for home in (at, Cockpit(place / "another")):
            wanted = Refusal(5, "read_only", str(home.home), "--home")
            check(home.call("start", GOAL, "--repo", str(repo), *ACCEPT, *AGENTS), wanted)
            check(home.call("worker"), wanted)
        assert os.listdir(place) == ["home"]  # noqa: PTH208
