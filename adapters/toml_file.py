"""A TOML file that an operator wrote."""

import tomllib
from pathlib import Path
from typing import Any

from factory.errors import Malformed

MOST_BYTES = 1 << 20
"""Of a file that a person wrote."""


def read_toml(path: Path, what: str, hint: str) -> dict[str, Any]:
    """What the file says.

    Args:
        what: What it is, as sentences name it: `routing table`.

    Raises:
        Malformed: it cannot be read; the sentence names the file and the line.
    """
    try:
        if path.exists() and not (path.is_file() or path.is_dir()):  # reading it might never end
            raise Malformed(f"The {what} {path} is not a file.", hint)
        if path.stat().st_size > MOST_BYTES:
            raise Malformed(f"The {what} {path} is larger than {MOST_BYTES >> 20} MB, so it is none.", hint)
        return tomllib.loads(path.read_text("utf-8-sig"))  # some editors begin a file with a mark
    except OSError as error:
        raise Malformed(f"The {what} {path} cannot be read: {error.strerror}.", hint) from error
    except UnicodeDecodeError as error:
        raise Malformed(f"The {what} {path} is not UTF-8 (byte {error.start}).", hint) from error
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise Malformed(f"The {what} {path} is not valid TOML: {error}.", hint) from error
