"""Runs a program in a window of its own, as it is told through a pipe. Run as `python -I -S own_window.py PIPE`.

What it is told (program, environment, lock) comes through a named pipe: it may hold secrets, and stands neither on a
command line, which everybody may read, nor in a file. The lock is held until the program has ended. Stdlib only.
"""

import fcntl
import json
import os
import signal
import subprocess
import sys


def main(pipe: str) -> int:
    """Be told, take the lock, run the program, and say how it ended when that was not well."""
    with open(pipe, "rb") as file:  # noqa: PTH123 - opened before anything else is loaded
        told = json.loads(file.read())
    environment = {**told["environment"], "TERM": os.environ.get("TERM", "dumb")}
    if not _locked(told["lock"]):
        return _wait("Somebody is in this session already.")
    signal.signal(signal.SIGINT, lambda *_: None)  # ctrl+c is the program's: a handler is not passed on, a mask is
    try:
        code = subprocess.call(told["argv"], env=environment)
    except OSError as error:
        return _wait(f"{told['argv'][0]} cannot be started: {error.strerror}.")
    return _wait(f"{told['argv'][0]} ended with {code}.") if code else 0


def _locked(path: str) -> bool:
    """Take the lock for as long as this process lives; children do not inherit it."""
    file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _wait(sentence: str) -> int:
    """Let it be read before the window closes."""
    sys.stdout.write(f"{sentence} Enter closes this window.\n")
    sys.stdout.flush()
    sys.stdin.readline()
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
