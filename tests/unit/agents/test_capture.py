"""What a program writes is kept without secrets and up to a cap, and nothing holds the program up."""

import errno
import os
import time
from pathlib import Path

import pytest

from adapters.agents.capture import Capture


def capture(folder: Path, cap_bytes: int = 100, secrets: list[bytes] | None = None) -> Capture:
    return Capture(folder / "out.log", folder / "pulse", cap_bytes, secrets or [])


def test_output_goes_to_the_log_and_is_counted(tmp_path: Path) -> None:
    log = capture(tmp_path, secrets=[b"my-value"])
    log.write(b"one my-va")
    log.write(b"lue two\n")
    log.close()
    assert (tmp_path / "out.log").read_bytes() == b"one [redacted:value] two\n"
    assert (log.output_bytes, log.dropped_bytes, log.redactions, log.problem) == (17, 0, 1, "")
    assert (tmp_path / "pulse").read_text() == "17\n"


def test_it_is_noted_when_the_log_had_how_many_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log = Capture(tmp_path / "out.log", tmp_path / "pulse", 10, [b"my-value"], tmp_path / "growth")
    now = [1_000.0]
    monkeypatch.setattr(time, "time", lambda: 1_767_225_600 + now[0])
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    for chunk, seconds in ((b"one\n", 1.0), (b"my-value\n", 0.1), (b"", 0.5), (b"", 5.0)):
        if chunk:
            log.write(chunk)
        log.pulse()
        now[0] += seconds
    log.close()
    said = [line.split() for line in (tmp_path / "growth").read_text().splitlines()]
    assert said == [["2026-01-01T00:16:40.000Z", "4"], ["2026-01-01T00:16:41.000Z", "10"]]


def test_a_whole_line_is_in_the_log_at_once(tmp_path: Path) -> None:
    capture(tmp_path).write(b"line\n")
    assert (tmp_path / "out.log").read_bytes() == b"line\n"


@pytest.mark.parametrize("sizes", [[100], [40, 60], [101], [5000], [100, 1], [99, 3000, 7], [1] * 150])
def test_what_came_is_either_kept_or_counted(sizes: list[int], tmp_path: Path) -> None:
    log = capture(tmp_path)
    for size in sizes:
        log.write(b"y" * size)
    log.close()
    kept = (tmp_path / "out.log").read_bytes().count(b"y" * 10) * 10
    assert kept == 100
    assert log.output_bytes == sum(sizes)
    assert log.dropped_bytes == sum(sizes) - 100
    assert (b"only the first 100 bytes" in (tmp_path / "out.log").read_bytes()) == (sum(sizes) > 100)


def test_a_full_disk_is_said_and_the_output_is_still_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log = capture(tmp_path)
    log.write(b"kept\n")

    def full(file: int, data: bytes) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as failing:
        failing.setattr(os, "write", full)
        log.write(b"lost\n")
        log.write(b"lost\n")
    log.close()
    assert (tmp_path / "out.log").read_bytes() == b"kept\n"
    assert (log.output_bytes, log.dropped_bytes) == (15, 10)
    assert log.problem == "The log could not be written: No space left on device."


def test_a_log_that_is_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "out.log").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(OSError, match="symbolic links"):
        capture(tmp_path)
