"""The worker: started when the cockpit opens, again when it is gone while there is work, and never in silence."""

from dataclasses import dataclass, field

from cockpit.store import Store
from cockpit.worker_feed import BACK, GONE, START_AGAIN_S, WAITS, WorkerFeed
from factory.errors import Unreachable
from factory.ports.worker import WorkerState
from tests.app import sample
from tests.app.fakes import Seconds


@dataclass
class OneWorker:
    """Workers of a home; `ensure` starts one unless there is a problem."""

    running: bool = False
    started: int = 0
    note: str = ""
    problem: Unreachable | None = None
    said: list[str] = field(default_factory=list)

    def ensure(self) -> WorkerState:
        """Start it."""
        if self.problem:
            raise self.problem
        self.started += 1
        self.running = True
        return self.state()

    def state(self) -> WorkerState:
        """What it does now."""
        return WorkerState(self.running, 1, note=self.note)

    def stop(self) -> bool:
        """End it."""
        self.running = False
        return True


def feed_on(workers: OneWorker, store: Store, seconds: Seconds) -> WorkerFeed:
    """A feed that says into the worker's own list."""
    return WorkerFeed(workers, store, workers.said.append, seconds)


async def test_a_worker_is_started_when_none_runs() -> None:
    workers, store = OneWorker(), Store()
    await feed_on(workers, store, Seconds()).refresh()
    assert workers.started == 1
    assert store.snapshot.ages(100.0)["worker"].state == "live"


async def test_a_worker_that_runs_is_left_alone() -> None:
    workers = OneWorker(running=True)
    await feed_on(workers, Store(), Seconds()).refresh()
    assert workers.started == 0


async def test_a_worker_that_is_gone_is_started_again_only_while_a_goal_is_open() -> None:
    workers, store, seconds = OneWorker(), Store(), Seconds()
    feed = feed_on(workers, store, seconds)
    await feed.refresh()
    workers.running = False
    seconds.now += START_AGAIN_S
    await feed.refresh()
    assert workers.started == 1
    assert store.snapshot.ages(seconds.now)["worker"].state == "idle"
    store.change(rows=sample.ROWS)
    await feed.refresh()
    assert workers.started == 2


async def test_a_worker_that_does_not_stay_is_not_started_in_a_loop() -> None:
    workers, store, seconds = OneWorker(), Store(), Seconds()
    store.change(rows=sample.ROWS)
    feed = feed_on(workers, store, seconds)
    for _ in range(5):
        await feed.refresh()
        workers.running = False
    assert workers.started == 1
    await feed.refresh()
    assert store.snapshot.ages(seconds.now)["worker"].state == "down"


async def test_a_worker_that_dies_at_start_is_said_once_with_its_last_words() -> None:
    workers = OneWorker(problem=Unreachable("The worker died: no space left.", "See log/worker.log."))
    store, seconds = Store(), Seconds()
    store.change(rows=sample.ROWS)
    feed = feed_on(workers, store, seconds)
    for _ in range(3):
        await feed.refresh()
        seconds.now += START_AGAIN_S
    assert workers.said == ["The worker died: no space left. See log/worker.log."]
    assert store.snapshot.ages(seconds.now)["worker"].state == "down"


async def test_a_worker_that_was_killed_is_said_and_started_again() -> None:
    workers, store, seconds = OneWorker(running=True), Store(), Seconds()
    store.change(rows=sample.ROWS)
    feed = feed_on(workers, store, seconds)
    await feed.refresh()
    workers.running = False
    await feed.refresh()
    assert workers.said == [GONE, BACK]
    assert store.snapshot.ages(seconds.now)["worker"].state == "live"


async def test_a_worker_that_does_not_come_back_is_down_with_its_age_and_how_to_start_it() -> None:
    workers, store, seconds = OneWorker(), Store(), Seconds()
    store.change(rows=sample.ROWS)
    feed = feed_on(workers, store, seconds)
    await feed.refresh()
    workers.running = False
    for _ in range(3):
        seconds.now += 2
        await feed.refresh()
    source = next(line for line in store.snapshot.source_lines(seconds.now, sample.NOW) if line.name == "worker")
    assert (source.source.state, source.source.age_s, source.sentence) == ("down", 4.0, WAITS)
    assert "cockpit worker" in source.sentence
    assert workers.said == [WAITS]


async def test_the_last_words_of_a_worker_stay_until_one_runs() -> None:
    workers = OneWorker(problem=Unreachable("The worker died: no space left."))
    store, seconds = Store(), Seconds()
    store.change(rows=sample.ROWS)
    feed = feed_on(workers, store, seconds)
    for _ in range(3):
        await feed.refresh()
        assert store.snapshot.sources["worker"].problem == "The worker died: no space left."
    workers.problem = None
    seconds.now += START_AGAIN_S
    await feed.refresh()
    assert store.snapshot.sources["worker"].problem == ""


async def test_what_a_worker_has_to_say_is_said_once() -> None:
    workers = OneWorker(running=True, note="A worker of version 0.0 still runs an agent.")
    feed = feed_on(workers, Store(), Seconds())
    await feed.refresh()
    await feed.refresh()
    assert workers.said == ["A worker of version 0.0 still runs an agent."]
