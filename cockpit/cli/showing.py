"""Showing it: `demo`, `record` and `screenshot`."""

from pathlib import Path
from typing import Annotated

import typer

from cockpit.cli.call import current
from cockpit.cli.values import at_least
from factory.errors import Usage


def demo(
    context: typer.Context,
    file: Annotated[
        Path | None, typer.Argument(metavar="[FILE.cast]", help="With --film: written here, not shown. Or FILE.svg.")
    ] = None,
    check: Annotated[bool, typer.Option("--check", help="Without a terminal: run it and check every step.")] = False,
    film: Annotated[bool, typer.Option("--film", help="Play it by itself, in about 90 s.")] = False,
    speed: Annotated[float, typer.Option(metavar="N", help="How many times as fast.")] = 1.0,
) -> int:
    """Show a whole run, with scripted agents that say so; no model, no key, no money."""
    from cockpit.cli import demo as play

    at_least("--speed", speed, 0.1)
    if file is not None and (check or not film):
        raise Usage("A file is for the film alone.", "cockpit demo --film FILE.cast")
    if check:
        return play.check(current(context), speed=speed, film=film)
    if film:
        return play.show_film(current(context), file and file.absolute(), speed=speed)
    return play.run_demo(current(context), speed=speed)


def record(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE.cast", help="Must not be there yet; for its owner alone.")],
) -> int:
    """Open the cockpit and record what it shows (asciicast v2, without secrets), until you leave it or press R."""
    from cockpit.cli.recording import record_screen

    return record_screen(current(context), file.absolute())


def screenshot(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Made when it is missing.")],
) -> None:
    """Draw the cockpit as it would look now, at both designed sizes, as SVG files."""
    from cockpit.cli.still import draw_screens

    call = current(context)
    files = draw_screens(call, folder.absolute())
    call.out.show({"files": files}, lambda: "\n".join(map(str, files)))
