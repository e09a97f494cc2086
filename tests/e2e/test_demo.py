"""The demo when things go wrong: its worker is killed, its coder hangs. It ends as if nothing had happened.

Thirteen tests passed, one task, one set of pages, one alert for one outage.
"""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from cockpit.cli.demo_memory import MemoryStub
from cockpit.cli.demo_scene import ACCEPT, GOAL, fixtures
from cockpit.cli.demo_scene import make_repository as make_demo_repository
from tests.e2e.product import WAIT_S, Cockpit, cockpit
from tests.e2e.stage import window_on

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.timeout(600)]

CONFIG = """
[outbox]
first_retry_s = 0.5
longest_retry_s = 1
[clocks]
idle_s = {idle_s}
[memory]
url = "{url}"
"""


@contextmanager
def staged(home: Path, idle_s: float = 60.0) -> Iterator[tuple[Cockpit, MemoryStub]]:
    """A home with the demo's memory."""
    stub = MemoryStub(home.parent / "stub")
    stub.up()
    try:
        with cockpit(home, CONFIG.format(idle_s=idle_s, url=stub.url)) as at:
            yield at, stub
    finally:
        stub.down()


@pytest.fixture
def slow_coder(tmp_path: Path) -> Path:
    """The demo's coder, whose second attempt hangs before it does anything; the third is its second."""
    scenario = json.loads((fixtures() / "coder.json").read_text())
    second = next(turn for turn in scenario["turns"] if turn["attempt"] == 2)
    hangs = {"role": "coder", "attempt": 2, "actions": [{"say": "Thinking."}, *([{"sleep_s": 60}] * 20)]}
    scenario["turns"] = [*(turn for turn in scenario["turns"] if turn["attempt"] == 1), hangs, {**second, "attempt": 3}]
    file = tmp_path / "hangs.json"
    file.write_text(json.dumps(scenario))
    return file


def launched(at: Cockpit, folder: Path, coder: Path) -> str:
    """The demo's goal; its run. Called again it is the same one, and sees to a worker."""
    words = [part for each in ACCEPT for part in ("--accept", each)]
    agents = ("--coder", f"scripted:{coder}", "--verifier", f"scripted:{fixtures() / 'verifier.json'}")
    place = ("--accept-dir", str(fixtures() / "acceptance"), "--domain", "backend", "--priority", "H")
    return at.start(GOAL, make_demo_repository(folder / "split"), "--key", "demo", *words, *place, *agents)


def sent(at: Cockpit, folder: Path, coder: Path) -> str:
    """The demo's goal, with the first attempt sent to the verifier; its run."""
    run = launched(at, folder, coder)
    assert at.wait(run) == "artifacts_ready"
    at.ok("verify", run)
    return run


def until(at: Cockpit, run: str, holds: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
    """Look at the status until it holds."""
    deadline = time.monotonic() + WAIT_S
    while not holds(found := at.status(run)):
        assert time.monotonic() < deadline, found
        time.sleep(0.05)
    return found


def builds_again(found: dict[str, Any]) -> bool:
    """Whether the coder works on what the verifier found."""
    return bool(found["step"]["kind"] == "build" and found["step"]["attempt"] == 2)


def approved_without_memory(at: Cockpit, stub: MemoryStub, run: str) -> None:
    """Approve while the memory is away, and let it come back when that was told."""
    assert at.wait(run) == "awaiting_qa"
    stub.down()
    assert at.approve(run).exit_code == 0
    at.ok("wait", run, "--for", "done", "--timeout", str(WAIT_S))
    deadline = time.monotonic() + WAIT_S
    while not alerts(at):
        assert time.monotonic() < deadline
        time.sleep(0.1)
    stub.up()
    until(at, run, lambda found: all(item["state"] == "delivered" for item in found["outbox"]))


def alerts(at: Cockpit) -> list[str]:
    """The systems whose outage was announced."""
    return [event["object"] for event in at.events() if event["action"] == "port.outage"]


def check_end(at: Cockpit, stub: MemoryStub, run: str) -> None:
    """What has to be the same whatever happened on the way."""
    found = at.status(run)
    assert found["state"] == "done"
    assert [each["run"] for each in at.ok("status")["runs"]] == [run], "one task"
    (package,) = (at.home / "evidence" / run).glob("final-*/package.json")
    items = json.loads(package.read_text())["predicate"]["evidence"]
    commit = found["result"]["commit"]
    final = [item for item in items if item["tests"] and (item["subject"] or {}).get("gitCommit") == commit]
    reports = {item["claims"][0]: item["tests"] for item in final if item["polarity"] == "supports"}
    assert sorted(reports) == ["A1", "A2", "A3"]
    assert sum(tests["passed"] for tests in reports.values()) == 13
    assert sum(tests["failed"] for item in final for tests in [item["tests"]]) == 0
    pages = sorted(file.name for file in (at.home / "knowledge" / run).iterdir())
    assert pages == ["evidence.md", "postflight.md", "request.md", "status.md"], "one set of pages"
    assert len(stub.files) == 1, "one lesson"
    assert alerts(at) == ["lightrag"], "one alert"
    assert at.ok("evidence", "verify", run)["ok"]
    assert at.ok("audit", "verify")["ok"]


def test_a_worker_that_is_killed_in_attempt_2_changes_nothing(home: Path, tmp_path: Path) -> None:
    with staged(home) as (at, stub):
        run = sent(at, tmp_path, fixtures() / "coder.json")
        until(at, run, builds_again)
        killed = at.kill_worker()
        assert launched(at, tmp_path, fixtures() / "coder.json") == run
        assert int(json.loads((home / "worker.lock").read_text())["pid"]) != killed
        approved_without_memory(at, stub, run)
        check_end(at, stub, run)
        attempts = [event for event in at.events(run) if event["action"] == "attempt.create"]
        assert len(attempts) == 4, "two of the coder and two of the verifier: none began twice"


def test_a_coder_that_hangs_in_attempt_2_is_retried_by_the_operator(
    home: Path, tmp_path: Path, slow_coder: Path
) -> None:
    with staged(home, idle_s=3.0) as (at, stub):
        run = sent(at, tmp_path, slow_coder)
        stalled = until(at, run, lambda found: builds_again(found) and found["step"]["state"] == "stalled")
        assert stalled["next_action"]["code"] == "retry"
        assert stalled["next_action"]["key"] == "r"
        with window_on(at, tmp_path, "NEXT  r") as window:
            window.keys("r")
            window.shows("Retry build of “")
            window.keys("y")
            window.shows("NEXT", without="Retry build of “")
        until(at, run, lambda found: found["step"]["attempt"] == 3 or found["step"]["kind"] != "build")
        approved_without_memory(at, stub, run)
        check_end(at, stub, run)
        ends = [event["action"] for event in at.events(run) if event["action"].startswith("attempt.")]
        assert "attempt.succeed" in ends
