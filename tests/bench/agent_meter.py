"""What it costs to hear an agent: lines through dialect and meter, against bare `json.loads` of the same lines.

`python -m tests.bench.agent_meter DIALECT FOLDER SIZE` hears so many bytes of its recordings, again and again, and
prints the growth of the peak of its memory (bytes).
"""

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, redirect_stdout
from functools import partial
from pathlib import Path
from tempfile import mkdtemp

from adapters.agents.dialects.dialect import Job
from adapters.agents.dialects.known import DIALECTS
from adapters.agents.driving.drive import Drive
from adapters.agents.driving.fuse import Fuse
from adapters.agents.driving.inbox import Inbox
from adapters.agents.driving.lines import object_of
from adapters.agents.driving.orders import Orders
from adapters.agents.driving.record import Record
from factory.model.agent_event import Calling, Usage
from tests.bench.ratio import Benchmark, Budget, Part, Ratio, medians

_METERED = (Usage, Calling)
Lines = list[bytes]
Hear = Callable[[Lines], None]
SECRET = b"scripted-key-of-nobody"
_IDS = re.compile(rb"\b(?:toolu|call|msg|item)_")
RECORDINGS = Path(__file__).parents[2] / "fixtures" / "agents"
FOLDERS = {
    "claude": "claude-code-2.1.330",
    "codex": "codex-0.169.0",
    "pi": "pi-0.87.1",
    "opencode": "acp-opencode-1.18.33",
}
"""Dialect -> the recordings of its agent."""
GIGABYTE = 10**9
PIPE = 1 << 16
ENOUGH_S = 0.3
"""Shorter measurements say nothing."""

_ABOUT = """\
Every recorded line of an agent, 64 KB at a time as they come out of its pipe, in time of the processor. Metered: read
as JSON, turned into events by the agent's dialect, metered and checked against a limit. Kept as well: all that a
driver does with them, so redacted twice, written to the raw stream and to the journal, and told to people. Bare:
`json.loads` of the same lines. Memory is the growth of the peak RSS of a process that hears the recordings with
everything kept, and of those that hear a long stream made of them, in which no call and no message comes twice and a
key of the operator's stands in many lines."""


def measure_meter(folder: Path, rounds: int = 5, size: int = GIGABYTE, enough_s: float = ENOUGH_S) -> Benchmark:
    """Lines a second of both, for each dialect, and the memory that it takes."""
    ratios, parts = [], []
    for dialect, name in FOLDERS.items():
        said = [_in_pieces(lines) for lines in recorded(RECORDINGS / name)]
        fresh = {"bare": _bare, "adapter": _metered, "kept": _driven}
        measures = {
            what: partial(_speed, said, partial(make, dialect, folder), enough_s) for what, make in fresh.items()
        }
        found = medians(rounds, measures)
        ratios.append(Ratio(f"lines of {dialect}, metered", found["adapter"], found["bare"], "/s", Budget("≥", 0.3)))
        ratios.append(Ratio(f"lines of {dialect}, kept as well", found["kept"], found["bare"], "/s"))
    parts.append(Part("memory for the recordings", _grown(folder, "claude", 0) / 1e6, "MB", Budget("≤", 100)))
    for dialect in FOLDERS:
        amount = size if dialect == "claude" else size // 10
        grown = _grown(folder, dialect, amount) / 1e6
        parts.append(Part(f"memory for {amount / 1e9:g} GB of {dialect}", grown, "MB", Budget("≤", 100)))
    return Benchmark("Hearing an agent", _ABOUT, ratios, parts)


def recorded(folder: Path) -> list[Lines]:
    """The lines that an agent said, recording by recording."""
    files = [file.read_bytes().split(b"\n") for file in sorted(folder.glob("*.jsonl"))]
    return [[said for line in lines if line and (said := _said(line))] for lines in files]


def _said(line: bytes) -> bytes:
    """The line as the agent wrote it; recordings of both sides hold it in an envelope."""
    message = json.loads(line)
    if "dir" in message and "msg" in message:
        return json.dumps(message["msg"]).encode() if message["dir"] == "in" else b""
    return line


