"""`cockpit demo`: the whole way from a goal to done with scripted agents; everything but the agents is real."""

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from cockpit.cli.call import Call, operator
from cockpit.cli.demo_check import captions_text, check_demo, make_play, report_text
from cockpit.cli.demo_memory import MemoryStub
from cockpit.cli.demo_scene import demo_launch, make_repository
from cockpit.config import load
from cockpit.wiring import opened_ports
from factory.errors import Usage

if TYPE_CHECKING:
    from cockpit.cli.demo_check import Report
    from cockpit.film.frames import Frame

NOTICE = "Demo: n opens the launch form, ctrl+j launches. Then v, and a when it needs you. The agents are scripted."
EXIT_FAILED = 3
CHECK_SPEED = 10.0
"""Nobody watches a check, so its scripted agents do not pretend to think."""
CHECK_RETRY_S = "1"
"""Nor does anybody have to see the outage that it makes."""


def run_demo(call: Call, *, speed: float) -> int:
    """Open the cockpit with the demo's goal ready to launch.

    Raises:
        Usage: no terminal to open the cockpit on.
    """
    os.environ["COCKPIT_SPEED"] = str(speed)  # a worker started from here inherits it
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise Usage("The demo needs a terminal.", "Without one: cockpit demo --check")
    from cockpit.cli.screen import open_screen

    repository = make_repository(Path(tempfile.mkdtemp(prefix="cockpit-demo-")) / "split")
    return open_screen(call, demo_launch(repository), NOTICE)


def check(call: Call, *, speed: float, film: bool) -> int:
    """Run the demo through and check every step; with `film`, name the file behind each caption too."""
    report, _ = played(call, speed=speed)
    call.out.show(report, lambda: report_text(report) + (f"\n{captions_text(report)}" if film else ""))
    return 0 if report.ok else EXIT_FAILED


def show_film(call: Call, file: Path | None, *, speed: float) -> int:
    """Play the demo for real, and show the film of it, or write it to a file.

    Raises:
        Usage, Refused: there is no place for it. Refused: `not_proven`.
    """
    from cockpit.cli.demo_film import need_place, play_film, write_film

    need_place(file)
    call.out.say("The demo is played for real now, and then drawn; that takes about a minute.")
    report, frames = played(call, film=True)
    if file is None:
        play_film(frames, speed)
    else:
        write_film(frames, file)
    made = {"file": file, "run": report.run, "pictures": len(frames), "seconds": frames[-1].at_s}
    call.out.show(made, f"{file or 'The film'}: {len(frames)} pictures, {frames[-1].at_s:g} s.")
    return 0


def played(call: Call, *, speed: float = 1.0, film: bool = False) -> "tuple[Report, tuple[Frame, ...]]":
    """The demo from its goal to the delivered lesson, and its film when that is wanted.

    In a home of its own, unless the caller names one: the operator's pages and runs are not for rehearsals.
    """
    named = call.options.home or os.environ.get("COCKPIT_HOME")
    home = call.home if named else Path(tempfile.mkdtemp(prefix="cockpit-demo-"))
    os.environ["COCKPIT_SPEED"] = str(speed * CHECK_SPEED)
    os.environ.setdefault("COCKPIT_OUTBOX_FIRST_RETRY_S", CHECK_RETRY_S)
    with memory_stub(home) as memory:
        settings = load(home)
        with opened_ports(settings, operator()) as ports:
            play = make_play(ports, settings, memory)
            report = check_demo(play)
            if not film:
                return report, ()
            from cockpit.cli.demo_film import film_of

            return report, film_of(play, report)


@contextmanager
def memory_stub(home: Path) -> Iterator[MemoryStub]:
    """The memory of the demo, which a worker started from here asks: on a socket of this machine, without a model."""
    stub = MemoryStub(home / "memory-stub")
    stub.up()
    os.environ["COCKPIT_MEMORY_URL"] = stub.url
    try:
        yield stub
    finally:
        stub.down()
        del os.environ["COCKPIT_MEMORY_URL"]
