"""The two threads of the worker that listen to a Mission Control: one reads the stream, one takes in what it says."""

import logging
import random
import threading
import time
from collections.abc import Callable

from adapters.mission.client import MissionClient
from adapters.mission.mirror import MissionMirror
from adapters.mission.mirror_stream import MissionStream
from factory.errors import SourceError

FIRST_S, LONGEST_S = 1.0, 30.0
"""Pause before the stream is connected again: doubles from the first to the longest."""
AFTER_ERROR_S = 5.0

_log = logging.getLogger(__name__)


class MissionThreads:
    """Listens until it is stopped; see `adapters.engine.work.Aside`.

    Args:
        client: For all calls, and the stream; whoever opened it closes it.
        new_mirror: Makes what takes in what is heard.
    """

    def __init__(self, client: MissionClient, new_mirror: Callable[[MissionClient], MissionMirror]) -> None:
        self._mirror = new_mirror(client)
        self._stream = MissionStream(client.http, self._mirror.hear)
        self._stopped = threading.Event()
        self._threads: dict[str, threading.Thread] = {}

    def start(self) -> None:
        """Begin, or put a new thread in the place of one that a defect ended."""
        for name, work in (("mission stream", self._read), ("mission mirror", self._take_in)):
            known = self._threads.get(name)
            if known is None or not known.is_alive():
                self._threads[name] = threading.Thread(target=work, name=name, daemon=True)
                self._threads[name].start()

    def ring(self) -> None:
        """The ledger was written to: what follows from that is looked at."""
        self._mirror.stir()

    def stop(self, patience_s: float) -> None:
        """End; what is being taken in is finished, if that takes no longer."""
        self._stopped.set()
        self._stream.hang_up()
        self._mirror.wake()
        end = time.monotonic() + patience_s
        for thread in self._threads.values():
            thread.join(max(0.0, end - time.monotonic()))

    def _read(self) -> None:
        pause_s = FIRST_S
        while not self._stopped.is_set():
            pause_s = FIRST_S if self._stream.follow() else min(2 * pause_s, LONGEST_S)
            self._stopped.wait(pause_s * random.uniform(0.5, 1.0))

    def _take_in(self) -> None:
        problem = ""
        while not self._stopped.is_set():
            try:
                pause_s = self._mirror.step()
                problem = ""
            except SourceError as error:
                if error.message != problem:
                    _log.warning("What Mission Control says waits: %s", error.message)
                problem, pause_s = error.message, AFTER_ERROR_S
                self._stopped.wait(pause_s)
            self._mirror.wait(pause_s)
