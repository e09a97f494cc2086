"""Holds one process tree and outlives whoever started it.

Run as `python -I -S shim.py FOLDER PROGRAM ARGUMENT…`, in the working directory and with the environment of the
program. Starts it at most once for a folder, ever: a second shim on the same folder does nothing. In the folder:

    task.json    limits, written before
    lock         held (flock) while the shim lives
    pid.json     the shim, as process id and start time
    starts       one line for each start of the program
    out.log      its output
    pulse        how many bytes of output came so far
    growth       when the log had how many bytes, a line each
    beat         touched by the worker; too old: nobody waits any more, the tree is ended
    stop         written by the worker: {"reason"}; the tree is ended
    exit.json    how it ended; written once, whole

Stdlib only, and little of it before the program runs: a step waits for it.
"""

# Importing pathlib takes longer than all of this:
# ruff: noqa: PTH100, PTH105, PTH110, PTH118, PTH120, PTH123

import ctypes
import fcntl
import os
import sys
import time

HELD = 75
"""Exit code of a shim that found another one at work."""
PR_SET_CHILD_SUBREAPER = 36


def main(folder: str, argv: list[str]) -> None:
    """Start the program unless it was started before, and see it through to its end."""
    os.umask(0o077)
    lock = os.open(os.path.join(folder, "lock"), os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        sys.exit(HELD)
    if any(os.path.exists(os.path.join(folder, name)) for name in ("exit.json", "pid.json")):
        return
    started, secrets = time.time(), _given()
    _sign(folder)
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    pid, output, error = _spawn(argv)
    # Everything else is loaded while the program already runs. This file is run by its path: nothing set it up.
    sys.path.append(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))
    from adapters.agents.supervision import supervise

    supervise(folder, pid, output, started, error, secrets)
    os._exit(0)  # the last word is on disk; tidying up an interpreter takes as long as starting one


def _given() -> bytes:
    """What its starter left as our input, in a file that has no name: it is gone before the program can look for it."""
    given = os.read(0, size) if (size := os.fstat(0).st_size) else b""
    nothing = os.open(os.devnull, os.O_RDONLY)
    if size:
        os.dup2(nothing, 0)
    os.close(nothing)
    return given


def _sign(folder: str) -> None:
    """Say who holds the folder, before there is anything to hold."""
    with open("/proc/self/stat", "rb") as file:
        ticks = int(file.read().rpartition(b")")[2].split()[19])
    path = os.path.join(folder, "pid.json")
    with open(path + ".new", "w") as file:
        file.write(f'{{"pid": {os.getpid()}, "ticks": {ticks}}}\n')
    os.replace(path + ".new", path)
    with open(os.path.join(folder, "starts"), "a") as file:
        file.write(f"{time.time():.3f}\n")


def _spawn(argv: list[str]) -> tuple[int, int, int]:
    """Start the program in a session of its own: its process id, the end of its output, and why not (errno) or 0."""
    output, sink = os.pipe()
    told, teller = os.pipe()
    pid = os.fork()
    if pid == 0:
        _become(argv, sink, teller)
    os.close(sink)
    os.close(teller)
    error = int(os.read(told, 16) or b"0")
    os.close(told)
    return pid, output, error


def _become(argv: list[str], sink: int, teller: int) -> None:
    """Turn this (forked) process into the program."""
    import _signal as signal  # type: ignore[import-not-found]  # its Python part takes longer than all we do here

    try:
        os.setsid()
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)
        signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
        nothing = os.open(os.devnull, os.O_RDONLY)
        for source, target in ((nothing, 0), (sink, 1), (sink, 2)):
            os.dup2(source, target)
        os.execvp(argv[0], argv)
    except OSError as error:
        os.write(teller, str(error.errno).encode())
    finally:
        os._exit(127)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
