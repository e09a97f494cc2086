"""The evidence folder: what is written there reaches the screen, also when the watch misses it."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from pathlib import Path

import pytest

from adapters.file_watch import watch_folder
from cockpit.feeds import LedgerFeed
from cockpit.output import tail
from cockpit.store import Seen, Store
from cockpit.watching import EvidenceFeed, LedgerWatch, run_of, scan
from tests.app import sample
from tests.app.fakes import Seconds, ShelfLedger


async def test_a_file_that_is_written_is_told_within_a_moment(tmp_path: Path) -> None:
    told: asyncio.Queue[set[str]] = asyncio.Queue()
    store = Store()
    feed = EvidenceFeed(tmp_path, store, told.put_nowait, monotonic=Seconds())
    running = asyncio.create_task(feed.run())
    try:
        async with asyncio.timeout(60):
            number = 0
            while told.empty():  # the watch needs a moment to begin, and says nothing when it has
                number += 1
                (tmp_path / "run_1").mkdir(exist_ok=True)
                (tmp_path / "run_1" / f"log-{number}").write_text("x")
                await asyncio.sleep(0.05)
            assert await told.get() == {"run_1"}
        assert store.snapshot.ages(100.0)["evidence"].state == "live"
    finally:
        running.cancel()


async def test_a_rescan_finds_what_the_watch_missed(tmp_path: Path) -> None:
    told: list[set[str]] = []
    feed = EvidenceFeed(tmp_path, Store(), told.append, watch=_silent)
    await feed.rescan()
    for name in ("run_1", "run_2"):
        (tmp_path / name / "evidence").mkdir(parents=True)
    (tmp_path / "run_1" / "evidence" / "a.log").write_text("x")
    await feed.rescan()
    assert told == [{"run_1"}]
    (tmp_path / "run_1" / "evidence" / "a.log").unlink()
    await feed.rescan()
    await feed.rescan()
    assert told == [{"run_1"}, {"run_1"}]


async def test_a_folder_that_cannot_be_watched_is_said_and_still_scanned(tmp_path: Path) -> None:
    store = Store()
    feed = EvidenceFeed(tmp_path, store, lambda runs: None, watch=_broken, monotonic=Seconds())
    running = asyncio.create_task(feed.run())
    try:
        async with asyncio.timeout(60):
            while not store.snapshot.sources.get("evidence", Seen()).problem:  # noqa: ASYNC110 - a task brings it
                await asyncio.sleep(0)
    finally:
        running.cancel()
    assert "no space for another watch" in store.snapshot.sources["evidence"].problem
    assert store.snapshot.ages(100.0)["evidence"].state == "stale"


async def test_a_home_without_a_folder_yet_is_no_problem(tmp_path: Path) -> None:
    store = Store()
    feed = EvidenceFeed(tmp_path / "later", store, lambda runs: None, watch=_silent)
    await feed.rescan()
    assert store.snapshot.sources == {}


async def test_watching_a_folder_that_is_gone_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        async for _ in watch_folder(tmp_path / "gone"):
            pass


@pytest.mark.parametrize(
    ("path", "run"),
    [("/e/run_1/evidence/a", "run_1"), ("/e/run_1", "run_1"), ("/e/run_1/a.tmp", ""), ("/elsewhere/x", ""), ("/e", "")],
)
def test_the_run_of_a_path_is_the_first_folder_below_the_root(path: str, run: str) -> None:
    assert run_of(Path("/e"), path) == run


def test_a_scan_follows_no_links(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "file").write_text("x")
    (tmp_path / "loop").symlink_to(tmp_path)
    assert {Path(path).name for path in scan(tmp_path)} == {"file", "loop"}


def test_the_tail_of_an_output_is_its_end(tmp_path: Path) -> None:
    (tmp_path / "out.log").write_bytes(b"a" * 100 + b"\xff end")
    assert tail(str(tmp_path), limit=6) == "a\udcff end"
    assert tail(str(tmp_path / "nowhere")) == ""


async def _silent(root: Path) -> AsyncIterator[Iterable[str]]:
    await asyncio.Event().wait()
    yield ()


async def _broken(root: Path) -> AsyncIterator[Iterable[str]]:
    raise OSError("no space for another watch")
    yield ()


async def test_a_folder_that_vanishes_is_said_and_seen_when_it_is_back(tmp_path: Path) -> None:
    root = tmp_path / "evidence"
    root.mkdir()
    store = Store()
    feed = EvidenceFeed(root, store, lambda runs: None, monotonic=Seconds(), retry_s=0.01)
    running = asyncio.create_task(feed.run())
    try:
        async with asyncio.timeout(60):
            await _until(lambda: _evidence(store).answered)
            while not _evidence(store).problem:  # the watch needs a moment to begin, and says nothing when it has
                root.mkdir(exist_ok=True)
                await asyncio.sleep(0.02)
                root.rmdir()
                await asyncio.sleep(0.02)
            assert "is gone" in _evidence(store).problem
            assert store.snapshot.ages(100.0)["evidence"].state == "down"
            root.mkdir(exist_ok=True)
            await _until(lambda: not _evidence(store).problem)
    finally:
        running.cancel()


async def test_a_ledger_whose_file_is_watched_is_seldom_asked(tmp_path: Path) -> None:
    ledger = ShelfLedger()
    store = Store()
    feed = LedgerFeed(ledger, store, lambda view, ages: sample.status_of(view, ages), Seconds())  # type: ignore[arg-type]
    watch = LedgerWatch(tmp_path / "ledger.db", feed)
    running = [asyncio.create_task(feed.run()), asyncio.create_task(watch.run())]
    try:
        async with asyncio.timeout(60):
            await _until(lambda: feed.is_told)
            await _until(lambda: ("events", 0) in ledger.reads)
            ledger.change(sample.ROWS[1])
            (tmp_path / "other.db").write_text("x")
            (tmp_path / "ledger.db-wal").write_text("x")
            await _until(lambda: ("rows", (sample.ROWS[1].id,)) in [(what, _plain(arg)) for what, arg in ledger.reads])
    finally:
        for task in running:
            task.cancel()


async def test_many_files_at_once_are_told_a_few_times_and_none_is_left_out(tmp_path: Path) -> None:
    runs = [f"run_{n}" for n in range(300)]

    async def burst(root: Path) -> AsyncIterator[Iterable[str]]:
        for run in runs:
            yield [str(root / run / "a.log")]
        await asyncio.Event().wait()

    told: list[set[str]] = []
    running = asyncio.create_task(EvidenceFeed(tmp_path, Store(), told.append, watch=burst).run())
    try:
        async with asyncio.timeout(60):
            await _until(lambda: set().union(*told) == set(runs))
    finally:
        running.cancel()
    assert len(told) < len(runs) / 10


def _evidence(store: Store) -> Seen:
    return store.snapshot.sources.get("evidence", Seen())


def _plain(argument: object) -> object:
    return tuple(argument) if isinstance(argument, list) else argument


async def _until(holds: Callable[[], object]) -> None:
    while not holds():  # noqa: ASYNC110 - a task brings it
        await asyncio.sleep(0.005)
