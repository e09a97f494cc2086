"""Starts a shim on a folder, and tells how things stand there."""

import contextlib
import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from adapters.agents import shim, tree
from adapters.agents.small_files import read_object, write_object
from adapters.agents.supervision import TAG
from factory.errors import Malformed

State = Literal["new", "running", "ended", "lost"]


@dataclass(frozen=True)
class Limits:
    """What the shim is told in `task.json`."""

    cap_bytes: int
    wall_s: float
    grace_s: float = 5.0
    lease_s: float = 90.0
    held: bool = False
    """It ends the tree when whoever started it is gone, at once; else when the beat stands still for the lease."""
    log: str = ""
    """Where the output goes; empty = `out.log` in the folder."""
    secret_names: tuple[str, ...] = ()
    """Environment variables whose values are cut out of the output."""


@dataclass(frozen=True)
class End:
    """How a program ended (`exit.json`)."""

    end_reason: str
    exit_code: int | None = None
    started_at: str = ""
    ended_at: str = ""
    output_bytes: int = 0
    dropped_bytes: int = 0
    redactions: int = 0
    left_behind: int = 0
    problem: str = ""


def launch(
    folder: Path,
    argv: Sequence[str],
    cwd: Path,
    environment: Mapping[str, str],
    limits: Limits,
    note: Mapping[str, Any] | None = None,
    on_end: Callable[[], None] = lambda: None,
    secrets: Sequence[bytes] = (),
) -> subprocess.Popen[bytes]:
    """Start the shim, detached: in its own session, and nobody has to wait for it.

    Args:
        folder: Made when it is not there.
        note: More to keep in `task.json`, for people.
        on_end: Called in another thread when the shim has ended.
        secrets: Values that are cut out of the output, and that the program does not have. Not for one that is held.

    Raises:
        OSError: the working directory is gone, the disk is full, …
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_object(folder / "task.json", {**(note or {}), "argv": list(argv), "cwd": str(cwd), **asdict(limits)})
    for name in ("beat", "shim.log"):
        (folder / name).touch(mode=0o600)
    with (folder / "shim.log").open("ab") as log, _unnamed(secrets) as given:
        process = subprocess.Popen(
            [sys.executable, "-I", "-S", shim.__file__, str(folder), *argv],
            cwd=cwd,
            env={**environment, TAG: str(folder)},
            stdin=subprocess.PIPE if limits.held else given,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    threading.Thread(target=_reap, args=(process, on_end), name="shim-reaper", daemon=True).start()
    return process


@contextlib.contextmanager
def _unnamed(secrets: Sequence[bytes]) -> Iterator[int]:
    """A file with them that is on no disk and has no name, to be read once."""
    file = os.memfd_create("given")
    try:
        os.write(file, b"\0".join(value for value in secrets if value))
        os.lseek(file, 0, os.SEEK_SET)
        yield file
    finally:
        os.close(file)


def _reap(process: subprocess.Popen[bytes], on_end: Callable[[], None]) -> None:
    process.wait()
    on_end()


def state(folder: Path) -> State:
    """How things stand: never started, running under its shim, ended, or the shim was killed."""
    if (folder / "exit.json").exists():
        return "ended"
    if (holder := _holder(folder)) is None:
        return "new"
    if tree.identity(holder[0]) == holder:
        return "running"
    # It may have written its last word between the two looks.
    return "ended" if (folder / "exit.json").exists() else "lost"


def end(folder: Path) -> End:
    """How the program ended; to be asked when the state is `ended`.

    Raises:
        Malformed: the file is not what the shim writes.
    """
    facts, problem = read_object(folder / "exit.json", 1 << 16)
    if facts is None:
        raise Malformed(f"{folder / 'exit.json'} {problem or 'is not there'}.", "Retry the step.")
    try:
        return End(**{name: facts[name] for name in End.__dataclass_fields__ if name in facts})
    except TypeError as error:
        raise Malformed(f"{folder / 'exit.json'} does not say how the program ended.", "Retry the step.") from error


def bury(folder: Path) -> None:
    """End whatever a killed shim left behind, and write the end that it could not write."""
    clean = tree.end(lambda: tree.tagged(tag(folder)), grace_s=1.0)
    problem = "" if clean else "Some of its processes could not be ended."
    with contextlib.suppress(OSError):
        write_object(folder / "exit.json", {"end_reason": "lost", "problem": problem})


def tag(folder: Path) -> bytes:
    """What every process of this folder carries in its environment."""
    return TAG.encode() + b"=" + os.fsencode(folder)


def _holder(folder: Path) -> tree.Process | None:
    try:
        found = json.loads((folder / "pid.json").read_bytes())
        return int(found["pid"]), int(found["ticks"])
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError):
        return 0, 0
