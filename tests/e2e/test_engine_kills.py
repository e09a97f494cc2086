"""Thirty random kills of the worker over several runs at once: nothing lost, nothing again after its checkpoint."""

import random
import time
from pathlib import Path

import pytest

from tests.e2e.test_engine_worker import ROOT, Home, until

pytestmark = [pytest.mark.crash, pytest.mark.timeout(400)]

KILLS = 30
RUNS = 6
STEPS = 300
ALL_STEPS_S = 240.0
"""Enough for all of them on a busy machine, which may have done next to none between the kills."""


def test_thirty_random_kills(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    at, chance = Home(home), random.Random(20)
    runs = [at.start(f"steps {STEPS}") for _ in range(RUNS)]
    parked = at.start("park")
    kills = 0
    while kills < KILLS and not all(map(at.is_over, runs)):
        at.workers().ensure()
        time.sleep(chance.uniform(0.02, 0.6))
        at.kill()
        kills += 1
    at.approve(parked)
    at.workers().ensure()
    until(lambda: all(map(at.is_over, [*runs, parked])), ALL_STEPS_S)
    at.workers().stop()
    assert kills == KILLS, "the runs were over too soon; give them more steps"
    for run in runs:
        numbers = [int(name) for name in at.effects(run)]
        assert sorted(set(numbers)) == list(range(STEPS)), "a step was lost"
        assert numbers == sorted(numbers), "a step ran again although a later one had begun"
        assert len(numbers) <= STEPS + KILLS
    *before, last = at.effects(parked)
    assert (set(before), last) == ({"parked"}, "approved")
    assert len(before) <= 1 + KILLS, "parked again though nobody was killed between its effect and its checkpoint"
