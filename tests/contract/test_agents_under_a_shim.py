"""What a shim promises, whatever the agent does: it ends, whole, once, and its output is safe to keep."""

import asyncio
import errno
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from adapters.agents import launch, tree
from adapters.agents.registry import LocalAgents
from adapters.agents.settings import AgentSettings
from cockpit.written_by import length_at
from factory.errors import Unreachable
from factory.ports.agents import AgentResult, AgentTask, Live
from tests.contract.agent_rig import Listener, program, task, until

GRANDCHILDREN = """
import os, subprocess, sys, pathlib
wait = [sys.executable, "-ISc", "import signal; signal.pause()"]
tagged = subprocess.Popen(wait, start_new_session=True)
bare = subprocess.Popen(["env", "-i", "setsid", "--fork", *wait], start_new_session=True)
bare.wait()
pathlib.Path("started").write_text(str(tagged.pid))
"""
STUBBORN = """
import pathlib, signal
for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
    signal.signal(number, signal.SIG_IGN)
pathlib.Path("started").touch()
while True:
    signal.pause()
"""
WORKER = """
import asyncio, pathlib, sys
from adapters.agents.registry import LocalAgents
from tests.contract.agent_rig import Listener, task
folder = pathlib.Path(sys.argv[1])
asyncio.run(LocalAgents(folder / "home").run(task(folder, sys.argv[2]), Listener()))
"""
TELLING = """
import os, pathlib
pathlib.Path(os.environ["COCKPIT_RESULT_FILE"]).write_text('{"cost_usd": 0.03}')
"""
PATIENT = """
import pathlib, time
pathlib.Path("started").touch()
while not pathlib.Path("go").exists():
    time.sleep(0.01)
"""


@pytest.fixture
def agents(tmp_path: Path) -> LocalAgents:
    return LocalAgents(tmp_path / "home", cap_bytes=1 << 16, grace_s=0.3)


async def run(agents: LocalAgents, attempt: AgentTask) -> AgentResult:
    return await agents.run(attempt, Listener())


def left(agents: LocalAgents, attempt: AgentTask) -> set[tree.Process]:
    """What still runs of an attempt, but for the shim, which ends right after its last word."""
    folder = agents.folder(attempt)
    return {process for process in tree.tagged(launch.tag(folder)) if process[0] != shim_of(folder)}


def shim_of(folder: Path) -> int:
    return int(json.loads((folder / "pid.json").read_text())["pid"])


async def test_one_that_hangs_is_ended_by_the_wall_clock(agents: LocalAgents, tmp_path: Path) -> None:
    attempt = task(tmp_path, program(tmp_path, "import signal; signal.pause()"), wall_s=0.5)
    result = await run(agents, attempt)
    assert result.end_reason == "wall_clock"
    assert not left(agents, attempt)


async def test_one_that_ignores_sigterm_is_killed_after_the_grace(agents: LocalAgents, tmp_path: Path) -> None:
    attempt = task(tmp_path, program(tmp_path, STUBBORN))
    waiting = asyncio.create_task(run(agents, attempt))
    await until((attempt.worktree / "started").exists)
    agents.stop("run_1", "", "cancelled")
    result = await waiting
    assert (result.end_reason, result.exit_code) == ("cancelled", 128 + signal.SIGKILL)
    assert not left(agents, attempt)


async def test_grandchildren_left_behind_are_ended_too_even_without_tag_and_session(
    agents: LocalAgents, tmp_path: Path
) -> None:
    attempt = task(tmp_path, program(tmp_path, GRANDCHILDREN))
    result = await run(agents, attempt)
    assert (result.end_reason, result.exit_code) == ("exit", 0)
    facts = json.loads((agents.folder(attempt) / "exit.json").read_text())
    assert facts["left_behind"] == 2
    assert tree.identity(int((attempt.worktree / "started").read_text())) is None
    assert not left(agents, attempt)


async def test_a_flood_is_counted_and_kept_up_to_the_cap(agents: LocalAgents, tmp_path: Path) -> None:
    flood = 50 << 20
    source = f"import os\nfor _ in range({flood >> 16}): os.write(1, b'y' * {1 << 16})"
    attempt = task(tmp_path, program(tmp_path, source))
    result = await run(agents, attempt)
    assert (result.end_reason, result.exit_code) == ("exit", 0)
    assert result.dropped_bytes == flood - (1 << 16)
    assert result.log is not None
    kept = result.log.read_bytes()
    assert kept.startswith(b"y" * (1 << 16))
    assert len(kept) < (1 << 16) + 200
    assert b"only the first 65536 bytes" in kept