def _speed(said: Sequence[Sequence[Lines]], fresh: Callable[[ExitStack], Hear], enough_s: float) -> float:
    """Lines for a second of the processor, through what hears them: made anew for each recording."""
    count, spent = 0, 0.0
    with _unheard():
        while spent < enough_s:
            with ExitStack() as after:
                hears = [fresh(after) for _ in said]
                began = time.process_time()
                for hear, pieces in zip(hears, said, strict=True):
                    for piece in pieces:
                        hear(piece)
                spent += time.process_time() - began
            count += sum(len(piece) for pieces in said for piece in pieces)
    return count / spent


def _bare(_: str, __: Path, ___: ExitStack) -> Hear:
    """What nobody can do without."""

    def hear(lines: Lines) -> None:
        for line in lines:
            json.loads(line)

    return hear


def _metered(dialect: str, folder: Path, _: ExitStack) -> Hear:
    """Through dialect and meter, and nothing is kept."""
    job = _job(dialect, folder)
    talk, fuse = DIALECTS[dialect].conversation(job), Fuse(10**12, 0, lambda _, tokens: tokens.input)

    for __ in talk.open():
        """What it is asked first: its answers count by that."""

    def hear(lines: Lines) -> None:
        for line in lines:
            for event in talk.hear(object_of(line) or {}):
                if isinstance(event, _METERED):
                    fuse.count(event)
                    fuse.is_blown()

    return hear


def _driven(dialect: str, folder: Path, after: ExitStack) -> Hear:
    drive = _drive(dialect, folder)
    after.callback(lambda: drive._record.close(drive.meter))
    return drive.heard


def _in_pieces(lines: Sequence[bytes]) -> list[list[bytes]]:
    """As they come out of a pipe: so many bytes at once at most."""
    pieces, size = [list[bytes]()], 0
    for line in lines:
        size += len(line) + 1
        if size > PIPE:
            pieces, size = [*pieces, []], len(line)
        pieces[-1].append(line)
    return pieces


def _job(dialect: str, folder: Path) -> Job:
    return Job("Fix it.", Path("/repo"), folder, dialect, "11111111-2222-4333-8444-555555555555")


def _drive(dialect: str, folder: Path) -> Drive:
    """A driver without a process."""
    orders = Orders(dialect, _job(dialect, folder), limit_micros=10**12)
    place = Path(mkdtemp(dir=folder))
    return Drive(DIALECTS[dialect], orders, Record(place, (SECRET,)), Inbox(place), lambda _, tokens: tokens.input)


def _grown(folder: Path, dialect: str, size: int) -> float:
    """Bytes of memory that it takes to hear so much, in a process of its own; 0 = the recordings once."""
    words = [sys.executable, "-m", "tests.bench.agent_meter", dialect, str(folder), str(size)]
    return float(subprocess.run(words, check=True, capture_output=True, text=True).stdout.split()[-1])


def _hear_much(dialect: str, folder: Path, size: int) -> None:
    lines, drive = [line for said in recorded(RECORDINGS / FOLDERS[dialect]) for line in said], _drive(dialect, folder)
    before, heard, again = _peak(), 0, 0
    with _unheard():
        while heard == 0 or heard < size:
            for piece in _in_pieces([renamed(line, again) for line in lines]):
                drive.heard(piece)
                heard += sum(map(len, piece))
            again += 1
    print(_peak() - before)


def renamed(line: bytes, again: int) -> bytes:
    """The line of another round: its tool calls and messages are others, so whoever keeps each of them grows. A key of
    the operator's is in it, which has to be cut out."""
    return _IDS.sub(rb"\g<0>%d_" % again, line).replace(b"add()", SECRET)


@contextmanager
def _unheard() -> Iterator[None]:
    """What is told to people goes nowhere."""
    with open(os.devnull, "w") as nowhere, redirect_stdout(nowhere):  # noqa: PTH123 - it is no file of ours
        yield


def _peak() -> int:
    """Peak of our memory in bytes."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) * 1024


if __name__ == "__main__":
    _hear_much(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]))
