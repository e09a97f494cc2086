"""The ports of who only looks, without any large library; `wiring.py` fills all of them, for whoever acts."""

import os
import sys
from collections.abc import Callable
from pathlib import Path

from adapters.engine.client import LocalWorkers
from adapters.ledger.looking import LookingLedger
from adapters.workspace.clones import Clones
from cockpit.version import program_version
from factory.ports.ledger import Ledger

LEDGER = "ledger.db"
EVIDENCE = "evidence"


def looking_ledger(home: Path, now: Callable[[], str], whole: Callable[[], Ledger]) -> LookingLedger:
    """The ledger of a home that is there; `whole` opens the one that can write, when it is needed."""
    return LookingLedger(home / LEDGER, now, whole)


def local_workers(home: Path) -> LocalWorkers:
    """What starts and watches the worker of a home."""
    return LocalWorkers(home, _worker_command(home), program_version())


def places_of(home: Path, run: str, repo: Path) -> tuple[str, str]:
    """Where a run's evidence is, and where the clone of its repository is; either may not be there yet."""
    home = Path(os.path.realpath(home))
    return str(home / EVIDENCE / run), str(Clones(home / "git").path_of(repo))


def _worker_command(home: Path) -> tuple[str, ...]:
    # -P: the worker starts inside the home, and a folder there must not pass for one of our packages.
    return (sys.executable, "-P", "-m", "cockpit", "--home", str(home), "worker")
