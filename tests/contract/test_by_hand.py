"""A person goes on with the session of a driven agent, and nobody else does meanwhile."""

import fcntl
from pathlib import Path

import pytest

from adapters.agents.by_hand import LOCK, is_taken
from factory.errors import Missing, Refused
from factory.ports.agents import WayIn
from tests.contract.agent_rig import until
from tests.contract.driver_rig import Rig, a_rig


@pytest.fixture
def rig(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Rig:
    return a_rig(tmp_path, monkeypatch)


def way_in(rig: Rig, session: str) -> WayIn:
    return rig.agents().way_in("claude", "run_1", rig.place(), session, f"{rig.bin}:/usr/bin:/bin")


async def test_the_way_in_is_its_own_screen_in_its_home_and_worktree(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    rig.plays({"call": 10}, {"text": "Done."})
    result = await rig.run()
    monkeypatch.setenv("NOT_FOR_AGENTS", "x")
    way = way_in(rig, result.session)
    assert way.worktree == rig.folder / "tree"
    assert way.argv[1:3] == ("--resume", result.session)
    assert (rig.place() / "home" / ".claude" / "projects" / result.session).exists(), "the session lies there"
    assert way.environment["CLAUDE_CONFIG_DIR"] == str(rig.place() / "home" / ".claude")
    assert way.environment["HOME"] == str(rig.place() / "home")
    assert way.environment["COCKPIT_RUN"] == "run_1", "what the agent does there is still no person's approval"
    assert "NOT_FOR_AGENTS" not in way.environment
    assert way.typed.startswith(f"cd {rig.folder / 'tree'} && HOME=")
    assert f"--resume {result.session}" in way.typed


async def test_an_agent_at_work_is_not_taken_over(rig: Rig) -> None:
    rig.plays({"call": 10}, {"hang": True})
    waiting = rig.start()
    session = (await rig.live(lambda live: bool(live.session))).session
    with pytest.raises(Refused) as refused:
        way_in(rig, session)
    assert refused.value.code == "not_ready"
    rig.session().interrupt("paused")
    await waiting
    assert way_in(rig, session).argv


async def test_no_two_are_in_one_session(rig: Rig) -> None:
    rig.plays({"call": 10}, {"text": "Done."}, resumed=[{"text": "Again."}])
    first = await rig.run()
    again = rig.task(attempt=2, resume=first.session, home=str(rig.place()))
    with (rig.place() / LOCK).open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        assert is_taken(rig.place())
        with pytest.raises(Refused, match="Somebody is in the session of claude by hand"):
            way_in(rig, first.session)
        refused = await rig.run(again)
        assert refused.end_reason == "not_started"
        assert refused.problem == "Somebody is in the session of claude by hand."
    third = rig.task(attempt=3, resume=first.session, home=str(rig.place()))
    assert (await rig.run(third)).outcome == "stopped"


async def test_without_a_session_or_a_screen_there_is_a_sentence_and_a_shell(rig: Rig) -> None:
    rig.plays({"call": 10}, {"text": "Done."})
    await rig.run()
    assert way_in(rig, "").why == "claude was stopped before it named its session."
    (rig.place() / "job.json").unlink()
    way = way_in(rig, "s-1")
    assert (way.argv, way.why) == ((), "claude has no session that could go on.")
    assert way.worktree == rig.folder / "tree"
    with pytest.raises(Missing):
        rig.agents().way_in("claude", "run_1", rig.folder / "nowhere", "s-1", "")
    await until(lambda: not rig.left())
