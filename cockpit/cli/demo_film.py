"""`cockpit demo --film`: the demo is played for real, proven, and drawn as a film from its own recording."""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from shutil import get_terminal_size
from typing import TYPE_CHECKING

from cockpit.cli.demo_scene import fixtures
from cockpit.film.frames import Frame, cast_of, drawn
from cockpit.film.script import COLUMNS, LINES
from factory.errors import Refused, Unreachable, Usage

if TYPE_CHECKING:
    from cockpit.cli.demo_check import Report
    from cockpit.cli.demo_play import Play

TITLE = "Cockpit: a goal, two agents that check each other, one approval"
_SETTLED = {"COLORTERM": "truecolor", "LANG": "C.UTF-8", "TERM": "xterm-256color", "TEXTUAL_ANIMATIONS": "none"}
"""The film looks the same wherever it is made."""
_HERE_ONLY = ("NO_COLOR", "FORCE_COLOR", "COLUMNS", "LINES")


def need_place(file: Path | None) -> None:
    """Refuse a film that could be shown or written nowhere, before a run is played for it.

    Raises:
        Usage: no terminal, or too small a one. Refused: `file_exists`. OSError: the file cannot be made.
    """
    if file is not None:
        _try(file)
        return
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise Usage("A film needs a terminal to be shown on, or a file.", "cockpit demo --film FILE.cast")
    size = get_terminal_size()
    if size.columns < COLUMNS or size.lines < LINES:
        said = f"The film is {COLUMNS}×{LINES}, and this terminal is {size.columns}×{size.lines}."
        raise Usage(said, "Make it larger, or write the film to a file: cockpit demo --film FILE.cast")


def _try(file: Path) -> None:
    """Make the file, and take it away again: a film that is never made leaves none."""
    file.parent.mkdir(parents=True, exist_ok=True)
    try:
        file.touch(exist_ok=False)
    except FileExistsError as error:
        said = f"{file} is there already, and a film overwrites nothing."
        raise Refused(said, "Name a new file.", "file_exists") from error
    file.unlink()


def film_of(play: Play, report: Report) -> tuple[Frame, ...]:
    """The film of a demo that was played and proven.

    Raises:
        Refused: `not_proven`, a caption that no file shows. Unreachable: the recording cannot be read.
    """
    if not report.ok or play.preview is None or play.card is None:
        untrue = [caption.name for caption in report.captions if not caption.ok] or ["a step of the demo"]
        raise Refused(f"No film: no file shows that {untrue[0]!r}.", "cockpit demo --check", "not_proven")
    _settle()
    from adapters.flight.flight_ledger import FlightLedger
    from adapters.flight.ledger_reel import LedgerReel
    from cockpit.film.shooting import shoot
    from cockpit.film.taking import Real, take_of

    home = play.knowledge.parent
    flight = FlightLedger(LedgerReel(home / "ledger.db", play.run))
    try:
        with tempfile.TemporaryDirectory(prefix="cockpit-film-") as folder:
            evidence, actor = play.ports.evidence.root(play.run), play.ports.actor
            real = Real(flight, home, fixtures(), evidence, play.launch, play.preview, play.card, actor)
            return asyncio.run(shoot(take_of(real, Path(folder))))
    finally:
        flight.close()


def write_film(frames: tuple[Frame, ...], file: Path) -> None:
    """Write the film as an animated SVG where the name ends so, else as an asciicast. Raises `OSError`."""
    from cockpit.film.svg import animated

    made = animated(frames, TITLE) if file.suffix.lower() == ".svg" else cast_of(frames, TITLE)
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("x", encoding="utf-8", newline="\n") as out:
        out.write(made)


def play_film(frames: tuple[Frame, ...], speed: float, sleep: Callable[[float], None] = time.sleep) -> None:
    """Play the film on this terminal, in its own time; what was on screen is there again afterwards."""
    shown: tuple[object, ...] = ()
    at_s = 0.0
    _say("\x1b[?1049h\x1b[?25l\x1b[2J")
    try:
        for frame in frames:
            sleep((frame.at_s - at_s) / speed)
            _say(drawn(frame.rows, shown))  # type: ignore[arg-type]
            at_s, shown = frame.at_s, frame.rows
        sleep(1 / speed)
    finally:
        _say("\x1b[0m\x1b[?25h\x1b[?1049l")


def _say(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()


def _settle() -> None:
    """Before Textual is imported, which reads the environment once."""
    if "textual" in sys.modules and os.environ.get("TEXTUAL_ANIMATIONS") != "none":
        raise Unreachable("A film has to be made before anything else is drawn.", "cockpit demo --film", "film")
    for name in _HERE_ONLY:
        os.environ.pop(name, None)
    os.environ.update(_SETTLED)
