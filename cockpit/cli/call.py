"""One call of the command line: what every command has in its hands."""

import os
import pwd
from contextlib import ExitStack
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from cockpit.cli.global_options import GlobalOptions
from cockpit.cli.output import Output

if TYPE_CHECKING:
    import typer

    from cockpit.settings import Settings
    from factory.ports.bundle import Ports


class Call:
    """The options and the output, and the settings and ports as soon as a command asks for them.

    Args:
        ending: What was opened for the call is given back when this ends.
    """

    # Imports are inside: what needs no ledger, such as --help, should not wait for the libraries of one.

    def __init__(self, options: GlobalOptions, out: Output, ending: ExitStack) -> None:
        self.options = options
        self.out = out
        self._ending = ending
        self._keeps_log = False

    def use_home(self, home: Path) -> None:
        """Take this home instead of the one that was said. To be called before anything of the call is read."""
        self.options = replace(self.options, home=str(home))

    @cached_property
    def home(self) -> Path:
        """The home of this call. Raises `Usage`."""
        from cockpit.config import find_home

        return find_home(self.options.home)

    @cached_property
    def settings(self) -> "Settings":
        """What is configured. Raises `Malformed`, `Unreachable`."""
        from cockpit.config import load

        return load(self.home)

    @cached_property
    def ports(self) -> "Ports":
        """Every port, opened for the operator, and the log. Closed with the call. Raises `SourceError`."""
        from cockpit.wiring import opened_ports

        ports = self._ending.enter_context(opened_ports(self.settings, operator()))
        self.keep_log()
        return ports

    def keep_log(self) -> None:
        """Write what is logged to a file in the home, from now to the end of the call."""
        from cockpit.log import logging_to

        if not self._keeps_log:
            self._keeps_log = True
            self._ending.enter_context(logging_to(self.home / "log"))


def current(context: "typer.Context") -> Call:
    """The call that a command belongs to."""
    call = context.find_object(Call)
    assert call is not None, "parse_and_run gives every context its call"
    return call


def operator() -> str:
    """`operator:<login name>` of who calls: by user id, because anybody can set USER."""
    uid = os.getuid()
    try:
        return f"operator:{pwd.getpwuid(uid).pw_name}"
    except KeyError:
        return f"operator:uid-{uid}"