async def test_bytes_that_are_no_text_are_kept_and_secrets_are_not(agents: LocalAgents, tmp_path: Path) -> None:
    source = r"import os; os.write(1, b'\xff\xfe\x00 pass' + b'word=hunter22 \xc3\n'); os.write(2, b'to stderr')"
    result = await run(agents, task(tmp_path, program(tmp_path, source)))
    assert result.log is not None
    assert result.log.read_bytes() == b"\xff\xfe\x00 password=[redacted:assignment] \xc3\nto stderr"


async def test_a_replay_can_tell_how_much_it_had_written_by_a_moment(agents: LocalAgents, tmp_path: Path) -> None:
    """The rest is said only when the beginning was noted: the marks follow the log while it grows."""
    source = """
import os, pathlib, time
print("first", flush=True)
growth = pathlib.Path(os.environ["COCKPIT_HOLD"], "growth")
while not growth.exists():
    time.sleep(0.01)
print("then", flush=True)
"""
    attempt = task(tmp_path, program(tmp_path, source))
    await run(agents, attempt)
    folder = agents.folder(attempt)
    times, lengths = zip(*map(str.split, (folder / "growth").read_text().splitlines()), strict=True)
    assert lengths == ("6", "11")
    assert [length_at(folder / "out.log", at) for at in ("2000", *times, "9999")] == [0, 6, 11, 11]


async def test_one_that_deletes_its_worktree_just_ends(agents: LocalAgents, tmp_path: Path) -> None:
    attempt = task(tmp_path, program(tmp_path, "import os, shutil; shutil.rmtree(os.getcwd())"))
    result = await run(agents, attempt)
    assert (result.end_reason, result.exit_code) == ("exit", 0)
    assert not attempt.worktree.exists()


async def test_one_that_does_nothing_ends_with_zero_and_nothing_to_say(agents: LocalAgents, tmp_path: Path) -> None:
    result = await run(agents, task(tmp_path, "command:true"))
    assert (result.exit_code, result.summary, result.cost_micros, result.problem) == (0, "", None, "")


async def test_a_failure_and_a_deadly_signal_are_told_apart(agents: LocalAgents, tmp_path: Path) -> None:
    failed = await run(agents, task(tmp_path, "command:sh -c 'exit 3'", attempt=1))
    killed = await run(agents, task(tmp_path, "command:sh -c 'kill -9 $$'", attempt=2))
    assert (failed.end_reason, failed.exit_code) == ("exit", 3)
    assert (killed.end_reason, killed.exit_code) == ("signal_9", 137)


async def test_a_program_that_went_away_is_not_started(agents: LocalAgents, tmp_path: Path) -> None:
    gone = await run(agents, task(tmp_path, f"command:{tmp_path / 'gone'}"))
    assert gone.end_reason == "not_started"
    assert "gone" in gone.problem
    script = tmp_path / "bad"
    script.write_text("#!/no/such/interpreter\n")
    script.chmod(0o700)
    bad = await run(agents, task(tmp_path, f"command:{script}", attempt=2))
    assert (bad.end_reason, bad.exit_code, bad.problem) == ("not_started", 127, "No such file or directory")


async def test_without_its_worktree_it_is_not_started(agents: LocalAgents, tmp_path: Path) -> None:
    attempt = task(tmp_path, "command:true")
    attempt.worktree.rmdir()
    result = await run(agents, attempt)
    assert result.end_reason == "not_started"
    assert str(attempt.worktree) in result.problem


