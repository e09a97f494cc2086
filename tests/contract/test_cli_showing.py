"""`record` and `demo --film` refuse early what they cannot do; `screenshot` draws one moment, the same each time."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

import cockpit.cli.recording
from cockpit.cli import screen
from cockpit.cli.demo_film import play_film
from cockpit.film.frames import Frame, Piece
from cockpit.recording import Recording
from tests.contract.command_line import CommandLine, Plant
from tests.fakes.clock import FixedClock


@pytest.fixture
def plant(home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Plant:
    return Plant(CommandLine(home, capsys, monkeypatch), monkeypatch)


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The recordings that a cockpit was opened with, on a terminal that is said to be there."""
    opened: list[Path] = []

    def open_screen(_call: object, cast: Recording) -> int:
        opened.append(cast.file)
        cast.wrote("\x1b[2Jdrawn")
        return 0

    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setattr(cockpit.cli.recording, "has_terminal", lambda: True)
    monkeypatch.setattr(cockpit.cli.recording, "open_screen", open_screen)
    return opened


def test_without_a_terminal_nothing_is_recorded(plant: Plant, tmp_path: Path) -> None:
    file = tmp_path / "a.cast"
    assert "needs a terminal" in plant.cli.json("record", str(file)).failed(2, "usage")["message"]
    assert not file.exists()


def test_a_recording_names_its_file_and_is_for_its_owner_alone(
    plant: Plant, opened: list[Path], tmp_path: Path
) -> None:
    file = tmp_path / "new" / "a.cast"
    assert plant.cli.json("record", str(file)).json == {"file": str(file), "problem": ""}
    assert opened == [file]
    assert "drawn" in file.read_text(encoding="utf-8")
    assert file.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("there", ["file", "folder", "link"])
def test_what_is_there_is_never_overwritten(plant: Plant, opened: list[Path], tmp_path: Path, there: str) -> None:
    file = tmp_path / "a.cast"
    if there == "link":
        file.symlink_to(tmp_path / "elsewhere")
    elif there == "folder":
        file.mkdir()
    else:
        file.touch()
    assert str(file) in plant.cli.json("record", str(file)).failed(3, "file_exists")["message"]
    assert opened == []
    assert not (tmp_path / "elsewhere").exists()


@pytest.mark.parametrize("words", [("/proc/no/such/a.cast",), ("/proc/a.cast",)])
def test_a_folder_that_nobody_can_write_to_is_named(plant: Plant, opened: list[Path], words: Sequence[str]) -> None:
    assert "/proc" in plant.cli.json("record", *words).failed(5, "unreachable")["message"]
    assert opened == []


def test_a_terminal_that_can_show_nothing_leaves_no_file(
    plant: Plant, opened: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(screen, "why_no_screen", lambda: "This terminal is a typewriter.")
    plant.cli.json("record", str(tmp_path / "a.cast")).failed(2, "usage")
    assert list(tmp_path.glob("*.cast")) == []


def test_a_picture_of_one_moment_is_the_same_bytes_and_starts_no_worker(plant: Plant, tmp_path: Path) -> None:
    plant.awaiting_qa()
    ensured = plant.workers.ensured
    plant.floor.ports = replace(plant.floor.ports, clock=FixedClock(step_ms=0))
    drawn = [plant.cli.json("screenshot", str(tmp_path / name)).json["files"] for name in ("a", "b")]
    first, second = ([Path(file).read_bytes() for file in files] for files in drawn)
    assert first == second
    assert b"Make&#160;calc&#160;right" in first[0]
    assert len(first) == 2
    assert plant.workers.ensured == ensured


@pytest.mark.parametrize("words", [("a.cast",), ("a.cast", "--check"), ("--film", "--check", "a.cast")])
def test_a_file_is_for_the_film_alone(plant: Plant, tmp_path: Path, words: tuple[str, ...]) -> None:
    assert "film" in plant.cli.json("demo", *words).failed(2, "usage")["message"]


def test_a_film_without_a_place_is_refused_before_anything_is_played(plant: Plant, tmp_path: Path) -> None:
    assert "terminal" in plant.cli.json("demo", "--film").failed(2, "usage")["message"]
    there = tmp_path / "a.cast"
    there.touch()
    assert str(there) in plant.cli.json("demo", "--film", str(there)).failed(3, "file_exists")["message"]
    assert "/proc" in plant.cli.json("demo", "--film", "/proc/a.cast").failed(5, "unreachable")["message"]


def test_a_film_is_played_in_its_own_time_and_gives_the_screen_back(capsys: pytest.CaptureFixture[str]) -> None:
    slept: list[float] = []
    frames = (Frame(0.0, ((Piece("one"),),)), Frame(3.0, ((Piece("two"),),)))
    play_film(frames, 2.0, slept.append)
    assert slept == [0.0, 1.5, 0.5]
    said = capsys.readouterr().out
    assert said.startswith("\x1b[?1049h")
    assert said.endswith("\x1b[?1049l")
    assert said.index("one") < said.index("two")


def test_a_film_that_is_left_gives_the_screen_back(capsys: pytest.CaptureFixture[str]) -> None:
    def leave(_: float) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        play_film((Frame(0.0, ((Piece("one"),),)),), 1.0, leave)
    assert capsys.readouterr().out.endswith("\x1b[?1049l")
