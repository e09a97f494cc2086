"""Which version a program is: asked once with `--version`, and remembered until the program changes."""

import contextlib
import os
import re
import signal
import subprocess
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from adapters.agents.small_files import read_object, write_object
from adapters.environment import allowed
from factory.rules.visible import one_line

ANSWER_S = 5.0
LONGEST = 200
"""Characters of a complaint that are shown."""
_VERSION = re.compile(r"\d+(?:\.\d+)+[\w.+-]*")


@dataclass(frozen=True)
class Version:
    """What a program said of itself."""

    text: str = ""
    """`2.1.330`; empty = it did not say."""
    problem: str = ""
    """Why not, as the end of a sentence; empty when it is only not known."""
    is_broken: bool = False
    """It ended with an error: it cannot be used as it is."""


class Versions:
    """Asks programs, and keeps what they said in a file.

    Args:
        file: Where it is kept; one that cannot be read or written costs nothing but time.
        folder: A home for the programs while they are asked: some write there.
    """

    def __init__(self, file: Path, folder: Path) -> None:
        self._file, self._folder = file, folder
        self._turn = threading.Lock()
        self._kept: dict[str, str] | None = None
        self._failed: dict[str, Version] = {}
        """Asked again by the next process, not by this one: one that hangs would hang a form at every key."""

    def of(self, program: Path, search_path: str) -> Version:
        """The version of a program that is there.

        Args:
            search_path: PATH for it; it may be a script with an interpreter.
        """
        if not (mark := _mark(program)):
            return Version(problem="cannot be found")
        with self._turn:
            known = self._read().get(mark)
            failed = self._failed.get(mark)
        if known is not None:
            return Version(known)
        if failed is not None:
            return failed
        found = self._ask(program, search_path)
        with self._turn:
            self._keep(mark, found)
        return found

    def _ask(self, program: Path, search_path: str) -> Version:
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            environment = {**allowed(self._folder), "PATH": search_path}
        except OSError as error:
            return Version(problem=f"was not asked: {error.strerror}")
        return _ask(program, environment)

    def _read(self) -> dict[str, str]:
        if self._kept is None:
            found, _ = read_object(self._file)
            self._kept = {name: text for name, text in (found or {}).items() if isinstance(text, str)}
        return self._kept

    def _keep(self, mark: str, found: Version) -> None:
        if not found.text:
            self._failed[mark] = found
            return
        place = mark.partition("|")[0]
        kept = {name: text for name, text in self._read().items() if name.partition("|")[0] != place}
        self._kept = {**kept, mark: found.text}
        with contextlib.suppress(OSError):
            write_object(self._file, self._kept)


def compared(version: str, tested: str) -> str:
    """How a version stands to the one that was tested: `tested`, `newer`, `older`; empty when one is not known."""
    if not version or not tested:
        return ""
    ours, theirs = _numbers(tested), _numbers(version)
    return "tested" if theirs == ours else "newer" if theirs > ours else "older"


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part[:9]) for part in re.findall(r"\d+", version.partition("-")[0]))


def _mark(program: Path) -> str:
    """The file behind a program, and what changes when it is replaced; packages come with invented times of change."""
    try:
        real = program.resolve(strict=True)
        state = real.stat()
    except (OSError, RuntimeError):
        return ""
    return f"{real}|{state.st_mtime_ns}-{state.st_ctime_ns}-{state.st_size}"


def _ask(program: Path, environment: Mapping[str, str]) -> Version:
    try:
        process = subprocess.Popen(
            [program, "--version"],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    except OSError as error:
        return Version(problem=f"cannot be started: {error.strerror}", is_broken=True)
    with process:
        try:
            said = process.communicate(timeout=ANSWER_S)[0].decode("utf-8", "replace").strip()
        except subprocess.TimeoutExpired:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            return Version(problem=f"did not say its version within {ANSWER_S:g} s")
    if process.returncode != 0:
        why = f": {one_line(said.splitlines()[-1])[:LONGEST]}" if said else ""
        return Version(problem=f"cannot say its version (exit {process.returncode}){why}", is_broken=True)
    found = _VERSION.search(said)
    return Version(found[0]) if found else Version(problem="says no version")