async def test_a_full_disk_is_no_fault_of_the_agent(
    agents: LocalAgents, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("adapters.agents.registry.write_private", full)
    with pytest.raises(Unreachable, match="No space left"):
        await run(agents, task(tmp_path, "command:true"))


async def test_everything_it_leaves_is_private(agents: LocalAgents, tmp_path: Path) -> None:
    attempt = task(tmp_path, program(tmp_path, "open('x', 'w')"))
    await run(agents, attempt)
    for place in (agents.folder(attempt), *agents.folder(attempt).rglob("*"), attempt.worktree / "x"):
        assert place.stat().st_mode & 0o077 == 0, place


async def test_a_result_that_is_no_file_is_said_and_holds_nothing_up(agents: LocalAgents, tmp_path: Path) -> None:
    pipe = program(tmp_path, "import os; os.mkfifo(os.environ['COCKPIT_RESULT_FILE'])")
    result = await run(agents, task(tmp_path, pipe))
    assert result.end_reason == "exit"
    assert result.problem == "The result file is not a regular file."


async def test_killed_together_with_its_waiter_it_goes_on_and_is_found_again(
    agents: LocalAgents, tmp_path: Path
) -> None:
    attempt = task(tmp_path, program(tmp_path, PATIENT))
    root = Path(__file__).parents[2]
    worker = subprocess.Popen([sys.executable, "-c", WORKER, str(tmp_path), attempt.agent], cwd=root)  # noqa: ASYNC220
    await until((attempt.worktree / "started").exists)
    worker.kill()
    worker.wait()
    again = asyncio.create_task(run(agents, attempt))
    assert not (await asyncio.wait({again}, timeout=0.2))[0]
    (attempt.worktree / "go").touch()
    assert (await again).exit_code == 0
    assert len((agents.folder(attempt) / "starts").read_text().splitlines()) == 1


async def test_a_ledger_that_is_busy_for_a_heartbeat_costs_no_attempt(agents: LocalAgents, tmp_path: Path) -> None:
    class Busy:
        def alive(self, silent_s: float, output_bytes: int) -> None:
            raise Unreachable("The ledger is locked.")

        def saw(self, live: Live) -> None:
            raise Unreachable("The ledger is locked.")

    result = await agents.run(task(tmp_path, "command:true"), Busy())
    assert (result.end_reason, result.exit_code) == ("exit", 0)


async def test_when_nobody_waits_any_more_it_is_ended_after_the_lease(tmp_path: Path) -> None:
    agents = LocalAgents(tmp_path / "home", lease_s=0.5, grace_s=0.3)
    attempt = task(tmp_path, program(tmp_path, STUBBORN))
    waiting = asyncio.create_task(run(agents, attempt))
    # Where this process itself comes to nothing for the lease, nobody waited.
    await until(lambda: (attempt.worktree / "started").exists() or waiting.done())
    waiting.cancel()
    await until(lambda: launch.state(agents.folder(attempt)) == "ended")
    assert (await run(agents, attempt)).end_reason == "lost_worker"
    assert not left(agents, attempt)


async def test_when_its_shim_is_killed_it_is_lost_and_its_tree_is_ended(agents: LocalAgents, tmp_path: Path) -> None:
    attempt = task(tmp_path, program(tmp_path, STUBBORN))
    waiting = asyncio.create_task(run(agents, attempt))
    await until((attempt.worktree / "started").exists)
    os.kill(shim_of(agents.folder(attempt)), signal.SIGKILL)
    assert (await waiting).end_reason == "lost"
    assert not left(agents, attempt)
    assert (await run(agents, attempt)).end_reason == "lost"
    assert len((agents.folder(attempt) / "starts").read_text().splitlines()) == 1


async def test_two_shims_on_one_folder_start_one_agent(agents: LocalAgents, tmp_path: Path) -> None:
    attempt = task(tmp_path, program(tmp_path, "import time; time.sleep(0.2)"))
    results = await asyncio.gather(*(run(agents, attempt) for _ in range(5)))
    assert len(set(map(str, results))) == 1
    assert len((agents.folder(attempt) / "starts").read_text().splitlines()) == 1


async def test_a_local_agent_costs_nothing_by_declaration_and_its_own_figure_is_believed(tmp_path: Path) -> None:
    quiet = program(tmp_path, "", "quiet")
    telling = program(tmp_path, TELLING, "telling")
    settings = {name: AgentSettings(name, use=use, is_free=True) for name, use in (("q", quiet), ("t", telling))}
    agents = LocalAgents(tmp_path / "home", settings)
    unknown, told = [await run(agents, task(tmp_path, name, attempt=n)) for n, name in enumerate(("q", "t"), 1)]
    assert (unknown.cost_micros, unknown.basis) == (0, "declared")
    assert (told.cost_micros, told.basis) == (30_000, None)
