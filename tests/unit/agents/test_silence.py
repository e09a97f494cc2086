"""Silence ends with output or with a changed file, and a look at it is bounded."""

import os
import time
from pathlib import Path
from typing import Any

import pytest

from adapters.agents import silence
from adapters.agents.silence import Silence, newest_change


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Our own seconds, in a list of one."""
    now = [1000.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    return now


def watched(folder: Path) -> Silence:
    (folder / "tree").mkdir(exist_ok=True)
    (folder / "task.json").touch()
    return Silence(folder / "pulse", folder / "tree", folder / "task.json")


def test_silence_grows_until_something_comes(tmp_path: Path, clock: list[float]) -> None:
    quiet = watched(tmp_path)
    quiet.look()
    clock[0] += 50
    assert quiet.look() >= 50
    (tmp_path / "pulse").write_text("17\n")
    assert quiet.look() < 5
    assert quiet.output_bytes == 17


def test_a_changed_file_is_progress_too(tmp_path: Path, clock: list[float]) -> None:
    quiet = watched(tmp_path)
    quiet.look()
    clock[0] += 50
    later = time.time_ns() + 10**9
    (tmp_path / "tree" / "new").touch()
    os.utime(tmp_path / "tree" / "new", ns=(later, later))
    assert quiet.look() == 0


def test_what_was_there_before_is_no_progress(tmp_path: Path, clock: list[float]) -> None:
    (tmp_path / "tree").mkdir()
    (tmp_path / "tree" / "old").touch()
    quiet = watched(tmp_path)
    quiet.look()
    clock[0] += 50
    assert quiet.look() >= 50


def test_who_looks_again_after_a_restart_counts_what_passed_meanwhile(tmp_path: Path) -> None:
    pulse = tmp_path / "pulse"
    pulse.write_text("17\n")
    long_ago = time.time() - 300
    os.utime(pulse, (long_ago, long_ago))
    assert 299 < watched(tmp_path).look() < 310


def test_a_gone_worktree_is_silence_not_an_error(tmp_path: Path) -> None:
    quiet = Silence(tmp_path / "pulse", tmp_path / "gone", tmp_path / "task.json")
    assert quiet.look() >= 0


def test_a_look_at_a_huge_tree_is_bounded_and_skips_what_tools_write(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(silence, "MOST_ENTRIES", 10)
    for folder in ("a", "b", ".git"):
        (tmp_path / folder).mkdir()
        for n in range(30):
            (tmp_path / folder / str(n)).touch()
    seen: list[str] = []
    scan = os.scandir

    def look(place: str) -> Any:
        seen.append(place)
        return scan(place)

    monkeypatch.setattr(os, "scandir", look)
    assert newest_change(tmp_path) > 0
    assert len(seen) == 2
    assert not any(place.endswith(".git") for place in seen)
