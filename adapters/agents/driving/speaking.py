"""The process of an agent: its lines in, our messages out, and its end. Knows nothing of what they mean."""

import asyncio
import contextlib
import json
import os
import signal
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from adapters.agents.dialects.dialect import Start
from adapters.agents.driving.lines import Lines

READ = 1 << 20
STDERR_KEPT = 64 << 10
POLITE_S = 5.0
"""What an agent gets to end after a polite word, and again after each signal."""
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

    async def hear(self, heard: Callable[[bytes], None]) -> int:
        """Give every line of its output to `heard`, until it has ended; its exit code."""
        readers = {asyncio.create_task(self._lines(heard)), asyncio.create_task(self._errors())}
        ended = asyncio.create_task(self._process.wait())
        await asyncio.wait({ended})
        while readers:
            done, readers = await asyncio.wait(readers, timeout=DRAIN_S)
            if not done:
                break
        for reader in readers:
            reader.cancel()
        return ended.result()

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

    async def end(self, was_asked: bool) -> None:
        """Make it end: wait if it was asked to by protocol, else SIGINT; then SIGTERM, then SIGKILL, to its group."""
        steps = (None if was_asked else signal.SIGINT, signal.SIGTERM, signal.SIGKILL)
        for number in steps:
            if number is not None:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(self._process.pid, number)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._process.wait(), POLITE_S)
                return

    async def _lines(self, heard: Callable[[bytes], None]) -> None:
        stream, lines = self._process.stdout, Lines()
        while stream is not None and (chunk := await stream.read(READ)):
            for line in lines.feed(chunk):
                heard(line)
        for line in lines.close():
            heard(line)

    async def _errors(self) -> None:
        stream = self._process.stderr
        while stream is not None and (chunk := await stream.read(READ)):
            self.stderr = (self.stderr + chunk)[-STDERR_KEPT:]
            sys.stdout.buffer.write(chunk)
            sys.stdout.flush()
