"""Calls of the command line, each in a process of its own, whose imports were done before: a tenth of the time.

`python -m tests.e2e.calls` reads one JSON object a line: `argv`, `cwd`, `env`, and the files `stdin`, `stdout` and
`stderr`; it forks, lets the program run, and prints the exit code. Nothing of a call is left for the next one.
"""

import atexit
import gc
import importlib
import json
import os
import pkgutil
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

LONGEST_S = 450
"""Longer than the longest wait of a test, and than a whole demo."""
ROOT = Path(__file__).resolve().parents[2]


def call(argv: Sequence[str], cwd: Path, env: Mapping[str, str], stdin: bytes) -> tuple[int, bytes, bytes]:
    """Exit code, stdout and stderr of one call; 128 + N when signal N ended it."""
    with TemporaryDirectory() as folder:
        files = {name: Path(folder, name) for name in ("stdin", "stdout", "stderr")}
        files["stdin"].write_bytes(stdin)
        wanted = {"argv": list(argv), "cwd": str(cwd), "env": dict(env)}
        server = _server()
        assert server.stdin is not None
        assert server.stdout is not None
        server.stdin.write(json.dumps({**wanted, **{name: str(file) for name, file in files.items()}}).encode() + b"\n")
        server.stdin.flush()
        code = int(server.stdout.readline())
        return code, files["stdout"].read_bytes(), files["stderr"].read_bytes()


@cache
def _server() -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "tests.e2e.calls"]
    server = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True)
    atexit.register(server.communicate)
    return server


def _serve() -> None:
    _import_all_that_a_call_may_need()
    gc.freeze()
    for line in sys.stdin.buffer:
        wanted = json.loads(line)
        pid = os.fork()
        if pid == 0:
            _become(wanted)
        print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) % 256, flush=True)


def _import_all_that_a_call_may_need() -> None:
    import cockpit.cli
    import factory.operations

    for package in (cockpit.cli, factory.operations):
        for module in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
            importlib.import_module(module.name)
    for name in ("cockpit.wiring", "sqlalchemy.dialects.sqlite", "pydantic.type_adapter"):
        importlib.import_module(name)


def _become(wanted: dict[str, Any]) -> None:
    """Be the program, as if it had been started this way."""
    from cockpit.__main__ import main

    signal.alarm(LONGEST_S)
    for number, (name, mode) in enumerate((("stdin", os.O_RDONLY), ("stdout", _WRITE), ("stderr", _WRITE))):
        os.dup2(os.open(str(wanted[name]), mode, 0o600), number)
    os.chdir(str(wanted["cwd"]))
    os.environ.clear()
    os.environ.update(wanted["env"])
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115 - the one read ahead is the server's
    sys.argv = ["cockpit", *wanted["argv"]]
    code = main()
    sys.stdout.flush()
    os._exit(code)


_WRITE = os.O_WRONLY | os.O_CREAT

if __name__ == "__main__":
    _serve()
