"""Values of the command line as people type them, and the sentences for those that cannot be."""

import shlex
import sys
from typing import Annotated, get_args

import typer

from factory.errors import Usage
from factory.model.run import RunState
from factory.rules.goal import LONGEST_GOAL
from factory.rules.money import parse_usd

RunArgument = Annotated[
    str, typer.Argument(metavar="RUN", help="An id, a unique prefix, the name on screen, or 'last'.")
]
"""The run that a command is about; operations find it."""


def goal_text(goal: str) -> str:
    """The goal as given, or all of stdin for `-`; the operations check what it says.

    Raises:
        Usage: stdin holds too much, or no UTF-8.
    """
    if goal != "-":
        return goal
    content = sys.stdin.buffer.read(LONGEST_GOAL + 2).removesuffix(b"\n")  # the line end is the shell's
    if len(content) > LONGEST_GOAL:
        raise Usage(f"The goal is longer than {LONGEST_GOAL:,} bytes.", "Put the detail in a page.")
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        raise Usage(
            f"The goal holds bytes that are not valid UTF-8 (byte {error.start}).", "Give it as UTF-8 text."
        ) from error


def dollars(option: str, amount: str | None) -> int | None:
    """An amount in US dollars as micro-USD; None stays None. Raises `Usage`, naming the option."""
    if amount is None:
        return None
    try:
        return parse_usd(amount)
    except Usage as error:
        raise Usage(f"{option}: {error.message}", error.hint) from error


def at_least(option: str, number: float, lowest: float) -> None:
    """Refuse what is below `lowest` or no number. Raises `Usage`, naming the option."""
    if not number >= lowest:  # also true for NaN
        raise Usage(f"{option} must be {lowest:g} or more, and it is {number:g}.", f"{option} {lowest:g}")


def run_state(option: str, state: str) -> str:
    """The state of a run, as typed. Raises `Usage`, naming the option and every state."""
    known = list(get_args(RunState))
    if state not in known:
        raise Usage(f"{option}: {state!r} is no state of a run.", f"One of: {', '.join(known)}")
    return state


def words_of(option: str, command: str) -> str:
    """A command line that can be split into words, as typed. Raises `Usage`, naming the option."""
    try:
        shlex.split(command)
    except ValueError as error:
        why = str(error).lower().rstrip(".")
        raise Usage(f"{option} cannot be split into words ({why}).", "Check its quotes.") from error
    return command
