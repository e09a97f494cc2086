"""The options that every command takes, before and after its name: `--home DIR`, `--json`, `--no-color`, `--ascii`."""

from collections.abc import Iterable
from dataclasses import dataclass

from factory.errors import Usage

HELP = "--home DIR, --json, --no-color and --ascii are accepted by every command, before and after its name."


@dataclass(frozen=True)
class GlobalOptions:
    """What was said about the call as a whole."""

    home: str | None = None
    """None = not said."""
    as_json: bool = False
    no_color: bool = False
    ascii_only: bool = False
    """Marks and frames of the screen in ASCII."""


def wants_json(argv: Iterable[str]) -> bool:
    """Whether `--json` is there; also known when the rest of the line cannot be understood."""
    return "--json" in _before_dashes(argv)


def take_global_options(argv: Iterable[str]) -> tuple[GlobalOptions, list[str]]:
    """The global options, and the line without them. What comes after `--` is left alone.

    Raises:
        Usage: `--home` without a folder, or an argument that is not UTF-8.
    """
    words = list(argv)
    _refuse_bytes(words)
    open_words = _before_dashes(words)
    rest: list[str] = []
    home: str | None = None
    waiting = iter(open_words)
    for word in waiting:
        if word == "--home":
            home = next(waiting, None)
            if home is None:
                raise Usage("--home needs a folder.", "Write --home DIR.")
        elif word.startswith("--home="):
            home = word.removeprefix("--home=")
        elif word not in ("--json", "--no-color", "--ascii"):
            rest.append(word)
    options = GlobalOptions(home, *(name in open_words for name in ("--json", "--no-color", "--ascii")))
    return options, rest + words[len(open_words) :]


def _before_dashes(argv: Iterable[str]) -> list[str]:
    words = list(argv)
    return words[: words.index("--")] if "--" in words else words


def _refuse_bytes(words: list[str]) -> None:
    for place, word in enumerate(words, 1):
        try:
            word.encode()
        except UnicodeEncodeError as error:
            raise Usage(f"Argument {place} holds bytes that are not valid UTF-8.", "Give it as UTF-8 text.") from error
