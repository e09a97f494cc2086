"""A cockpit that is told to end, or whose terminal goes away: the terminal is as it was, and the next start works."""

import os
import signal
import termios
from pathlib import Path

import pytest

from tests.e2e.product import PROGRAM, cockpit
from tests.e2e.test_first_moments import PATIENCE_S, on_a_terminal, written
from tests.tools.tuimeter import Session

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]

LIVE = " NEXT  "
"""Says that the cockpit itself draws: the first picture never does."""
TAKEN = ("?1049", "?1003", "?2004")
"""What the cockpit takes from a terminal: its screen, its mouse, its pasted text."""


@pytest.mark.parametrize("sign", [signal.SIGTERM, pytest.param(signal.SIGHUP, marks=pytest.mark.slow)])
def test_a_signal_gives_the_terminal_back_and_the_next_start_works(home: Path, sign: signal.Signals) -> None:
    with cockpit(home):
        for _ in range(2):
            with on_a_terminal("-m", "cockpit", "--home", str(home)) as (process, ours, theirs):
                before = termios.tcgetattr(theirs)
                said = written(ours, until=LIVE)
                assert LIVE in said
                process.send_signal(sign)
                said += written(ours, process=process)
                assert process.wait(PATIENCE_S) == 128 + sign
                assert termios.tcgetattr(theirs) == before
            assert [said.rfind(f"\x1b[{mode}l") > said.rfind(f"\x1b[{mode}h") for mode in TAKEN] == [True] * 3
            assert "\x1b[?25h" in said[said.rfind("\x1b[?25l") :], "the cursor is back"
            assert "Traceback" not in said


def test_a_terminal_that_goes_away_takes_the_cockpit_with_it_and_nothing_else(home: Path) -> None:
    with cockpit(home) as at:
        session = Session([str(PROGRAM), "--home", str(home)], (80, 24), cwd=str(home.parent))
        assert session.wait(LIVE, PATIENCE_S)
        os.close(session.master)
        session.master = os.open(os.devnull, os.O_RDWR)
        session.process.wait(PATIENCE_S)
        session.close()
        assert "Traceback" not in (home / "log" / "cockpit.log").read_text()
        assert at.ok("worker", "--stop")
