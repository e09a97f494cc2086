"""Ports that are opened by whoever needs them first, in a thread: the screen does not wait for their libraries.

Who only looks never loads most of them.
"""

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from adapters.ledger.first_look import is_held, is_usable
from cockpit.cli.call import Call
from cockpit.first_picture import LEDGER
from cockpit.now import utc_now

if TYPE_CHECKING:
    from adapters.engine.client import LocalWorkers
    from adapters.ledger.looking import LookingLedger
    from cockpit.bound_operations import BoundOperations
    from factory.ports.bundle import Ports

LONGEST_S = 3.0
"""The first picture is there by then, or something is wrong with it."""


class Now:
    """The time of this machine."""

    def now(self) -> str:
        """UTC now, as `Clock` tells it."""
        return utc_now()


class Opening:
    """Opens the ports of a call once, when the screen has been drawn."""

    def __init__(self, call: Call) -> None:
        self._call = call
        self._turn = threading.Lock()
        self._drawn = threading.Event()
        self._ports: Ports | None = None
        self._ledger: LookingLedger | None = None
        self._bound: BoundOperations | None = None

    @property
    def late(self) -> Any:
        """`Ports` whose methods open them first. To be called in threads, as everything that may take its time."""
        return LatePorts(self)

    @property
    def operations(self) -> Any:
        """The operations over these ports."""
        return Late(self._operations)

    def drawn(self) -> None:
        """The first picture is there: go on."""
        self._drawn.set()

    def open_now(self) -> None:
        """Make what is missing, or find out what is wrong, without waiting for the picture. Raises `SourceError`."""
        if not is_usable(self._call.home / LEDGER):
            self._ports = self._call.ports

    def ledger(self) -> "LookingLedger":
        """The ledger, to be looked at; it opens all ports when it is to be written. Raises `SourceError`."""
        if self._ledger is None:
            self._drawn.wait(LONGEST_S)  # one interpreter runs one thread at a time, and the picture goes first
            with self._turn:
                return self._looking()
        return self._ledger

    def workers(self) -> "LocalWorkers":
        """What starts and watches the worker."""
        from cockpit.first_ports import local_workers

        self._drawn.wait(LONGEST_S)
        return local_workers(self._call.home)

    def ports(self) -> "Ports":
        """The ports; whoever comes while they are opened waits. Raises `SourceError`; the next one tries again."""
        if self._ports is None:
            self._drawn.wait(LONGEST_S)
            with self._turn:
                return self._open()
        return self._ports

    def _operations(self) -> Any:
        from cockpit.bound_operations import BoundOperations

        ports = self.ports()
        if self._bound is None:
            self._bound = BoundOperations(ports)  # one for good: it keeps what it has measured
        return self._bound

    def _looking(self) -> "LookingLedger":
        from cockpit.first_ports import looking_ledger

        if self._ledger is None:
            self._refuse_to_wait()
            self._call.keep_log()
            self._ledger = looking_ledger(self._call.home, Now().now, lambda: self.ports().ledger)
        return self._ledger

    def _refuse_to_wait(self) -> None:
        if held := is_held(self._call.home / LEDGER):
            raise held  # opening it would wait for half a minute, and nobody could leave meanwhile

    def _open(self) -> "Ports":
        if self._ports is None:
            self._refuse_to_wait()
            self._ports = self._call.ports
        return self._ports


class LatePorts:
    """Looks like `Ports`; each port is a `Late` one.

    Args:
        opening: Opens all of them.
    """

    def __init__(self, opening: Opening) -> None:
        self.clock = Now()
        self.ledger = Late(opening.ledger)
        self.workers = Late(opening.workers)
        self._opening = opening

    def __getattr__(self, name: str) -> Any:
        return Late(lambda: getattr(self._opening.ports(), name))


class Late:
    """An object that is found once one of its methods is called.

    Args:
        find: Finds it; may take long.
    """

    def __init__(self, find: Callable[[], Any]) -> None:
        self._find = find

    def __getattr__(self, name: str) -> Callable[..., Any]:
        def method(*args: Any, **kwargs: Any) -> Any:
            return getattr(self._find(), name)(*args, **kwargs)

        return method
