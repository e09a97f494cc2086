"""Whole runs, from the goal to the written pages, while worker and clients are killed: the end is the same."""

import os
import random
from typing import Any

import pytest

from tests.e2e.crash.ending import check_house, end_of, fingerprint
from tests.e2e.crash.house import House
from tests.e2e.crash.play import Operator, Reaper

pytestmark = [pytest.mark.crash, pytest.mark.timeout(400)]

SEED = int(os.environ.get("COCKPIT_CRASH_SEED", "20"))  # another one tries other moments
KEYS = ["one", "two", "three"]
KILLS = 15
EVENTS = 100 * len(KEYS)
"""The ledger grows further than this before the last run is through."""


def test_a_run_that_nobody_disturbs(calm: dict[str, Any]) -> None:
    assert calm["state"] == "done"
    assert calm["verdicts"] == ["changes_requested", "pass"]
    turns = [(role, n) for role, n, *_ in calm["attempts"]]
    assert turns == [("coder", 1), ("verifier", 1), ("coder", 2), ("verifier", 2)]
    assert calm["approvals"] == ["approve"]
    assert calm["pages"] == ["evidence.md", "postflight.md", "request.md", "status.md"]
    assert (calm["lessons"], calm["blockers"]) == (1, [])


@pytest.mark.parametrize("seed", [SEED, SEED + 1])
def test_three_runs_end_the_same_whatever_is_killed(house: House, calm: dict[str, Any], seed: int) -> None:
    print(f"COCKPIT_CRASH_SEED={seed}")
    before, chance = fingerprint(house.repo), random.Random(seed)
    operator = Operator(house, random.Random(chance.random()), cuts=0.5)
    operator.start(KEYS[0])
    reaper = Reaper(house, random.Random(chance.random()), KILLS, EVENTS)
    reaper.start()
    try:
        operator.start(*KEYS[1:])
        operator.play()
    finally:
        reaper.rest()
    print(f"{reaper.kills} workers and {operator.cut_off} clients were killed")
    assert reaper.kills > KILLS - 3, "the runs were over too soon"
    assert operator.cut_off >= len(KEYS), "too few clients were killed"
    assert reaper.kills + operator.cut_off >= KILLS + len(KEYS)
    operator.repeat_all()
    for run in operator.runs.values():
        assert end_of(house, run) == calm
    check_house(house, operator.runs)
    assert fingerprint(house.repo) == before
