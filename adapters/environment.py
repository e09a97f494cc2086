"""The environment of agents and checks: an allow-list, never the operator's own."""

import getpass
import os
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

_KEPT = ("LANG", "TZ", "TERM", "USER")
_KEPT_PREFIX = "LC_"
_DEFAULT_PATH = "/usr/local/bin:/usr/bin:/bin"


def allowed(folder: Path, operator_path: str = "", source: Mapping[str, str] | None = None) -> dict[str, str]:
    """`PATH LANG LC_* TZ TERM USER`, and a private HOME and TMPDIR in this folder, which are made.

    Args:
        operator_path: PATH of the operator when the run was started; empty = the one in `source`.
        source: Where the values come from; our own environment unless given.
    """
    source = os.environ if source is None else source
    found = {name: value for name, value in source.items() if name in _KEPT or name.startswith(_KEPT_PREFIX)}
    found.setdefault("USER", _user())
    found.setdefault("TERM", "dumb")
    found["PATH"] = with_own_programs(operator_path or source.get("PATH", "") or _DEFAULT_PATH)
    for name, place in (("HOME", folder / "home"), ("TMPDIR", folder / "tmp")):
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        found[name] = str(place)
    return found


def passed(names: Iterable[str], source: Mapping[str, str] | None = None) -> dict[str, str]:
    """What `[agents.NAME] env` lets through, as far as it is set."""
    source = os.environ if source is None else source
    return {name: source[name] for name in names if name in source}


def secret_names(values: Mapping[str, str]) -> tuple[str, ...]:
    """Those of the passed variables whose values may appear nowhere: all but paths and empty ones."""
    return tuple(name for name, value in values.items() if value and not value.startswith("/"))


def secret_values(names: Iterable[str], source: Mapping[str, str] | None = None) -> tuple[bytes, ...]:
    """The values behind these names that no log, no evidence and no page may hold."""
    values = passed(names, source)
    return tuple(os.fsencode(values[name]) for name in secret_names(values))


def with_own_programs(path: str) -> str:
    """The PATH with the cockpit's own programs (python, pytest, cockpit) last, so that they hide nothing."""
    own = str(Path(sys.executable).parent)
    folders = [folder for folder in path.split(os.pathsep) if folder]
    return os.pathsep.join(folders if own in folders else [*folders, own])


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a user id without a name, as in many containers
        return str(os.getuid())
