"""What the cockpit needs of the machine beside the ports: worktrees, a terminal to open, keys to read again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from cockpit.output import tail
from widgets.goal_line import USUAL, Patience

if TYPE_CHECKING:
    from cockpit.recording import Recording
    from factory.ports.agents import WayIn


class Terminal(Protocol):
    """The terminal multiplexer that the cockpit runs in. Waits for a process: call it from a thread."""

    @property
    def is_inside(self) -> bool:
        """Whether the cockpit runs in it at all."""
        ...

    def open_window(self, folder: Path, name: str) -> None:
        """Open a window with a shell in a folder. Raises `SourceError`."""
        ...

    def open_session(self, way: WayIn, name: str) -> None:
        """Open a window in which the program of this way runs. Raises `SourceError`."""
        ...


@dataclass(frozen=True)
class Surroundings:
    """Filled at start; what is None is not there."""

    worktrees: Path | None = None
    """Folder with one folder a run, and one worktree an attempt in it."""
    terminal: Terminal | None = None
    config: Path | None = None
    """The file whose `[keys]` are read again when it changes."""
    read_keys: Callable[[], Mapping[str, str]] | None = None
    """Reads `[keys]` anew; raises `SourceError`. Called in a thread."""
    ledger: Path | None = None
    """The file that is the ledger."""
    choices: Path | None = None
    """The file that marks, mutes, order and filter are kept in."""
    recordings: Path | None = None
    """The folder that recordings of the screen go to; made when there is one."""
    cast: Recording | None = None
    """A recording that has begun already: it hears everything from the first picture on."""
    patience: Patience = USUAL
    """How long the steps of a goal may be silent."""
    tail: Callable[[str, int], str] = tail
    """Reads the end of what an agent wrote, from the folder of its attempt. Called in a thread."""
