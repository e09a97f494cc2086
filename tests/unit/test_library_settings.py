"""What the environment says to the screen library: what it would fall over is taken away and named."""

from pathlib import Path

import pytest

from cockpit.library_settings import without_broken


@pytest.mark.parametrize("value", ["auto", "standard", "256", "truecolor"])
def test_a_colour_system_that_there_is_stays(value: str) -> None:
    environ = {"TEXTUAL_COLOR_SYSTEM": value}
    assert without_broken(environ) == ""
    assert environ == {"TEXTUAL_COLOR_SYSTEM": value}


@pytest.mark.parametrize("value", ["nonsense", "", "windows", "TRUECOLOR"])
def test_any_other_is_taken_away_and_named_with_those_there_are(value: str) -> None:
    environ = {"TEXTUAL_COLOR_SYSTEM": value, "TERM": "xterm"}
    said = without_broken(environ)
    assert said == f"TEXTUAL_COLOR_SYSTEM is {value!r}, which is ignored: set it to auto, standard, 256 or truecolor."
    assert environ == {"TERM": "xterm"}


def test_a_log_that_cannot_be_written_is_taken_away_and_named(tmp_path: Path) -> None:
    missing, fine = tmp_path / "nowhere" / "log", tmp_path / "log"
    environ = {"TEXTUAL_LOG": str(missing)}
    assert "cannot be written (No such file or directory)" in without_broken(environ)
    assert environ == {}
    environ = {"TEXTUAL_LOG": str(fine)}
    assert without_broken(environ) == ""
    assert environ == {"TEXTUAL_LOG": str(fine)}


def test_keys_that_nobody_pressed_are_taken_away() -> None:
    environ = {"TEXTUAL_PRESS": "a,wait:x"}
    assert "no key counts here that nobody pressed" in without_broken(environ)
    assert environ == {}


def test_an_environment_without_any_of_them_is_left_alone() -> None:
    environ = {"TEXTUAL_FPS": "abc", "HOME": "/"}
    assert without_broken(environ) == ""
    assert environ == {"TEXTUAL_FPS": "abc", "HOME": "/"}
