"""Agents that hang, flood, hide, break things and lie in files: the run stays whole, and says what happened."""

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from adapters.agents.capture import CAP_BYTES
from tests.e2e.product import Cockpit, agent, cockpit, make_repository, verifier

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.xdist_group("rude agents")]

GOAL = "Fix the api of the parser"
DEADLINE_S = 60.0
DONE = "open('done.txt', 'w').close()"

HANGS = """
import os, time
from pathlib import Path
Path(NOTE).write_text(str(os.getpid()))
print("working", flush=True)
time.sleep(600)
"""
RECOVERS = f"""
import time
from pathlib import Path
print("thinking", flush=True)
while not Path(NOTE).exists():
    time.sleep(0.02)
{DONE}
"""
"""Thinks until somebody writes the note."""
IGNORES = """
import os, signal, time
from pathlib import Path
for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
    signal.signal(number, signal.SIG_IGN)
Path(NOTE).write_text(str(os.getpid()))
while True:
    time.sleep(600)
"""
LEAVES = f"""
import os, signal, time
from pathlib import Path
signal.signal(signal.SIGTERM, signal.SIG_IGN)
for n in range(3):
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            Path(NOTE + str(n)).write_text(str(os.getpid()))
            os.execve("/bin/sleep", ["sleep", "600"], {{}} if n else dict(os.environ))
        os._exit(0)
while not all(Path(NOTE + str(n)).exists() for n in range(3)):
    time.sleep(0.02)
{DONE}
"""
"""Three orphans in sessions of their own that ignore SIGTERM; two of them without any environment."""
FLOODS = f"""
import os
from pathlib import Path
for _ in range(MEGABYTES):
    os.write(1, b"x" * 1023 * 1024 + b"\\n" * 1024)
lines = Path("/proc", str(os.getppid()), "status").read_text().splitlines()
Path(NOTE).write_text(next(line for line in lines if line.startswith("VmHWM")).split()[1])
{DONE}
"""
"""Writes down how much memory (kB) the one that takes its output has needed at most."""
BABBLES = f"""
import json, os
os.write(1, b"\\xff\\xfe\\x00 \\x1b[2J\\x1b]0;title\\x07 \\xe2\\x80\\xae \\xf0\\x9f")
open(b"caf\\xe9.txt", "w").close()
said = {{"summary": "\\ud800 \\x00 \\u202e [red]done[/] \\x1b[31m", "model": "\\udfff", "cost_usd": 0.01}}
open(os.environ["COCKPIT_RESULT_FILE"], "w").write(json.dumps(said))
{DONE}
"""
DELETES = f"""
import os, shutil
attempt = os.environ["COCKPIT_ATTEMPT"]
if attempt == "1":
    shutil.rmtree(os.getcwd())
else:
    {DONE}
if attempt == "2":
    shutil.rmtree(".git")
"""
KILLS = f"""
import os, signal
if os.environ["COCKPIT_ATTEMPT"] == "1":
    os.kill(os.getppid(), signal.SIGKILL)
    signal.pause()
{DONE}
"""
UNSEEN = {"\x1b", "\x00", "\x07", "\u202e"}
"""What must not reach a terminal."""
RESULTS = {
    "no JSON": "file.write_text('all tests pass')",
    "a list": "file.write_text('[1, 2]')",
    "endless": "os.truncate(os.open(file, os.O_CREAT | os.O_WRONLY), 1 << 40)",
    "deep": "file.write_text('[' * 200_000)",
    "a pipe": "os.mkfifo(file)",
    "a folder": "file.mkdir()",
    "a link to somewhere else": "file.symlink_to('/etc/passwd')",
    "strange": """file.write_text('{"cost_usd": -1e999, "tokens": {"input": 1e400}, "summary": 5, "verdict": 7}')""",
}


@pytest.fixture(scope="module")
def at(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cockpit]:
    with cockpit(tmp_path_factory.mktemp("rude") / "home", "[worker]\nagents = 8\n") as opened:
        yield opened


@pytest.fixture(scope="module")
def repo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_repository(tmp_path_factory.mktemp("source") / "repo", {"a.txt": "a\n"})


@pytest.fixture
def note(tmp_path: Path) -> Path:
    """Where an agent writes down what the test wants to know."""
    return tmp_path / "note"


Launch = Callable[..., str]


@pytest.fixture
def launch(at: Cockpit, repo: Path, note: Path, tmp_path: Path) -> Launch:
    """Starts a run with this coder; `clocks` are seconds."""

    def start(source: str, **clocks: float) -> str:
        limits = {"first_output_s": 60.0, "idle_s": 60.0, "wall_s": 60.0, **clocks}
        at.environment.update({f"COCKPIT_CLOCKS_{name.upper()}": str(limit) for name, limit in limits.items()})
        checks = verifier(tmp_path, command="test -e done.txt")
        accept = ("--accept", "A1: it is done :: test -e done.txt")
        return at.start(
            GOAL,
            repo,
            *accept,
            "--coder",
            agent(tmp_path, "coder", source.replace("NOTE", repr(str(note)))),
            "--verifier",
            checks,
        )

    return start


def until(what: str, holds: Callable[[], bool]) -> None:
    end = time.monotonic() + DEADLINE_S
    while not holds():
        assert time.monotonic() < end, f"it did not happen in time: {what}"
        time.sleep(0.05)


