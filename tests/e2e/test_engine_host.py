"""The engine as this project sets it up: what is in its file, how a wake arrives, what becomes of defects."""

import asyncio
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from adapters.engine.host import EngineSettings, Host
from adapters.engine.log_file import log_to
from adapters.engine.runs import Runs, Workflow
from factory.errors import Unreachable
from factory.ports.engine import Durable, Json

pytestmark = pytest.mark.xdist_group("engine host")  # each process would have to end an engine of its own

DEADLINE_S = 60.0
POLL_S = 20.0
"""Between two looks at a queue; a busy machine needs a second or two for what has to happen sooner."""
LISTEN_S = 8.0
"""Between two looks for messages; whoever ends an engine waits so long."""
PAIR_S = 5.0
"""How long a child waits for another one at its side."""


class Engine:
    """A launched engine that looks seldom on purpose: neither a wake nor a pick-up may depend on it."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "engine.db"
        self._log = log_to(folder / "worker.log")
        ports: Any = None
        settings = EngineSettings(url=f"sqlite:///{self.file}", agents_at_once=2, poll_s=POLL_S, listen_s=LISTEN_S)
        self.host = Host(ports, self._run, {"build": self._child}, settings, self._log)
        self.host.launch()
        self.seen: list[str] = []
        self.is_fixed = False
        self.together = self.most_together = 0

    async def _run(self, durable: Durable, ports: Any, run: str) -> Json:
        script, *_ = run.split("-")
        answer: Json = await getattr(self, f"_{script}")(durable, run)
        return answer

    async def _waits(self, durable: Durable, run: str) -> Json:
        for number in range(3):
            self.seen.append(f"{run} {number}")
            if not await durable.wait(1.0 if number else DEADLINE_S):
                break
        self.seen.append(f"{run} over")
        return {}

    async def _parks(self, durable: Durable, run: str) -> Json:
        for number in range(3):
            self.seen.append(f"{run} {number}")
            await durable.wait(DEADLINE_S)
        return {}

    async def _defect(self, durable: Durable, run: str) -> Json:
        await durable.step("before", self.seen.append, f"{run} step")
        first = await durable.child("build", f"{run}:good", {"what": "good"})
        second = await durable.child("build", f"{run}:bad", {"what": "bad"})
        self.seen.append(f"{run} {first} {second}")
        return {}

    async def _twice(self, durable: Durable, run: str) -> Json:
        await durable.child("build", f"{run}:first", {"what": "quick"})
        return await durable.child("build", f"{run}:second", {"what": "quick"})

    async def _many(self, durable: Durable, run: str) -> Json:
        return await durable.child("build", f"{run}:build", {"what": "slow"})

    async def _child(self, durable: Durable, ports: Any, argument: Json) -> Json:
        await durable.step(argument["what"], self.seen.append, argument["what"])
        if argument["what"] == "bad" and not self.is_fixed:
            raise ZeroDivisionError("a defect")
        if argument["what"] == "slow":
            self.together += 1
            self.most_together = max(self.most_together, self.together)
            alone_until = time.monotonic() + PAIR_S
            while self.most_together < 2 and time.monotonic() < alone_until:  # noqa: ASYNC110 - alone, none comes
                await asyncio.sleep(0.01)
            await asyncio.sleep(0.3)  # time for one too many
            self.together -= 1
        return {"made": argument["what"]}

    def newest(self, run: str) -> Workflow:
        found = self.host.runs.newest(run)
        assert found is not None
        return found

    def over(self, run: str) -> Workflow:
        end = time.monotonic() + DEADLINE_S
        while not self.newest(run).is_over:
            assert time.monotonic() < end, "the workflow did not end in time"
            time.sleep(0.01)
        return self.newest(run)

    def until_seen(self, what: str) -> None:
        end = time.monotonic() + DEADLINE_S
        while what not in self.seen:
            assert time.monotonic() < end, f"{what!r} did not happen in time: {self.seen}"
            time.sleep(0.005)

    def close(self) -> None:
        self.host.destroy()
        self._log.close()


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    engine = Engine(tmp_path_factory.mktemp("engine"))
    yield engine
    engine.close()


def test_a_wake_arrives_at_once(engine: Engine) -> None:
    engine.host.runs.start("parks-1")
    sent = time.monotonic()
    for number in range(3):
        engine.until_seen(f"parks-1 {number}")
        engine.host.runs.wake(engine.newest("parks-1"), f"cmd_{number}")
    engine.over("parks-1")
    assert time.monotonic() - sent < 2 * LISTEN_S, "only the listener told it: each wake but the first takes its turn"


def test_a_run_and_its_child_are_picked_up_at_once(engine: Engine) -> None:
    began = time.monotonic()
    engine.host.runs.start("twice-1")
    engine.over("twice-1")
    assert time.monotonic() - began < POLL_S, "one of three pick-ups waited for the queue's turn"


def test_a_place_that_becomes_free_is_taken_at_once(engine: Engine) -> None:
    began = time.monotonic()
    for number in range(4):
        engine.host.runs.start(f"many-0{number}")
    for number in range(4):
        engine.over(f"many-0{number}")
    assert time.monotonic() - began < POLL_S, "the third waited for the queue's turn"


def test_the_same_key_wakes_once(engine: Engine) -> None:
    engine.host.runs.start("waits-2")
    engine.until_seen("waits-2 0")
    for _ in range(3):
        engine.host.runs.wake(engine.newest("waits-2"), "cmd_2")
    engine.until_seen("waits-2 over")
    assert [line for line in engine.seen if line.startswith("waits-2")] == ["waits-2 0", "waits-2 1", "waits-2 over"]


def test_the_same_run_started_twice_is_one_workflow(engine: Engine) -> None:
    for _ in range(3):
        engine.host.runs.start("waits-3")
    engine.until_seen("waits-3 0")
    engine.host.runs.wake(engine.newest("waits-3"), "cmd_3")
    assert engine.over("waits-3").id == "waits-3"
    engine.host.runs.start("waits-3")
    assert engine.newest("waits-3").state == "SUCCESS"
    assert engine.seen.count("waits-3 0") == 1


def test_after_a_defect_a_new_workflow_does_only_the_failed_child_again(engine: Engine) -> None:
    engine.host.runs.start("defect-1")
    assert engine.over("defect-1") == Workflow("defect-1", "ERROR", "1", "a defect")
    engine.is_fixed = True
    engine.host.runs.start_again("defect-1")
    assert engine.over("defect-1") == Workflow("defect-1#2", "SUCCESS", "1", "")
    assert [line for line in engine.seen if line in ("good", "bad")] == ["good", "bad", "bad"]
    assert engine.seen[-1] == "defect-1 {'made': 'good'} {'made': 'bad'}"


def test_a_run_carries_the_workflow_version_it_was_started_with(engine: Engine) -> None:
    Runs("9").start("parks-9")
    engine.host.runs.start("waits-9")
    engine.until_seen("waits-9 0")
    assert engine.newest("parks-9") == Workflow("parks-9", "ENQUEUED", "9")
    engine.host.runs.wake(engine.newest("waits-9"), "cmd_9")


def test_the_engine_does_not_know_a_run_that_nobody_started(engine: Engine) -> None:
    assert engine.host.runs.newest("nobody") is None


def test_no_more_agents_run_at_a_time_than_allowed(engine: Engine) -> None:
    runs = [f"many-{number}" for number in range(6)]
    for run in runs:
        engine.host.runs.start(run)
    for run in runs:
        engine.over(run)
    assert engine.most_together == 2
    assert engine.host.busy == 0


def test_the_file_is_private_in_wal_and_holds_no_pickle(engine: Engine) -> None:
    engine.host.runs.start("many-json")
    engine.over("many-json")
    with closing(sqlite3.connect(engine.file)) as database:
        tables = ("workflow_status", "operation_outputs", "notifications")
        kinds = {kind for table in tables for (kind,) in database.execute(f"SELECT serialization FROM {table}")}
        assert database.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert kinds - {None} == {"portable_json"}
    assert {oct(path.stat().st_mode & 0o777) for path in engine.file.parent.glob("engine.db*")} == {"0o600"}


def test_an_engine_file_that_is_none_is_a_sentence(tmp_path: Path, engine: Engine) -> None:
    engine.host.destroy()  # one engine a process
    (tmp_path / "folder").mkdir()
    (tmp_path / "garbage").write_bytes(b"not a database, " * 100)
    log, ports = log_to(tmp_path / "worker.log"), None
    for broken in ("folder", "garbage"):
        settings = EngineSettings(url=f"sqlite:///{tmp_path / broken}")
        other = Host(ports, _nothing, {}, settings, log)  # type: ignore[arg-type]
        with pytest.raises(Unreachable, match="The durable engine cannot work") as caught:
            other.launch()
        assert (caught.value.code, other.is_launched) == ("engine", False)
    log.close()
    engine.host.launch()


async def _nothing(*_: object) -> Json:
    return {}
