"""A spec: a launch that somebody wrote into a file before, with the words of `cockpit start`."""

import shlex
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, get_args

from factory.errors import Usage
from factory.model.run import Priority
from factory.rules.acceptance import parse_criteria
from factory.rules.written import Written

TEXTS = ("goal", "domain", "coder", "verifier", "planner", "prepare", "workflow", "page", "premium")
FOLDERS = ("repo", "accept_dir")
OTHERS = ("priority", "accept", "budget_usd", "allow_green_baseline")


def spec_from(source: str, table: Mapping[str, Any], folder: Path) -> dict[str, Any]:
    """The fields of `Launch` that a table says; what it does not say is not there.

    Args:
        source: The file, as sentences name it.
        folder: Absolute; what `repo` and `accept_dir` are relative to.

    Raises:
        Malformed: a key is unknown, or a value cannot be; the sentence names it.
    """
    said = Written(source, table)
    said.only(*TEXTS, *FOLDERS, *OTHERS)
    found: dict[str, Any] = {key: said.text(key).strip() for key in TEXTS if key in table}
    found |= {key: folder / _expanded(said.text(key)) for key in FOLDERS if key in table}
    if "priority" in table:
        found["priority"] = _priority(said)
    if "accept" in table:
        found["accept"] = _accept(said)
    if "budget_usd" in table:
        found["budget_micros"] = said.usd("budget_usd", 0)
    if "allow_green_baseline" in table:
        found["allow_green_baseline"] = said.switch("allow_green_baseline")
    _check_words(said)
    return found


def _priority(said: Written) -> str:
    priority = said.text("priority")
    if priority not in get_args(Priority):
        said.refuse("priority", f"must be one of {', '.join(get_args(Priority))}")
    return priority


def _accept(said: Written) -> tuple[str, ...]:
    accept = said.texts("accept")
    try:
        parse_criteria(accept)
    except Usage as error:
        said.refuse("accept", f"cannot be used: {error.message.rstrip('.')}")
    return accept


def _check_words(said: Written) -> None:
    try:
        shlex.split(said.text("prepare"))
    except ValueError as error:
        said.refuse("prepare", f"cannot be split into words ({str(error).lower().rstrip('.')})")


def _expanded(text: str) -> Path:
    """The folder that is meant; one of nobody's home stays as it was written."""
    with suppress(RuntimeError):
        return Path(text).expanduser()
    return Path(text)
