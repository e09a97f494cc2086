"""Which recording is meant by `RUN|FILE`, opened for as long as a block runs."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from adapters.flight.opening import Flight, open_flight, open_run
from cockpit.cli.call import Call
from cockpit.first_ports import LEDGER

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
    ports = call.ports
    run = ports.ledger.resolve(source)
    flight = open_run(call.home / LEDGER, run, ports.evidence.root(run))
    try:
        repo = flight.ledger.view(run).run.repo
        return Recording(flight, clone=str(ports.workspace.clone_path(Path(repo))))
    except BaseException:
        flight.close()
        raise
