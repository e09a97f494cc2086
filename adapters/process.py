"""Runs a program to its end under a shim, and tells whether we run inside an agent ourselves."""

import asyncio
import contextlib
import os
import shutil
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from adapters.agents import launch, tree
from adapters.agents.launch import End, Limits
from factory.errors import Unreachable

CHECK_TAG = "COCKPIT_CHECK"
"""Environment variable of everything that runs as a check: its name."""
RUN_TAG = "COCKPIT_RUN"
"""Environment variable of everything that an agent runs: the run."""

_HANDOVER_S = 30.0
_CANCEL_S = 10.0
_LOOK_S = 0.05


async def run_to_end(
    folder: Path,
    argv: Sequence[str],
    cwd: Path,
    environment: Mapping[str, str],
    log: Path,
    wall_s: float,
    cap_bytes: int,
) -> End:
    """Run a program in a session of its own, its output in `log`; its whole tree has ended when this returns.

    When this process dies or the call is cancelled, the tree is ended at once.

    Args:
        folder: For its shim; vacated before.

    Raises:
        Unreachable: the disk is full or read-only.
    """
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()

    def ring() -> None:
        with contextlib.suppress(RuntimeError):  # the loop may be closed by now
            loop.call_soon_threadsafe(ended.set)

    limits = Limits(cap_bytes=cap_bytes, wall_s=wall_s, held=True, log=str(log))
    try:
        # On the loop, a few milliseconds: a cancel in between would leave a tree that nobody holds.
        process = launch.launch(folder, argv, cwd, environment, limits, on_end=ring)
    except OSError as error:
        raise Unreachable(
            f"{argv[0]} cannot be started in {cwd}: {error.strerror}.", "Free the disk and retry."
        ) from error
    try:
        await ended.wait()
    except asyncio.CancelledError:
        _let_go(process)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(ended.wait(), _CANCEL_S)
        raise
    finally:
        _let_go(process)
    if launch.state(folder) != "ended":
        await asyncio.to_thread(launch.bury, folder)
    return launch.end(folder)


def vacate(folder: Path) -> None:
    """Remove the folder of an earlier run, as soon as that is over. Blocks.

    Raises:
        Unreachable: it does not end.
    """
    see_out(folder)
    shutil.rmtree(folder, ignore_errors=True)


def see_out(folder: Path) -> None:
    """Come back when nothing of a folder runs any more; what a killed shim left behind is ended. Blocks.

    Raises:
        Unreachable: it does not end.
    """
    deadline = time.monotonic() + _HANDOVER_S
    while launch.state(folder) == "running":
        if time.monotonic() > deadline:
            raise Unreachable(f"An earlier run in {folder} does not end.", "End its processes and retry.")
        time.sleep(_LOOK_S)
    if launch.state(folder) == "lost":
        launch.bury(folder)


def inside_agent() -> str:
    """The run whose agent, or the check, that we descend from; empty for a person.

    A process that drops its environment and leaves its session still has a parent that did not, if only the shim:
    that adopts every orphan of its tree. For one user id this is a guard, not a boundary.
    """
    found = _inside({name.encode(): value.encode() for name, value in os.environ.items()})
    pid = os.getppid()
    while not found and pid > 0:
        pairs = (entry.partition(b"=") for entry in tree.environment(pid).split(b"\0"))
        found = _inside({name: value for name, _, value in pairs})
        pid = tree.parent(pid)
    return found


def _inside(environment: Mapping[bytes, bytes]) -> str:
    """What an environment says about it."""
    if run := environment.get(RUN_TAG.encode()):
        return run.decode(errors="replace")
    check = environment.get(CHECK_TAG.encode(), b"").decode(errors="replace")
    return f"check {check}" if check else ""


def _let_go(process: "subprocess.Popen[bytes]") -> None:
    """Tell the shim that nobody waits any more."""
    if process.stdin:
        process.stdin.close()
