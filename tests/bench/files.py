"""Evidence files: from the write of one to the screen, and ten thousand of them in a second."""

import asyncio
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from hashlib import sha256
from pathlib import Path
from threading import Thread

from adapters.clock import SystemClock
from adapters.ledger.open import open_ledger
from cockpit.store import Store
from cockpit.watching import EvidenceFeed
from factory.model.evidence import Evidence
from tests.bench.ratio import Benchmark, Budget, Part, Ratio
from tests.bench.screens import Numbers, cockpit_session, floor_session, key_latency
from tests.bench.seed import Seeded, seeded
from tests.tools.tuimeter import Session, measure_events

FOLDERS = 1_000
WITHIN_S = 2.0
"""By then every new folder has to be seen."""
LOG = "verify-1-A1.log"

_ABOUT = """\
The cockpit in a pseudo terminal of 200×50 on a home with evidence folders of 1,000 goals. *File to screen*: a captured
log is on its page, another process appends a line to it; from the write to the line on screen. *Burst*: ten thousand
files in a hundred new folders within a second, while the cursor is moved on the main screen; what watches the evidence
folder in the cockpit runs in a process of its own too, and every folder that it did not tell of within two seconds is
missing. The floor is the smallest Textual app, asked before and after."""


def measure_files(
    folder: Path, writes: int = 40, folders: int = FOLDERS, burst: tuple[int, int] = (100, 100)
) -> Benchmark:
    """One file after the other, then very many."""
    with seeded(folder, folders, 10) as home, floor_session() as floor:
        log = _evidence(home)
        with cockpit_session(home) as screen:
            before = key_latency(floor, ["j", "k"], 30)
            change = _changes(screen, log, writes)
            screen.send("<esc><esc>")
            screen.wait(r"\d goal", 5)
            with _bursting(home.home / "evidence", "screen", burst):
                pressed = key_latency(screen, ["j", "k"], 20)
            after = key_latency(floor, ["j", "k"], 30)
        missing = _missing(home.home / "evidence", burst)
    base = (before["p50"] + after["p50"]) / 2
    return Benchmark(
        "Evidence files",
        _ABOUT,
        (
            Ratio("file to screen: median", change["p50"], base, "ms", Budget("≤", 6)),
            Ratio("file to screen: 95 of 100", change["p95"], base, "ms", Budget("≤", 6)),
            Ratio("10,000 files in a second: key, 95 of 100", pressed["p95"], base, "ms", Budget("≤", 10)),
        ),
        (
            Part("writes that never came to the screen", change["missed"], ""),
            Part(f"of {burst[0]} new folders, not told of within 2 s", missing, "", Budget("≤", 0)),
            Part("keys that were never answered", pressed["missed"], ""),
        ),
    )


def _evidence(home: Seeded) -> Path:
    """A folder for every goal, and a captured log of the newest one."""
    for number in range(1, home.runs + 1):
        (home.home / "evidence" / home.run(number)).mkdir(parents=True, exist_ok=True)
    log = home.home / "evidence" / home.run(home.runs) / LOG
    log.write_bytes(b"captured\n")
    item = Evidence(
        id="evd_0", run=home.run(home.runs), kind="log", path=LOG, sha256=sha256(b"captured\n").hexdigest(), size=9,
        captured_at=SystemClock().now(),
    )  # fmt: skip
    with closing(open_ledger(home.ledger, SystemClock())) as ledger:
        ledger.write("bench", lambda tx: tx.put(item, "evidence.capture"))
    return log


def _changes(screen: Session, log: Path, writes: int) -> Numbers:
    """Open the log on its page, then append to it."""
    screen.send("e")
    screen.wait(LOG, 5)
    screen.send("G<enter>")
    screen.wait("captured", 5)
    screen.send("G")
    screen.quiet(0.5, 3)
    found = measure_events(screen, {"append": str(log), "n": writes, "gap": 0.3})
    return {**(found["latency_ms"] or {}), "missed": found["missed"]}


@contextmanager
def _bursting(root: Path, name: str, burst: tuple[int, int]) -> Iterator[None]:
    """Files are written while a block runs, and until all are there."""
    writing = Thread(target=_write, args=(root, name, burst))
    writing.start()
    try:
        yield
    finally:
        writing.join()


def _write(root: Path, name: str, burst: tuple[int, int]) -> None:
    folders, files = burst
    for number in range(folders):
        folder = root / f"run_{name}{number:04}"
        folder.mkdir()
        for file in range(files):
            (folder / f"{file}.txt").write_text("x")


def _missing(root: Path, burst: tuple[int, int]) -> int:
    """How many new folders the feed of the cockpit does not tell of."""
    told: set[str] = set()

    async def watch() -> None:
        feed = EvidenceFeed(root, Store(), told.update)
        running = asyncio.create_task(feed.run())
        while "run_begun" not in told:  # the watch says nothing when it has begun
            (root / "run_begun").mkdir(exist_ok=True)
            (root / "run_begun" / f"{time.monotonic_ns()}.txt").write_text("x")
            await asyncio.sleep(0.1)
        await asyncio.to_thread(_write, root, "alone", burst)
        await asyncio.sleep(WITHIN_S)
        running.cancel()

    asyncio.run(watch())
    return burst[0] - sum(run.startswith("run_alone") for run in told)
