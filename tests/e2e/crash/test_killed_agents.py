"""Agents and their shims are killed, or the engine forgets them: the run says why, and a retry ends it well."""

import os
import signal

import pytest

from factory.model.step import Attempt
from tests.e2e.crash.ending import check_house
from tests.e2e.crash.house import House, until
from tests.e2e.crash.play import Operator

pytestmark = [pytest.mark.crash, pytest.mark.timeout(300)]

VICTIMS = {"shim": "lost", "agent": "signal_9", "shim and worker": "lost"}
"""Who is killed, and how the attempt ends."""


def test_a_killed_shim_or_agent_blocks_the_run_by_name_and_a_retry_ends_it(house: House) -> None:
    house.home.mkdir(mode=0o700)
    (house.home / "config.toml").write_text(f"[worker]\nagents = {len(VICTIMS)}\n")
    house.tell("good", "hold.coder", "hold.verifier")
    operator = Operator(house)
    operator.start(*VICTIMS)
    for role in ("coder", "verifier"):
        killed = {victim: _kill(house, operator.runs[victim], role, victim) for victim in VICTIMS}
        operator.start("shim and worker")
        for victim, attempt in killed.items():
            run, cause = operator.runs[victim], VICTIMS[victim]
            house.await_state(run, "blocked")
            view = house.view(run)
            ended = next(found for found in view.attempts if found.id == attempt.id)
            assert ended.end_reason == cause
            assert view.open_blockers[-1].code == (cause if role == "coder" else "inconclusive")
            assert not house.tree(attempt)
        house.untell(f"hold.{role}")
        for victim in VICTIMS:
            house.json("retry", operator.runs[victim])
        if role == "coder":
            operator.send_all()
    operator.play()
    check_house(house, operator.runs)


def _kill(house: House, run: str, role: str, victim: str) -> Attempt:
    until(f"the {role} of {victim!r} works", lambda: house.at_work(run, role))
    (attempt,) = house.at_work(run, role)
    os.kill(house.agent_pid(attempt) if victim == "agent" else house.shim_pid(attempt), signal.SIGKILL)
    if victim == "shim and worker":
        house.kill_worker()
    return attempt


@pytest.mark.parametrize("role", ["coder", "verifier"])
def test_a_run_that_the_engine_forgot_goes_on_with_a_new_attempt(house: House, role: str) -> None:
    house.tell("good", f"hold.{role}")
    operator = Operator(house)
    operator.start("only")
    run = operator.runs["only"]
    if role == "verifier":
        operator.send_all()
    until(f"the {role} works", lambda: house.at_work(run, role))
    (old,) = house.at_work(run, role)
    house.kill_worker()
    for file in house.home.glob("engine.db*"):
        file.unlink()
    operator.start("only")
    house.await_state(run, "blocked")
    view = house.view(run)
    assert [blocker.code for blocker in view.open_blockers] == ["engine"]
    lost = next(found for found in view.attempts if found.id == old.id)
    assert (lost.state, lost.end_reason) == ("lost", "engine")
    assert {budget.reserved_micros for budget in view.budgets} == {0}
    house.json("retry", run)
    until("another one works", lambda: house.at_work(run, role) not in ([], [old]))
    assert not house.tree(old)
    house.untell(f"hold.{role}")
    operator.play()
    assert [found.state for found in house.view(run).attempts if found.role == role] == ["lost", "succeeded"]
    check_house(house, operator.runs)
