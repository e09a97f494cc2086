"""Which recording is meant by `RUN|FILE`, opened for as long as a block runs."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from adapters.flight.opening import Flight, open_flight, open_run
from adapters.ledger.first_look import is_usable
from cockpit.cli.call import Call
from cockpit.first_ports import LEDGER, looking_ledger, places_of
from cockpit.now import utc_now
from factory.model.run import Run

SUFFIX = ".flight"


@dataclass(frozen=True)
class Recording:
    """An opened recording, and where it came from."""

    flight: Flight
    file: Path | None = None
    """The file that it was exported to; None for a run of this home."""
    clone: str = ""
    """Where the clone of its repository would be on this machine; empty for a file."""


@contextmanager
def recording_of(call: Call, source: str) -> Iterator[Recording]:
    """The recording of a run of this home, or in a file; a file needs no home.

    Raises:
        Missing: there is no such run or file. Refused: `not_recorded`. Malformed: the file is no flight.
        Unreachable: the ledger or the disk.
    """
    recording = _of_file(Path(source)) if is_file(source) else _of_run(call, source)
    try:
        yield recording
    finally:
        recording.flight.close()


def is_file(source: str) -> bool:
    """Whether a file is meant, and no run."""
    return source != "last" and ("/" in source or source.endswith(SUFFIX) or Path(source).is_file())


def _of_file(path: Path) -> Recording:
    return Recording(open_flight(path), path)


def _of_run(call: Call, source: str) -> Recording:
    """Without the libraries that only who writes needs: the first picture does not wait for them."""
    home = call.home
    if not is_usable(home / LEDGER):
        _ports = call.ports  # makes what is missing, or says what is wrong
    with closing(looking_ledger(home, utc_now, lambda: call.ports.ledger)) as ledger:
        run = ledger.resolve(source)
        repo = ledger.get(Run, run).repo
    evidence, clone = places_of(home, run, Path(repo))
    return Recording(open_run(home / LEDGER, run, Path(evidence)), clone=clone)
