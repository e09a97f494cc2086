"""A whole run, by real processes, while every system around it fails; in the end all is there once, told once."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.e2e.crash.house import until
from tests.e2e.product import PROGRAM, WAIT_S
from tests.e2e.stage import ACCEPT, GOAL, Stage
from tests.e2e.town import alerts, all_arrived, all_is_there_once, run_to_done, staged
from tests.support.faults import Fault
from tests.support.town import SYSTEMS, Town

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.timeout(600)]

TOLD_ONCE = {name: ["port.outage", "port.recovered"] for name in SYSTEMS}
WAYS: dict[str, dict[str, Fault]] = {
    "down": {"mission": "refuse", "bookstack": "refuse", "lightrag": "refuse", "hive": "refuse"},
    "hang": {"mission": "hang", "bookstack": "hang", "lightrag": "hang", "hive": "hang"},
    "each its own": {"mission": "broken", "bookstack": "cut", "lightrag": "web_page", "hive": "busy"},
}


@pytest.mark.parametrize("way", WAYS)
def test_a_run_is_done_while_everything_fails_and_all_is_there_once_afterwards(
    home: Path, tmp_path: Path, way: str
) -> None:
    town = Town()
    town.fail(**WAYS[way])
    with staged(home, tmp_path, town) as stage:
        run = run_to_done(stage)
        waiting = {item["target"] for item in stage.at.ok("outbox", "list")["items"] if item["state"] != "delivered"}
        assert waiting >= set(SYSTEMS)
        town.recover()
        items = all_arrived(stage)
        assert {item["target"] for item in items} == {*SYSTEMS, "sink:tool", "knowledge", "memory"}
        all_is_there_once(town, home, run)
        assert alerts(stage) == TOLD_ONCE


def test_a_worker_killed_while_everything_is_away_loses_nothing(home: Path, tmp_path: Path) -> None:
    town = Town()
    with staged(home, tmp_path, town) as stage:
        stage.held.touch()
        run = stage.at.start(GOAL, stage.repository, "--accept", ACCEPT)
        until("the goal's task", lambda: town.mission.books.tasks)
        town.fail(mission="broken", bookstack="cut", lightrag="hang", hive="broken")
        until("a coder at work", lambda: stage.working)
        stage.at.kill_worker()
        stage.held.unlink()
        with worker(stage):
            stage.at.drive(run)
            assert stage.at.approve(run).exit_code == 0
            assert stage.at.ok("wait", run, "--for", "done", "--timeout", str(WAIT_S))["reached"] == "done"
            until("an alert for each", lambda: alerts(stage).keys() == TOLD_ONCE.keys())
            stage.at.kill_worker()
        town.recover()
        with worker(stage):
            all_arrived(stage)
            all_is_there_once(town, home, run)
            assert alerts(stage) == TOLD_ONCE


@contextmanager
def worker(stage: Stage) -> Iterator[None]:
    """A worker in the foreground of somebody."""
    argv = [str(PROGRAM), "--home", str(stage.at.home), "worker"]
    process = subprocess.Popen(argv, env=stage.at.shell, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield
    finally:
        process.terminate()
        process.wait(WAIT_S)
