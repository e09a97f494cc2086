"""Reads and writes small JSON objects in folders that an agent can write to as well."""

import json
import os
import stat
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

LARGEST_RESULT = 1 << 20


def read_small(path: Path, largest: int) -> tuple[bytes | None, str]:
    """The content of a regular file, and what is wrong with it (the end of a sentence); None and "" if there is none.

    Follows no link and waits for nobody, whatever was put there.
    """
    try:
        file = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError:
        return None, ""
    except OSError as error:
        return None, f"cannot be opened: {error.strerror}"
    try:
        if not stat.S_ISREG(os.fstat(file).st_mode):
            return None, "is not a regular file"
        with os.fdopen(file, "rb", closefd=False) as stream:
            data = stream.read(largest + 1)
    finally:
        os.close(file)
    return (data, "") if len(data) <= largest else (None, f"is larger than {largest} bytes")


def read_object(path: Path, largest: int = LARGEST_RESULT) -> tuple[dict[str, Any] | None, str]:
    """The JSON object in a file, numbers with a point as `Decimal`, or what is wrong with it."""
    data, problem = read_small(path, largest)
    if data is None:
        return None, problem
    try:
        found = json.loads(data, parse_float=Decimal, parse_constant=_refuse)
    except RecursionError:
        return None, "is nested too deeply"
    except ValueError as error:
        return None, f"is not valid JSON: {error}"
    return (found, "") if isinstance(found, dict) else (None, "does not hold a JSON object")


def write_object(path: Path, value: Mapping[str, Any]) -> None:
    """Write a JSON object, private, whole or not at all.

    Raises:
        OSError: the disk is full, read-only, …
    """
    write_private(path, json.dumps(value, indent=1).encode())


def write_private(path: Path, data: bytes) -> None:
    """Write a file that only we may read, whole or not at all.

    Raises:
        OSError: the disk is full, read-only, …
    """
    new = path.with_name(f".{path.name}.{os.urandom(4).hex()}")
    file = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    with os.fdopen(file, "wb") as stream:
        stream.write(data)
    new.replace(path)


def _refuse(constant: str) -> float:
    raise ValueError(f"{constant} is not a number of JSON")
