"""Secrets for other systems: named in `config.toml`, kept elsewhere.

A place is `env:NAME`, `file:PATH` (absolute, or inside the home) or `keyring:SERVICE/NAME`.
"""

import os
import stat
from collections.abc import Mapping
from pathlib import Path

from factory.errors import Malformed, Missing, Unreachable

KINDS = ("env", "file", "keyring")
MAX_BYTES = 64 * 1024


def read_secret(place: str, home: Path, environ: Mapping[str, str] = os.environ) -> str:
    """The secret kept at a place; never empty.

    Raises:
        Missing: `no_secret`, nothing is there. Unreachable: it cannot be read. Malformed: this is no place.
    """
    kind, _, name = place.partition(":")
    name = name.strip()
    if kind not in KINDS or not name:
        raise Malformed("A place of a secret is env:NAME, file:PATH or keyring:SERVICE/NAME.")
    if kind == "env":
        secret = environ.get(name, "")
    elif kind == "file":
        secret = _from_file(_path(name, home))
    else:
        secret = _from_keyring(name)
    if not secret.strip():
        raise Missing(
            f"There is no secret at {place}.",
            _HOW[kind].format(name=name.replace("/", " ", 1) if kind == "keyring" else name),
            "no_secret",
        )
    return secret.strip()


_HOW = {
    "env": "Set the environment variable {name} before the worker starts.",
    "file": "Write it into {name}, mode 600.",
    "keyring": "Store it in the keyring of this user under {name}.",
}


def _path(name: str, home: Path) -> Path:
    try:
        return home / Path(name).expanduser()
    except RuntimeError as error:
        raise Unreachable(
            f"The secret {name} cannot be found: there is no such user.", "Name its whole path."
        ) from error


def _from_file(path: Path) -> str:
    try:
        # Not blocking: opening a pipe for reading would wait for a writer.
        with os.fdopen(os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC), "rb") as file:
            mode = os.fstat(file.fileno()).st_mode
            if not stat.S_ISREG(mode):
                raise Unreachable(f"The secret {path} is no ordinary file.", "Name a file.")
            if mode & 0o077:
                raise Unreachable(f"The secret {path} can be read by others.", f"chmod 600 {path}")
            return file.read(MAX_BYTES).decode()
    except FileNotFoundError:
        return ""
    except UnicodeDecodeError as error:
        raise Unreachable(f"The secret {path} is not UTF-8 text.", "Save it as text.") from error
    except OSError as error:
        raise Unreachable(
            f"The secret {path} cannot be read: {error.strerror}.", "Make it readable for you."
        ) from error


def _from_keyring(name: str) -> str:
    import keyring  # a tenth of a second, for those who use it
    from keyring.errors import KeyringError

    service, _, user = name.partition("/")
    try:
        return keyring.get_password(service, user) or ""
    except KeyringError as error:
        raise Unreachable(
            f"The keyring cannot be read: {error}.", "Unlock it, or keep the secret in a file."
        ) from error
