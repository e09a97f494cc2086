"""The programs that are measured in a terminal: the cockpit on a seeded home, the empty app, and peers."""

import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.bench import floor_app
from tests.bench.seed import Seeded
from tests.tools.tuimeter import Gone, Session, measure_keys, opened

SIZE = "200x50"
Numbers = dict[str, Any]
"""What the meter found, by its own names."""
PEERS: dict[str, tuple[list[str], list[str]]] = {
    "htop": (["htop", "-d", "100"], ["<down>", "<up>"]),
    "btop": (["btop"], ["<down>", "<up>"]),
    "visidata": (["vd", "/proc/self/status"], ["j", "k"]),
    "posting": (["posting"], ["<tab>"]),
    "harlequin": (["harlequin"], ["a"]),
}
"""Programs an operator knows: how each is started, and keys that move something in it."""


FLOOR: dict[str, Any] = {
    "name": "floor",
    "cmd": [sys.executable, str(Path(floor_app.__file__))],
    "ready": "ready",
    "size": SIZE,
    "quit": ["q"],
}
"""The empty app."""


@contextmanager
def floor_session() -> Iterator[Session]:
    """The empty app, ready."""
    with opened(FLOOR) as session:
        yield session


@contextmanager
def cockpit_session(seeded: Seeded) -> Iterator[Session]:
    """The cockpit with all goals loaded and the newest one selected."""
    spec = {
        "name": f"cockpit with {seeded.runs:,} runs",
        "cmd": [sys.executable, "-P", "-m", "cockpit", "--home", str(seeded.home)],
        "ready": rf"\b{seeded.runs:,} goal",
        "size": SIZE,
        "timeout": 90,
        "prelude": [{"wait": r"LIVE[\s\S]*progress"}],  # the selected goal is read too
        "quit": ["<esc>", "q"],
    }
    with opened(spec) as session:
        yield session


def key_latency(session: Session, keys: list[str], count: int) -> Numbers:
    """Milliseconds from each key to the first cell that changes: `p50`, `p95` and more; `cpu` is CPU ms a key."""
    found = measure_keys(session, {"send": keys, "n": count, "expect": "cells"}, settle=False)
    return {**(found["latency_ms"] or {}), "missed": found["missed"], "cpu": found["cpu_ms_per_key"]}


def peers(keys: int) -> dict[str, Numbers]:
    """Key latency of each peer that is on the PATH and starts here; each has a home of its own, which goes again."""
    found = {}
    for name, (command, send) in PEERS.items():
        if shutil.which(command[0]):
            with TemporaryDirectory(prefix="cockpit-peer-") as home, suppress(SystemExit, Gone):
                spec = {"name": name, "cmd": command, "ready": r"\S", "size": SIZE, "cwd": home, "env": {"HOME": home}}
                with opened({**spec, "prelude": [{"sleep": 2}]}) as session:
                    found[name] = key_latency(session, send, keys)
    return found
