"""However a driven agent ends, and whoever is killed: one `Finished`, no process left, and the cost so far is known."""

import json
import os
import signal
from pathlib import Path
from typing import Any

import pytest

from adapters.agents import launch, tree
from factory.model.agent_event import Finished
from factory.model.definition import Clocks
from tests.contract.agent_rig import until
from tests.contract.driver_rig import Rig, a_rig

CALL: dict[str, Any] = {"call": 100_000}
SLEEPS: dict[str, Any] = {"use": "Bash", "input": {"command": "echo $$ > pid.txt; exec sleep 300"}}
DEAF: dict[str, Any] = {"deaf": True}


@pytest.fixture
def rig(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Rig:
    return a_rig(tmp_path, monkeypatch)


async def at_work(rig: Rig, *script: Any) -> tuple[Any, dict[str, int]]:
    """Start it, wait until its command runs in a session of its own; its attempt, and who is who."""
    rig.plays(CALL, *script, SLEEPS)
    waiting = rig.start()
    await until((rig.folder / "tree" / "pid.txt").exists)
    await rig.live(lambda live: live.gauge.spent == 100_000)
    return waiting, rig.pids()


async def assert_ended(rig: Rig, outcome: str) -> Finished:
    """One end, said to all who ask; nothing runs any more, not even what left its session."""
    end = await rig.finished()
    assert end.outcome == outcome
    assert [type(event) for event in rig.events()].count(Finished) <= 1
    assert not rig.left()
    assert tree.identity(int((rig.folder / "tree" / "pid.txt").read_text())) is None
    return end


async def test_a_polite_interrupt_keeps_cost_and_session(rig: Rig) -> None:
    waiting, _ = await at_work(rig)
    rig.session().interrupt("enough")
    result = await waiting
    assert (result.outcome, result.reason, result.cost_micros) == ("interrupted", "enough", 100_000)
    assert result.session
    await assert_ended(rig, "interrupted")


async def test_an_agent_that_is_deaf_is_killed_and_counted(rig: Rig) -> None:
    rig.grace_s = 0.5
    waiting, _ = await at_work(rig, DEAF)
    rig.session().interrupt("enough")
    result = await waiting
    assert (result.outcome, result.reason, result.cost_micros) == ("interrupted", "enough", 100_000)
    await assert_ended(rig, "interrupted")


async def test_stopped_by_the_factory_it_is_asked_first_and_says_for_whose_sake(rig: Rig) -> None:
    waiting, _ = await at_work(rig)
    rig.agents().stop("run_1", "", "cancelled")
    result = await waiting
    assert (result.outcome, result.reason, result.end_reason) == ("interrupted", "cancelled", "exit")
    assert (result.cost_micros, bool(result.session)) == (100_000, True)
    assert (await assert_ended(rig, "interrupted")).reason == "cancelled"


async def test_killed_by_the_factory_it_still_says_for_whose_sake(rig: Rig) -> None:
    waiting, _ = await at_work(rig)
    rig.session().kill("cancelled")
    result = await waiting
    assert (result.outcome, result.reason, result.end_reason) == ("interrupted", "cancelled", "cancelled")
    assert (result.cost_micros, bool(result.session)) == (100_000, True)
    assert (await assert_ended(rig, "interrupted")).reason == "cancelled"


async def test_a_driver_that_gets_sigterm_takes_its_agent_along_and_leaves_a_last_word(rig: Rig) -> None:
    waiting, pids = await at_work(rig)
    os.kill(pids["driver"], signal.SIGTERM)
    result = await waiting
    assert (result.outcome, result.end_reason, result.cost_micros) == ("crashed", "exit", 100_000)
    assert (await assert_ended(rig, "crashed")).reason == "ended from outside"


async def test_a_driver_that_is_killed_is_a_crash_and_what_it_counted_stays(rig: Rig) -> None:
    waiting, pids = await at_work(rig)
    os.kill(pids["driver"], signal.SIGKILL)
    result = await waiting
    assert (result.outcome, result.end_reason) == ("crashed", "signal_9")
    assert (result.cost_micros, result.basis, bool(result.session)) == (100_000, "computed", True)
    await assert_ended(rig, "crashed")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
async def test_an_agent_that_is_killed_is_a_crash_and_its_command_is_ended(rig: Rig, number: int) -> None:
    waiting, pids = await at_work(rig)
    os.kill(pids["agent"], number)
    result = await waiting
    assert (result.outcome, result.end_reason, result.cost_micros) == ("crashed", "exit", 100_000)
    assert f"signal {number:d}" in result.reason
    await assert_ended(rig, "crashed")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
async def test_a_shim_that_is_killed_leaves_no_orphans(rig: Rig, number: int) -> None:
    waiting, pids = await at_work(rig)
    os.kill(pids["shim"], number)
    result = await waiting
    assert result.outcome == "crashed"
    assert (result.cost_micros, bool(result.session)) == (100_000, True)
    await assert_ended(rig, "crashed")


async def test_shim_and_worker_both_killed_the_driver_ends_its_agent_by_itself(rig: Rig) -> None:
    waiting, pids = await at_work(rig)
    waiting.cancel()
    os.kill(pids["shim"], signal.SIGKILL)
    await until(lambda: tree.identity(pids["driver"]) is None)
    assert tree.identity(pids["agent"]) is None
    assert rig.of(Finished)[0].reason == "its shim was killed"
    result = await rig.run()
    assert (result.outcome, result.cost_micros) == ("crashed", 100_000)
    await assert_ended(rig, "crashed")


async def test_the_working_time_is_over_for_one_that_hangs(rig: Rig) -> None:
    rig.plays(CALL, {"hang": True})
    for attempt, wall_s in enumerate((3.0, 30.0), 1):
        result = await rig.run(rig.task(attempt=attempt, wall_s=wall_s))
        assert (result.outcome, result.reason) == ("timeout", f"it worked for {wall_s:.0f} s")
        assert (await rig.finished(attempt)).outcome == "timeout"
        assert not rig.left(attempt)
        if result.cost_micros:  # on a busy machine the shorter time may be over before its first call
            break
    assert result.cost_micros == 100_000


async def test_one_that_starts_and_never_says_a_word_is_ended_and_that_is_said(rig: Rig) -> None:
    (rig.bin / "claude").write_text("#!/bin/sh\nexec sleep 300\n")
    (rig.bin / "claude").chmod(0o700)
    result = await rig.run(rig.task(clocks=Clocks(connect_s=0.5)))
    assert (result.outcome, result.reason) == ("unconnected", "it was started and said nothing for 0.5 s")
    assert (result.session, result.cost_micros) == ("", 0)
    assert not rig.left()


async def test_a_background_server_that_holds_the_output_open_holds_nobody_up(rig: Rig) -> None:
    rig.plays(CALL, {"serve": "server.txt"}, {"text": "It runs."})
    result = await rig.run()
    assert (result.outcome, result.end_reason) == ("stopped", "exit")
    assert json.loads((rig.place() / "exit.json").read_text())["left_behind"] == 1
    assert tree.identity(int((rig.folder / "tree" / "server.txt").read_text())) is None
    assert not rig.left()


async def test_one_that_stays_after_its_last_word_is_sent_home(rig: Rig) -> None:
    rig.grace_s = 0.5
    rig.plays(CALL, DEAF)
    result = await rig.run(rig.task(wall_s=60.0))
    assert (result.outcome, result.cost_micros) == ("stopped", 100_000)
    assert not rig.left()


async def test_a_last_word_is_heard_again_by_whoever_comes_later(rig: Rig) -> None:
    rig.plays(CALL, {"text": "Done."})
    first = await rig.run()
    assert await rig.run() == first
    assert (await rig.finished()).outcome == "stopped"
    assert launch.state(rig.place()) == "ended"
