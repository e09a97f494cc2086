"""What a command prints: one JSON object for programs, or text for people; errors to both places they belong."""

import json
import sys
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

from factory.errors import SourceError
from factory.rules.visible import visible


class Output:
    """The two streams of one call.

    Args:
        as_json: One JSON object on stdout and nothing else there; sentences for people go to stderr.
    """

    def __init__(self, *, as_json: bool) -> None:
        self.as_json = as_json
        self._printed = False

    def show(self, value: object, text: str | Callable[[], str]) -> None:
        """Print a result: `value` as the JSON object, or `text` (called only when it is needed).

        May be called again by commands that stream: then it is one object a line.
        """
        self._printed = True
        if self.as_json:
            self._print(json.dumps(plain(value), allow_nan=False))
        else:
            self._print(visible(text() if callable(text) else text))

    def fail(self, error: SourceError) -> None:
        """Print an error: its object to stdout unless a result is there already, its sentence to stderr."""
        if self.as_json and not self._printed:
            self.show({"error": {"code": error.code, "message": error.message, "hint": error.hint}}, "")
        self.say(f"cockpit: {error.message}")
        if error.hint:
            self.say(f"  {error.hint}")

    def say(self, sentence: str) -> None:
        """Tell people something that is not the result (stderr)."""
        print(visible(sentence), file=sys.stderr, flush=True)

    def ask(self, question: str) -> None:
        """Put a question to people, and leave the cursor behind it."""
        print(visible(question), end="", file=sys.stderr, flush=True)

    def _print(self, text: str) -> None:
        # Flushed at once: a program that follows reads line by line, and a closed pipe shows here and not at exit.
        print(text, flush=True)


def plain(value: object) -> Any:
    """The value in the types of JSON: dataclasses and named tuples by field name, tuples as lists, paths as text."""
    if is_dataclass(value) and not isinstance(value, type):
        return {each.name: plain(getattr(value, each.name)) for each in fields(value)}
    if isinstance(value, tuple) and hasattr(value, "_asdict"):
        value = value._asdict()
    if isinstance(value, Mapping):
        return {str(key): plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    return str(value) if isinstance(value, Path) else value
