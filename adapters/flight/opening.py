"""Opens a recording: of a run in a ledger, or out of a file that a stranger sent."""

import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from adapters.evidence.disk import disk_trouble
from adapters.flight.file_reel import FileReel
from adapters.flight.flight_ledger import FlightLedger
from adapters.flight.form import EVIDENCE
from adapters.flight.ledger_reel import LedgerReel
from adapters.flight.proof import Proof, Prover
from factory.errors import Malformed, Missing
from factory.model.run import Run


@dataclass(frozen=True)
class Flight:
    """An opened recording. Whoever opens it closes it."""

    ledger: FlightLedger
    evidence: Path
    """Folder of the run's evidence, as far as it is there; the counterpart of `EvidenceStore.root`."""
    reel: LedgerReel | FileReel
    folder: Path | None = None
    """Where it was unpacked, private and gone after `close`; None for a run of this machine."""

    def check(self) -> Proof:
        """Whether all of it is what was recorded. Reads all of it: for a long one, call it in a thread."""
        reel = self.reel
        places = range(len(reel.seqs))
        frames = map(reel.raw, places) if isinstance(reel, FileReel) else reel.frames(0, len(places))
        return Prover(reel.before).check(frames)

    def close(self) -> None:
        """Give back what it holds; the unpacked files are deleted."""
        self.ledger.close()
        if self.folder is not None:
            shutil.rmtree(self.folder, ignore_errors=True)


def open_run(ledger: Path, run: str, evidence: Path) -> Flight:
    """The recording of a run in the ledger's file, up to now.

    Raises:
        Missing: there is no such run. Refused: `not_recorded`. Unreachable, Malformed: the file cannot be read.
    """
    reel = LedgerReel(ledger, run)
    return Flight(_standing(reel), evidence, reel)


def open_flight(path: Path) -> Flight:
    """The recording in a file, unpacked into a private folder.

    Raises:
        Missing: there is no such file. Malformed: it is no flight, or one of another format. Unreachable: the disk.
    """
    from adapters.flight.unpacking import unpack  # with the patterns of secrets, which no run of this home needs

    folder = Path(tempfile.mkdtemp(prefix="cockpit-flight-"))
    try:
        with disk_trouble(folder):
            header = unpack(path, folder)
            reel = FileReel(folder, header)
            ledger = _standing(reel)
            if (ledger.first, ledger.last) != (header.first, header.last):
                reel.close()
                held = f"it was {header.first} to {header.last}, and holds {ledger.first} to {ledger.last}"
                raise Malformed(f"{path} is cut: {held}.", "Get it again from whoever exported it.")
            return Flight(ledger, folder / EVIDENCE / header.run, reel, folder)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def _standing(reel: LedgerReel | FileReel) -> FlightLedger:
    """At the first moment; a reel that has none, or another run, is closed."""
    try:
        ledger = FlightLedger(reel)
        ledger.get(Run, reel.run)
        return ledger
    except Missing as error:
        reel.close()
        raise Malformed(error.message) from error
    except BaseException:
        reel.close()
        raise
