"""The process of an agent: its lines in, our messages out, and its end. Knows nothing of what they mean."""

import asyncio
import contextlib
import json
import os
import signal
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from adapters.agents.dialects.dialect import Start
from adapters.agents.driving.aloud import say_aloud
from adapters.agents.driving.lines import Lines

READ = 1 << 20
STDERR_KEPT = 64 << 10
POLL_S = 0.03
DRAIN_S = 1.0
"""A child of the agent may hold its output open; after its end nobody waits longer for more."""


class Spoken:
    """One running agent program."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self.stderr = b""
        """The last part of it."""

    @classmethod
    async def start(cls, start: Start, cwd: Path, environment: Mapping[str, str]) -> "Spoken":
        """Start it in a process group of its own. Raises `OSError`."""
        process = await asyncio.create_subprocess_exec(
            *start.argv,
            cwd=cwd,
            env={**environment, **start.environment},
            stdin=asyncio.subprocess.PIPE if start.talks else asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            start_new_session=True,
        )
        return cls(process)

    async def hear(self, heard: Callable[[Iterable[bytes]], None], beside: "asyncio.Task[None]") -> int:
        """Give its output to `heard`, as lines, piece by piece, until it has ended; its exit code.

        Args:
            beside: Runs as long as the agent does. When it fails, or `heard` does, that is raised.
        """
        readers = {asyncio.create_task(self._lines(heard)), asyncio.create_task(self._errors())}
        ended = asyncio.create_task(self._exit())
        await _first_failure(ended, {*readers, beside})
        while readers:
            done, readers = await asyncio.wait(readers, timeout=DRAIN_S)
            for reader in done:
                reader.result()
            if not done:
                break
        for reader in readers:
            reader.cancel()
        return ended.result()

    def kill(self) -> None:
        """End its group at once; what left it is for whoever holds us."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)

    def say(self, message: Mapping[str, Any]) -> None:
        """Send one message; an agent that does not listen any more misses it."""
        stdin = self._process.stdin
        if stdin is not None and not stdin.is_closing():
            stdin.write(json.dumps(message).encode() + b"\n")

    def close_input(self) -> None:
        """Nothing more will be said."""
        stdin = self._process.stdin
        if stdin is not None and not stdin.is_closing():
            stdin.close()

    async def end(self, was_asked: bool, grace_s: float) -> None:
        """Make it end: wait if it was asked to by protocol, else SIGINT; then SIGTERM, then SIGKILL, to its group.

        Args:
            grace_s: What it gets to end after a polite word, and again after each signal.
        """
        steps = (None if was_asked else signal.SIGINT, signal.SIGTERM, signal.SIGKILL)
        for number in steps:
            if number is not None:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(self._process.pid, number)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._exit(), grace_s)
                return

    async def _exit(self) -> int:
        """Wait for its end. `Process.wait` would wait for all who hold its output open, too."""
        while (code := self._process.returncode) is None:  # noqa: ASYNC110 - the kernel makes it so
            await asyncio.sleep(POLL_S)
        return code

    async def _lines(self, heard: Callable[[Iterable[bytes]], None]) -> None:
        stream, lines = self._process.stdout, Lines()
        while stream is not None and (chunk := await stream.read(READ)):
            heard(lines.feed(chunk))
        heard(lines.close())

    async def _errors(self) -> None:
        stream = self._process.stderr
        while stream is not None and (chunk := await stream.read(READ)):
            self.stderr = (self.stderr + chunk)[-STDERR_KEPT:]
            say_aloud(chunk)


async def _first_failure(ended: "asyncio.Task[int]", others: "set[asyncio.Task[None]]") -> None:
    """Wait for the end, and raise what goes wrong before it."""
    running = others
    while not ended.done():
        await asyncio.wait({ended, *running}, return_when=asyncio.FIRST_COMPLETED)
        for other in running:
            if other.done():
                other.result()
        running = {other for other in running if not other.done()}
