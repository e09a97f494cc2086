"""Capturing a huge log as evidence, against `sha256sum` of the same file.

`python -m tests.bench.evidence_capture HOME FILE` captures one file and prints its seconds and the growth of the peak
of its memory (bytes).
"""

import shutil
import statistics
import subprocess
import sys
import time
from pathlib import Path

from adapters.evidence.folder_store import FolderStore
from tests.bench.ratio import Benchmark, Budget, Part, Ratio, in_turn

GIGABYTE = 10**9
RUN = "run_0000000000000000000000bench"

_ABOUT = """\
`FolderStore.capture` of a text log with a secret every 8 MB: it is read, its secrets are cut out, and what is left is
digested (sha256), written to a private file and waited for until the disk has it (fsync). Bare: `sha256sum` of the same
file, which only reads. The file is in the page cache for both. Memory is the growth of the peak RSS of a process that
captures this one file."""


def measure_capture(folder: Path, rounds: int = 3, size: int = GIGABYTE) -> Benchmark:
    """Bytes a second of both, and the memory that a capture takes."""
    log, growths = write_log(folder / "huge.log", size), list[float]()

    def capture() -> float:
        seconds, growth = _captured(folder / "home", log)
        growths.append(growth)
        return size / seconds / 1e6

    def digest() -> float:
        began = time.perf_counter()
        subprocess.run(["sha256sum", str(log)], check=True, capture_output=True)
        return size / (time.perf_counter() - began) / 1e6

    found = in_turn(rounds, {"capture": capture, "sha256sum": digest})
    log.unlink()
    medians = {name: statistics.median(numbers) for name, numbers in found.items()}
    what = f"evidence capture of {size / 1e9:g} GB"
    ratio = Ratio(what, medians["capture"], medians["sha256sum"], "MB/s", Budget("≥", 0.7))
    return Benchmark("Evidence capture", _ABOUT, (ratio,), (Part("memory it takes", max(growths) / 1e6, "MB"),))


def write_log(path: Path, size: int) -> Path:
    """A log of so many bytes: lines of a test run, each with other numbers, and seldom a secret."""
    lines = [
        f"2026-11-23T17:{number % 60:02d}:45.{number % 1000:03d}Z INFO  worker-{number % 8} step {number}: "
        f"tests/test_{number * 7919 % 9973}.py::test_case[{number * 31}] PASSED in {number % 977} ms, "
        f"{number * 2654435761 % 2**32:08x}\n"
        for number in range(64_000)
    ]
    block = "".join([*lines, "export API_TOKEN=0a1b2c3d4e5f60718293a4b5c6d7e8f9\n"]).encode()
    with path.open("wb") as file:
        for start in range(0, size, len(block)):
            file.write(block[: size - start])
    return path


def _captured(home: Path, log: Path) -> tuple[float, float]:
    """Seconds and bytes of memory of one capture, in a process of its own."""
    words = [sys.executable, "-m", "tests.bench.evidence_capture", str(home), str(log)]
    said = subprocess.run(words, check=True, capture_output=True, text=True).stdout.split()
    shutil.rmtree(home)
    return float(said[0]), float(said[1])


def _peak() -> int:
    """Peak of our memory in bytes; unlike `getrusage`, this one knows nothing of who started us."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) * 1024


def _capture(home: Path, log: Path) -> None:
    store, before = FolderStore(home), _peak()
    began = time.perf_counter()
    store.capture(RUN, "huge.log", log)
    print(time.perf_counter() - began, _peak() - before)


if __name__ == "__main__":
    _capture(Path(sys.argv[1]), Path(sys.argv[2]))
