"""Calls as real processes: what they import, pipes that close, full disks, ctrl+c, and questions on a terminal."""

import json
import os
import pty
import select
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from adapters.clock import SystemClock
from adapters.ledger.open import open_ledger
from factory.model.run import Run

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_S = 60.0


def argv(home: Path, *words: str) -> tuple[str, ...]:
    return (sys.executable, "-m", "cockpit", "--home", str(home), *words)


def imported(names: Sequence[str], *calls: Sequence[str]) -> list[str]:
    """Which of these modules calls in one process have imported, each with the first call after which it is there."""
    code = (
        f"import sys; from cockpit.__main__ import main; names = {list(names)!r}\n"
        f"for words in {[list(words) for words in calls]!r}:\n"
        "    sys.argv[1:] = words; main()\n"
        "    for name in [name for name in names if name in sys.modules]:\n"
        "        names.remove(name); print(f'{name}:{words[-1]}', file=sys.stderr)"
    )
    done = subprocess.run((sys.executable, "-c", code), cwd=ROOT, capture_output=True, text=True, check=True)
    return done.stderr.split()


def test_help_and_version_import_no_large_library() -> None:
    heavy = ("sqlalchemy", "alembic", "dbos", "textual", "pydantic", "rich", "jinja2", "msgspec", "watchfiles")
    assert imported(heavy, ["--version"], ["--help"]) == []


def test_a_client_never_imports_the_engine_nor_the_migrations_nor_the_screen(home: Path) -> None:
    calls = [["--home", str(home), verb] for verb in ("status", "doctor", "events", "init", "agents")]
    assert imported(("dbos", "alembic", "textual", "scipy", "numpy"), *calls) == []


def test_metrics_of_a_run_with_nothing_to_weigh_need_no_statistics(home: Path) -> None:
    ledger_with(home, "One")
    assert imported(("scipy", "numpy", "textual"), ["--home", str(home), "metrics"]) == []


@pytest.mark.parametrize("words", [["--help"], ["status", "--json"], ["events"]])
def test_a_reader_that_leaves_is_no_error(home: Path, words: list[str]) -> None:
    ledger_with(home, "One")
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(argv(home, *words), cwd=ROOT, stdout=writing, stderr=subprocess.PIPE, text=True)
    os.close(writing)
    assert (done.returncode, done.stderr) == (141, "")


def test_a_full_disk_behind_stdout_is_a_sentence(home: Path) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(argv(home, "status", "--json"), cwd=ROOT, stdout=full, stderr=subprocess.PIPE, text=True)
    assert done.returncode == 5
    assert "No space left" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_home_on_a_read_only_disk_is_exit_5() -> None:
    done = subprocess.run(argv(Path("/proc/cockpit"), "status", "--json"), cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 5
    assert "/proc/cockpit" in json.loads(done.stdout)["error"]["message"]


@pytest.mark.parametrize("encoding", ["ascii", "latin-1"])
def test_a_goal_is_printed_in_every_encoding(home: Path, encoding: str) -> None:
    ledger = ledger_with(home, "Napravi 🛠️ أصلح ćžš")
    env = {**os.environ, "PYTHONIOENCODING": encoding, "LC_ALL": "C", "PYTHONUTF8": "0"}
    done = subprocess.run(argv(home, "status"), cwd=ROOT, env=env, capture_output=True)
    assert done.returncode == 0, done.stderr
    assert b"Napravi" in done.stdout
    assert ledger


def test_following_ends_with_ctrl_c_and_nothing_but_what_happened(home: Path) -> None:
    ledger_with(home, "One")
    follower = subprocess.Popen(
        argv(home, "events", "--follow", "--json"), cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert follower.stdout is not None
    first = json.loads(follower.stdout.readline())
    ledger_with(home, "Two")
    second = json.loads(follower.stdout.readline())
    assert (first["seq"], second["seq"]) == (1, 2), "it prints what happens while it follows"
    follower.send_signal(signal.SIGINT)
    out, err = follower.communicate(timeout=PATIENCE_S)
    assert (follower.returncode, out) == (130, "")
    assert err.splitlines() == ["cockpit: Interrupted."]


@pytest.mark.parametrize(("answer", "code"), [("n", "declined"), ("", "declined"), ("y", "not_ready")])
def test_land_asks_on_a_terminal_and_only_a_yes_goes_on(home: Path, answer: str, code: str) -> None:
    run = ledger_with(home, "Fix it")
    ours, theirs = pty.openpty()
    landing = subprocess.Popen(
        argv(home, "land", run, "--json"), cwd=ROOT, stdin=theirs, stdout=subprocess.PIPE, stderr=theirs, text=True
    )
    os.close(theirs)
    assert "[y/N]" in read_until(ours, "[y/N]")
    os.write(ours, f"{answer}\n".encode())
    out, _ = landing.communicate(timeout=PATIENCE_S)
    os.close(ours)
    assert (landing.returncode, json.loads(out)["error"]["code"]) == (3, code)


def test_land_without_a_terminal_asks_nobody(home: Path) -> None:
    run = ledger_with(home, "Fix it")
    done = subprocess.run(
        argv(home, "land", run, "--json"), cwd=ROOT, stdin=subprocess.DEVNULL, capture_output=True, text=True
    )
    assert done.returncode == 2
    assert "--yes" in json.loads(done.stdout)["error"]["hint"]


def read_until(terminal: int, text: str) -> str:
    """What the terminal shows once `text` is there."""
    shown, deadline = "", time.monotonic() + PATIENCE_S
    while text not in shown:
        ready, _, _ = select.select([terminal], [], [], max(0.0, deadline - time.monotonic()))
        assert ready, f"only this was shown: {shown!r}"
        shown += os.read(terminal, 4096).decode()
    return shown


def ledger_with(home: Path, goal: str) -> str:
    """Put a run into the ledger of a home, and return its id."""
    home.mkdir(mode=0o700, exist_ok=True)
    clock = SystemClock()
    ledger = open_ledger(home / "ledger.db", clock)
    run = Run(id=clock.new_id("run"), goal=goal, repo=str(home), state="ready")
    ledger.write("operator:ana", lambda tx: tx.put(run, "run.create"))
    ledger.close()
    return run.id
