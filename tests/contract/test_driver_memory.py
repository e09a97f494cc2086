"""A driver that hears an agent for days: it keeps nothing of what is over, and its files stay within their caps."""

import gc
import tracemalloc
from pathlib import Path

import pytest

from adapters.agents.capture import Capture
from adapters.agents.dialects import acp_updates
from adapters.agents.driving import record
from adapters.agents.journal import NAME as JOURNAL
from tests.bench.agent_meter import FOLDERS, RECORDINGS, SECRET, _drive, recorded, renamed

MOST_GROWTH = 100_000
"""Bytes in 18 rounds; a dialect that keeps its tools grows by twice as much."""
CAP = 200_000
FIRST, *OTHERS = FOLDERS


@pytest.mark.parametrize("dialect", [FIRST, *(pytest.param(name, marks=pytest.mark.slow) for name in OTHERS)])
def test_what_is_over_is_not_kept(dialect: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(record, "CAP_BYTES", CAP)
    monkeypatch.setattr(acp_updates, "MOST_ENDED", 5)
    monkeypatch.setattr(Capture.__init__, "__defaults__", (CAP, *(Capture.__init__.__defaults__ or ())[1:]))
    lines = [line for said in recorded(RECORDINGS / FOLDERS[dialect]) for line in said if len(line) < 3000]
    drive = _drive(dialect, tmp_path)
    for again in range(24):
        drive.heard([renamed(line, again) for line in lines])
        if again == 5:
            gc.collect()
            tracemalloc.start()
    gc.collect()
    grown = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    (folder,) = tmp_path.iterdir()
    drive._record.close(drive.meter)
    assert grown < MOST_GROWTH
    assert CAP * 0.9 < (folder / JOURNAL).stat().st_size <= CAP
    assert CAP < (folder / record.STREAM).stat().st_size < CAP + 200
    assert drive._record.left_out > 0
    assert all(SECRET not in file.read_bytes() for file in folder.iterdir())
