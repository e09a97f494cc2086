"""A recording holds what was on screen and when, and nothing that was not for the eye or is secret."""

import json
import stat
from pathlib import Path
from typing import Any

import pytest

from cockpit import recording
from cockpit.recording import Recording, safe

TOKEN = "ghp_" + "aB3" * 12
"""As long as a real one, and none."""


class Clock:
    """Seconds that a test sets."""

    now = 50.0

    def __call__(self) -> float:
        """The moment."""
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def made(tmp_path: Path, clock: Clock) -> Recording:
    return Recording(tmp_path / "recordings" / "one.cast", (80, 24), 1_700_000_000, clock)


def lines_of(made: Recording) -> list[Any]:
    """What is in the file after the end."""
    made.stop()
    return [json.loads(line) for line in made.file.read_text(encoding="utf-8").splitlines()]


def test_it_is_an_asciicast_for_its_owner_alone(made: Recording, clock: Clock) -> None:
    made.wrote("\x1b[2J\x1b[Hžlica")
    clock.now += 1.25
    made.resized(200, 50)
    clock.now += 0.5
    made.wrote("b\r\nc")
    header, *events = lines_of(made)
    assert (header["version"], header["width"], header["height"], header["timestamp"]) == (2, 80, 24, 1_700_000_000)
    assert events == [[0.0, "o", "\x1b[2J\x1b[Hžlica"], [1.25, "r", "200x50"], [1.75, "o", "b\r\nc"]]
    assert stat.S_IMODE(made.file.stat().st_mode) == 0o600
    assert stat.S_IMODE(made.file.parent.stat().st_mode) == 0o700


def test_a_file_that_is_there_is_not_written_over(made: Recording) -> None:
    with pytest.raises(FileExistsError):
        Recording(made.file, (80, 24), 0)
    made.stop()


@pytest.mark.parametrize(
    "sequence",
    ["\x1b]52;c;c2VjcmV0\x07", "\x1b]2;title\x1b\\", "\x1b]777;notify;Cockpit;x\x1b\\", "\x1b]8;;http://x\x1b\\",
     "\x1bPtmux;\x1b\x1b]777;notify;a;b\x1b\x1b\\\x1b\\", "\x07", "\x1b[22;2t", "\x1b[23;2t", "\x1b[?1003h",
     "\x1b[?2004l", "\x1b[?2048$p", "\x1b[>1u", "\x1b[<u"],
)  # fmt: skip
def test_clipboard_titles_calls_and_modes_are_left_out(sequence: str) -> None:
    assert safe(f"before{sequence}after") == "beforeafter"


@pytest.mark.parametrize("kept", ["\x1b[?25l", "\x1b[?2026h", "\x1b[38;2;1;2;3mred\x1b[0m", "\x1b[5;7H", "a\r\nb"])
def test_what_draws_is_kept(kept: str) -> None:
    assert safe(f"x{kept}y") == f"x{kept}y"


def test_a_secret_is_cut_out_and_the_rest_stays_in_its_place() -> None:
    said = safe(f"\x1b[3;1H\x1b[1mtoken {TOKEN} │\x1b[0m\x1b[4;1Hnext")
    assert TOKEN not in said
    assert TOKEN[4:20] not in said
    assert "[redacted:github_token]" in said
    assert said.endswith("\x1b[4;1Hnext")
    assert len(said.partition("\x1b[4")[0]) <= len(f"\x1b[3;1H\x1b[1mtoken {TOKEN} │\x1b[0m") + 4


def test_a_secret_in_two_colours_is_one_secret() -> None:
    said = safe(f"\x1b[1m{TOKEN[:12]}\x1b[0m\x1b[7m{TOKEN[12:]}\x1b[0m")
    assert TOKEN[12:] not in said


def test_a_line_of_a_private_key_is_cut_out_and_a_digest_is_not() -> None:
    line = "MIIEpAIBAAKCAQEA7" + "aB3+" * 12
    assert line not in safe(f"\x1b[2;2H{line}\x1b[3;2H")
    assert safe("0123456789abcdef" * 4) == "0123456789abcdef" * 4


def test_one_that_grows_too_long_ends_and_says_so(made: Recording, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recording, "MOST_BYTES", 300)
    for _ in range(50):
        made.wrote("x" * 100)
    assert len(lines_of(made)) < 6
    assert made.problem.startswith("it ended at")
