"""`cockpit record`: the cockpit on this terminal, and everything that it shows in a file."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from shutil import get_terminal_size
from typing import TYPE_CHECKING

from cockpit.cli.screen import need_screen, open_screen
from cockpit.now import utc_now
from cockpit.skeleton import has_terminal
from factory.errors import Refused, Usage

if TYPE_CHECKING:
    from cockpit.cli.call import Call
    from cockpit.recording import Recording


def record_screen(call: Call, file: Path) -> int:
    """Open the cockpit and record it from its first picture until it is left. Returns its exit code.

    Raises:
        Usage: no terminal, or one that cannot show a screen. Refused: `file_exists`. OSError: the file cannot be made.
    """
    if not has_terminal():
        raise Usage("A recording needs a terminal that the cockpit opens on, and there is none.", "Run it in one.")
    need_screen()
    _settings = call.settings  # a mistake in there leaves no file
    made = _begin(file)
    try:
        code = open_screen(call, cast=made)
    finally:
        made.stop()
    said = f"The recording is not whole ({made.problem}): {file}" if made.problem else f"Recorded: {file}"
    call.out.show({"file": file, "problem": made.problem}, said)
    return code


def _begin(file: Path) -> Recording:
    from cockpit.recording import Recording  # with the patterns of secrets, which no other call needs

    size = get_terminal_size()
    try:
        return Recording(file, (size.columns, size.lines), int(datetime.fromisoformat(utc_now()).timestamp()))
    except FileExistsError as error:
        said = f"{error.filename} is there already, and a recording overwrites nothing."
        raise Refused(said, "Name a new file.", "file_exists") from error