def lives(note: Path) -> bool:
    """Whether the process that wrote its id there lives; one that is only about to write it is none yet."""
    try:
        pid = int(note.read_text() or 0)
        return bool(pid) and Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in ("Z", "X")
    except (FileNotFoundError, ProcessLookupError):
        return False


def blockers(at: Cockpit, run: str) -> list[str]:
    return [blocker["code"] for blocker in at.status(run)["blockers"] if blocker["severity"] == "block"]


def is_stalled(at: Cockpit, run: str) -> bool:
    step = at.status(run)["step"]
    return (step["kind"], step["state"]) == ("build", "stalled")


def test_one_that_hangs_is_marked_left_alone_and_ended_by_the_wall_clock(
    at: Cockpit, launch: Launch, note: Path
) -> None:
    run = launch(HANGS, idle_s=1, wall_s=20)
    until("stalled", lambda: is_stalled(at, run))
    assert lives(note), "silence alone ends nothing"
    assert at.status(run)["next_action"]["code"] == "retry"
    assert at.wait(run) == "blocked"
    assert blockers(at, run) == ["wall_clock"]
    assert not lives(note)


def test_one_that_was_only_thinking_goes_on_where_it_was(at: Cockpit, launch: Launch, note: Path) -> None:
    run = launch(RECOVERS, first_output_s=1, idle_s=1)
    until("stalled", lambda: is_stalled(at, run))
    note.touch()
    assert at.wait(run) == "artifacts_ready"
    assert at.status(run)["step"]["attempt"] == 1


def test_one_that_ignores_every_signal_is_ended_by_a_cancel(at: Cockpit, launch: Launch, note: Path) -> None:
    run = launch(IGNORES)
    until("it runs", lambda: lives(note))
    at.ok("cancel", run)
    until("it is gone", lambda: not lives(note))
    assert at.ok("wait", run, "--for", "cancelled")["state"] == "cancelled"
    until("the closing package", lambda: at.call("evidence", "verify", run).value.get("checked", 0) > 0)


def test_what_one_leaves_behind_is_ended_with_it(at: Cockpit, launch: Launch, note: Path) -> None:
    run = launch(LEAVES)
    assert at.wait(run) == "artifacts_ready"
    left = [note.with_name(f"{note.name}{n}") for n in range(3)]
    assert all(one.exists() for one in left)
    assert not any(lives(one) for one in left)


@pytest.mark.parametrize("megabytes", [50, pytest.param(500, marks=pytest.mark.crash)])
def test_a_flood_is_cut_off_at_the_cap_in_constant_memory(
    at: Cockpit, launch: Launch, note: Path, megabytes: int
) -> None:
    run = launch(FLOODS.replace("MEGABYTES", str(megabytes)))
    assert at.wait(run) == "artifacts_ready"
    log = next(Path(item["path"]) for item in at.status(run)["evidence"] if "-build-1-" in item["path"])
    assert 0 <= log.stat().st_size - CAP_BYTES < 200
    assert b"are kept]" in log.read_bytes()[-200:]
    assert int(note.read_text()) < 64 * 1024, "kB of the shim at its peak"


def test_bytes_that_are_no_text_reach_no_reader(at: Cockpit, launch: Launch) -> None:
    run = launch(BABBLES)
    assert at.drive(run)["state"] == "awaiting_qa"
    assert at.approve(run).exit_code == 0
    at.ok("wait", run, "--for", "done")
    for words in (("status", run), ("evidence", "list", run), ("review", run), ("metrics", run), ("audit", "export")):
        assert json.dumps(at.ok(*words)), "each is one JSON object, as every answer is"
    for line in (f"status {run}", f"evidence list {run}", f"review {run}", "threads", "events"):
        assert not UNSEEN & set(at.text(*line.split()))
    page = at.home / "knowledge" / run / "evidence.md"
    until("the page", page.exists)
    assert not UNSEEN & set(page.read_text(encoding="utf-8"))


def test_one_that_deletes_its_worktree_gets_a_new_one(at: Cockpit, launch: Launch) -> None:
    run = launch(DELETES)
    assert at.wait(run) == "blocked"
    assert blockers(at, run) == ["worktree_gone"]
    at.ok("retry", run)
    assert at.wait(run) == "artifacts_ready", "its repository is not needed to tell what it changed"


def test_one_that_kills_who_watches_it_is_found_and_can_be_retried(at: Cockpit, launch: Launch) -> None:
    run = launch(KILLS)
    assert at.wait(run) == "blocked"
    assert blockers(at, run) == ["lost"]
    at.ok("retry", run)
    assert at.wait(run) == "artifacts_ready"


@pytest.mark.parametrize("name", RESULTS)
def test_a_result_file_that_is(name: str, at: Cockpit, launch: Launch) -> None:
    run = launch(
        f"""
        import os
        from pathlib import Path
        {DONE}
        file = Path(os.environ["COCKPIT_RESULT_FILE"])
        {RESULTS[name]}
        """
    )
    assert at.wait(run) == "artifacts_ready", "the work counts, not what is said of it"
    status = at.status(run)
    assert status["cost"]["basis"] == "unpriced"
