"""Where each attempt keeps its files, below `agents/` in the home."""

import re
from collections.abc import Iterator
from pathlib import Path

from factory.errors import Malformed
from factory.ports.agents import AgentTask

_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,127}")


def attempt_folder(root: Path, task: AgentTask) -> Path:
    """`<run>/<step>-<attempt>`.

    Raises:
        Malformed: an id that is no plain name.
    """
    return root / _plain(task.run) / f"{_plain(task.step)}-{task.attempt}"


def open_attempts(root: Path, run: str, step: str) -> Iterator[Path]:
    """Folders of the attempts of a run (of one step, unless empty) that have not ended."""
    folder = root / _plain(run)
    if not folder.is_dir():
        return
    for place in folder.iterdir():
        owner, _, number = place.name.rpartition("-")
        if number.isdigit() and owner and step in ("", owner) and not (place / "exit.json").exists():
            yield place


def _plain(id: str) -> str:
    if not _PLAIN.fullmatch(id):
        raise Malformed(f"{id!r} cannot be part of a path.")
    return id
