"""Installs the LightRAG server in the version that we know into an environment of its own, outside of the checkout."""

import fcntl
import hashlib
import os
import subprocess
import sys
from pathlib import Path

PACKAGE = "lightrag-hku"
CONSTRAINTS = Path(__file__).with_name("constraints.txt")
LONGEST_S = 1_500


class NotHereError(Exception):
    """The server cannot be had on this machine; the text is the reason."""


def python() -> Path:
    """The Python that has the server, which is installed now if it is not there.

    `COCKPIT_LIGHTRAG_CACHE` names another place for it.

    Raises:
        NotHereError: it cannot be installed.
    """
    named = os.environ.get("COCKPIT_LIGHTRAG_CACHE", "")
    cache = Path(named) if named else Path.home() / ".cache" / "cockpit-lightrag"
    folder = cache / hashlib.sha256(CONSTRAINTS.read_bytes()).hexdigest()[:12]
    found = folder / "bin" / "python"
    cache.mkdir(parents=True, exist_ok=True)
    with (cache / "lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        if not (folder / "complete").exists():
            print(f"Installing {version()} into {folder} (770 MB, some minutes, once)", file=sys.stderr)
            _call(sys.executable, "-m", "venv", "--clear", str(folder))
            # The list is complete: nothing has to be resolved.
            pip = (str(found), "-m", "pip", "-qq", "--disable-pip-version-check", "--no-input", "install")
            _call(*pip, "--no-deps", "--requirement", str(CONSTRAINTS))
            (folder / "complete").touch()
    return found


def version() -> str:
    """`lightrag-hku==…`, as it is pinned."""
    return next(line for line in CONSTRAINTS.read_text().splitlines() if line.startswith(f"{PACKAGE}=="))


def _call(*words: str) -> None:
    try:
        subprocess.run(words, check=True, capture_output=True, text=True, timeout=LONGEST_S)
    except subprocess.TimeoutExpired as error:
        raise NotHereError(f"it was not installed within {LONGEST_S} s") from error
    except subprocess.CalledProcessError as error:
        last = [line for line in (error.stderr or error.stdout).splitlines() if line.strip()][-1:]
        raise NotHereError(f"{version()} could not be installed: {' '.join(last)}") from error
