"""`cockpit demo`: the whole way from a goal to done with scripted agents; everything but the agents is real."""

import os
import sys
import tempfile
from pathlib import Path

from cockpit.cli.call import Call, operator
from cockpit.cli.demo_check import check_demo, report_text
from cockpit.cli.demo_scene import demo_launch, make_repository
from cockpit.config import load
from cockpit.wiring import opened_ports
from factory.errors import Usage

NOTICE = "Demo: n opens the launch form, ctrl+j launches. Then v, and a when it needs you. The agents are scripted."
EXIT_FAILED = 3
CHECK_SPEED = 10.0
"""Nobody watches a check, so its scripted agents do not pretend to think."""
CHECK_RETRY_S = "1"
"""Nor does anybody have to see the outage that it makes."""


def run_demo(call: Call, *, check: bool, speed: float) -> int:
    """Open the cockpit with the demo's goal ready to launch, or run it through and check every step.

    Raises:
        Usage: no terminal to open the cockpit on.
    """
    os.environ["COCKPIT_SPEED"] = str(speed * CHECK_SPEED if check else speed)  # a worker started from here inherits it
    if check:
        return _check(call)
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise Usage("The demo needs a terminal.", "Without one: cockpit demo --check")
    from cockpit.cli.screen import open_screen

    repository = make_repository(Path(tempfile.mkdtemp(prefix="cockpit-demo-")) / "split")
    return open_screen(call, demo_launch(repository), NOTICE)


def _check(call: Call) -> int:
    """In a home of its own, unless the caller names one: the operator's pages and runs are not for rehearsals."""
    named = call.options.home or os.environ.get("COCKPIT_HOME")
    home = call.home if named else Path(tempfile.mkdtemp(prefix="cockpit-demo-"))
    os.environ.setdefault("COCKPIT_OUTBOX_FIRST_RETRY_S", CHECK_RETRY_S)
    settings = load(home)
    with opened_ports(settings, operator()) as ports:
        report = check_demo(ports, settings)
    call.out.show(report, lambda: report_text(report))
    return 0 if report.ok else EXIT_FAILED
