"""What an agent wrote as its result, kept without secrets: the agent writes that file itself, past every capture."""

import json
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from adapters.agents.cleaning import clean_whole
from adapters.agents.small_files import LARGEST_RESULT, read_small, write_object, write_private
from factory.rules.redaction import redact


def clean(path: Path, secrets: Sequence[bytes]) -> None:
    """Write the file again without its secrets, if it has any. What reads it afterwards finds the same as before.

    One that is too large to be read at all is kept without secrets as well, up to a limit.

    Args:
        secrets: Values that are secret whatever they look like.
    """
    data, problem = read_small(path, LARGEST_RESULT)
    if data is None and problem:
        clean_whole(path, secrets)
    if data is None or not redact(data, secrets)[1]:
        return
    with suppress(OSError):  # a full disk takes nothing new: then what is there stays
        try:
            write_object(path, _cleaned(json.loads(data), secrets))
        except (ValueError, RecursionError):  # no JSON
            write_private(path, redact(data, secrets)[0])


def _cleaned(value: Any, secrets: Sequence[bytes]) -> Any:
    """Text by text, so that what was JSON stays JSON."""
    if isinstance(value, dict):
        return {_cleaned(key, secrets): _cleaned(each, secrets) for key, each in value.items()}
    if isinstance(value, list):
        return [_cleaned(each, secrets) for each in value]
    if isinstance(value, str):
        return redact(value.encode("utf-8", "replace"), secrets)[0].decode("utf-8", "replace")
    return value
