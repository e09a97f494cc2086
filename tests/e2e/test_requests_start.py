"""A task that somebody makes in a Mission Control becomes a run by itself, once, with a real worker in between."""

import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.product import PROGRAM, WAIT_S
from tests.e2e.stage import ACCEPT, GOAL, Stage, stage_in
from tests.support.fake_mission_control import PASSWORD, FakeMissionControl

pytestmark = [pytest.mark.e2e, pytest.mark.slow]


@contextmanager
def staged(home: Path, folder: Path, fake: FakeMissionControl, launch: str) -> Iterator[Stage]:
    """A stage whose home listens to the fake, with its worker."""
    with fake.served() as url, stage_in(home, folder) as stage:
        stage.at.environment["MISSION_PASSWORD"] = PASSWORD
        with (home / "config.toml").open("a") as config:
            config.write(
                f"[mission]\nurl = '{url}'\nuser = 'operator1'\nsecret = 'env:MISSION_PASSWORD'\n"
                f"launch = '{launch}'\nrepo = '{stage.repository}'\n"
            )
        yield stage


@contextmanager
def worked(stage: Stage) -> Iterator[None]:
    """A worker, until it is told to end, which it does at once."""
    worker = subprocess.Popen([PROGRAM, "--home", str(stage.at.home), "worker"], env=stage.at.shell)
    try:
        yield
    finally:
        stage.at.ok("worker", "--stop")
        assert worker.wait(WAIT_S) == 0


def until(value: Callable[[], Any]) -> Any:
    """The first value that is something."""
    deadline = time.monotonic() + WAIT_S
    while time.monotonic() < deadline:
        if found := value():
            return found
        time.sleep(0.1)
    raise AssertionError("it did not come")


def ask(fake: FakeMissionControl) -> int:
    """Somebody makes a task; its number."""
    with fake.turn:
        task = fake.books.create({"title": GOAL, "description": f"- {ACCEPT}", "assigned_to": "cockpit"}, "Ana")
    return int(task["id"])


def runs(stage: Stage) -> list[dict[str, Any]]:
    return list(stage.at.ok("status")["runs"])


def streams(fake: FakeMissionControl) -> int:
    """How often somebody connected the stream."""
    return sum(path == "/api/events" for _, path in list(fake.calls))


def test_a_task_starts_its_run_and_becomes_its_mirror(home: Path, tmp_path: Path) -> None:
    fake = FakeMissionControl()
    with staged(home, tmp_path, fake, "auto") as stage:
        stage.held.touch()
        with worked(stage):
            task = ask(fake)
            (run,) = until(lambda: runs(stage))
            assert run["goal"] == GOAL
            mirrored = fake.books.tasks[task]
            until(lambda: mirrored["metadata"].get("client_id") == run["run"] and mirrored["status"] == "in_progress")
            with fake.turn:
                fake.books.comment(task, {"content": "Mind the tests."}, "Ana")
            until(lambda: [event for event in stage.at.events(run["run"]) if event["action"] == "message.note"])
            with fake.turn:
                fake.books.update(task, {"status": "failed", "outcome": "abandoned"}, "ana")
            found = until(lambda: [b for b in stage.at.ok("blockers")["items"] if b["code"] == "mission_cancelled"])
            assert "ana set this to abandoned" in found[0]["message"]
            assert runs(stage)[0]["state"] == "running"
        before = streams(fake)
        with worked(stage):
            until(lambda: streams(fake) > before)
            stage.held.unlink()
            until(lambda: [e for e in stage.at.events(run["run"]) if e["action"] == "attempt.succeed"])
            assert len(runs(stage)) == 1
        notes = [event for event in stage.at.events(run["run"]) if event["action"] == "message.note"]
    assert len(notes) == 1
    assert fake.sins == []


def test_a_task_that_is_asked_for_waits_until_somebody_starts_it(home: Path, tmp_path: Path) -> None:
    fake = FakeMissionControl()
    with staged(home, tmp_path, fake, "ask") as stage, worked(stage):
        task = ask(fake)
        until(lambda: [e for e in stage.at.events() if e["action"] == "request.open"])
        assert runs(stage) == []
        started = stage.at.ok("start", "--from-mission", str(task))
        assert stage.at.call("start", "--from-mission", str(task)).code == "taken"
        assert runs(stage)[0]["run"] == started["run"]
        until(lambda: stage.at.ok("status", started["run"])["sources"].get("mission", {}).get("state") == "live")
