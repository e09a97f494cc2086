"""The kinds of agents that exist: how each is named, found and started. A new kind is a class and a line in `KINDS`."""

import os
import re
import shlex
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from adapters.agents import driver, scripted
from adapters.agents.programs import PROGRAMS
from adapters.agents.scenario import ScenarioError, load
from factory.errors import Malformed, Missing
from factory.ports.agents import AgentInfo

_INTERPRETER = re.compile(r"(python|pypy|node|ruby|perl|lua)[\d.]*|(ba|da|z|k)?sh")


class Kind(Protocol):
    """One kind of agent; the argument is what stands behind `kind:`."""

    @property
    def dialect(self) -> str:
        """How it is talked to, by a driver; empty = it is not, the shim holds it directly."""
        ...

    def check(self, argument: str, base: Path, path: str) -> str:
        """The argument with its files made absolute against `base`; programs are looked up in `path`.

        Raises:
            Missing: no such program or file. Malformed: it cannot be read.
        """
        ...

    def argv(self, argument: str) -> tuple[str, ...]:
        """The command that does one attempt."""
        ...

    def info(self, path: str) -> AgentInfo:
        """The kind as a line of the list; programs are looked up in `path`."""
        ...


class Command:
    """`command:PROGRAM [ARGUMENT…]`: any program that keeps to the rules of the command agent."""

    dialect = ""

    def check(self, argument: str, base: Path, path: str) -> str:
        """Find the program, and the script that an interpreter is given."""
        words = list(self.argv(argument))
        words[0] = _program(words[0], base, path)
        for index, word in enumerate(words[1:], start=1):
            is_script = index == 1 and _INTERPRETER.fullmatch(Path(words[0]).name)
            if (is_script or word.startswith(("./", "../"))) and (base / word).is_file():
                words[index] = os.path.abspath(base / word)  # noqa: PTH100 - resolve() would follow links
        return shlex.join(words)

    def argv(self, argument: str) -> tuple[str, ...]:
        """The words of the argument."""
        try:
            words = tuple(shlex.split(argument))
        except ValueError as error:
            raise Malformed(f"command:{argument} cannot be split into words: {error}.", "Close the quote.") from error
        if not words or not words[0]:
            raise Missing("command: names no program.", "Write command:PROGRAM, for example command:./agent.py.")
        return words

    def info(self, path: str) -> AgentInfo:
        """Always there, never ready by itself."""
        hint = "Any program: command:PROGRAM. It gets its prompt in the file COCKPIT_PROMPT_FILE."
        return AgentInfo("command", installed=True, hint=hint)


class Scripted:
    """`scripted:FILE`: plays the turns of a file, for demonstrations and tests; it has no model."""

    dialect = ""

    def check(self, argument: str, base: Path, path: str) -> str:
        """Find and read the file."""
        if not argument:
            raise Missing("scripted: names no file.", "Write scripted:FILE, the file of a scenario.")
        file = Path(os.path.abspath(base / argument))  # noqa: PTH100 - resolve() would follow links
        if not file.is_file():
            raise Missing(f"There is no scenario {file}.", "Check the path behind scripted:.")
        try:
            load(file)
        except ScenarioError as error:
            raise Malformed(f"Scenario {file}: {error}.", "Mend the file.") from error
        except OSError as error:
            raise Missing(f"Scenario {file} cannot be read: {error.strerror}.", "Make it readable.") from error
        return str(file)

    def argv(self, argument: str) -> tuple[str, ...]:
        """Our own program that plays the file."""
        return (sys.executable, "-I", "-S", scripted.__file__, argument)

    def info(self, path: str) -> AgentInfo:
        """Always there, never ready by itself."""
        return AgentInfo("scripted", installed=True, hint="A scenario for demonstrations and tests: scripted:FILE.")


@dataclass(frozen=True)
class Spoken:
    """`claude[:MODEL]`, `codex`, `pi`, `opencode`, `gemini`, `acp:PROGRAM`: an agent that a driver talks to."""

    dialect: str
    program: str
    """The usual name of its program; empty = the argument names it."""
    install: str
    """How to get it."""

    def check(self, argument: str, base: Path, path: str) -> str:
        """Find the program; where the kind has one of its own, the argument is a model."""
        if not self.program:
            words = list(Command().argv(argument))
            return shlex.join([_program(words[0], base, path), *words[1:]])
        if not self._is_here(path):
            place = "" if "/" in self.program else " in the PATH"
            raise Missing(f"There is no program {self.program}{place}.", self.install)
        return argument

    def argv(self, argument: str) -> tuple[str, ...]:
        """Our driver; what it starts stands in its orders."""
        return (sys.executable, "-I", driver.__file__)

    def info(self, path: str) -> AgentInfo:
        """Whether its program is here."""
        is_here = self._is_here(path)
        return AgentInfo(self.dialect, installed=is_here, ready=is_here, hint="" if is_here else self.install)

    def words(self, argument: str) -> tuple[str, ...]:
        """Its program, with arguments where it may bring some; empty = none is named."""
        if self.dialect in ALONE:
            return (self.program,)
        named = self.program or argument
        return Command().argv(named) if named else ()

    def _is_here(self, path: str) -> bool:
        words = self.words("")
        return bool(words and shutil.which(words[0], path=path))


ALONE = ("claude", "codex", "pi")
"""Dialects whose program is one word, whatever is in it."""
OWN = ("claude", "codex", "pi", "opencode", "gemini")
"""Kinds with a program of that name; the last two speak ACP. The first ones that are there are the first defaults."""
KINDS: dict[str, Kind] = {
    **{name: Spoken(name, name, f"Install it: {PROGRAMS[name].install}") for name in OWN},
    "acp": Spoken("acp", "", "Any program that speaks the Agent Client Protocol: acp:PROGRAM."),
    "command": Command(),
    "scripted": Scripted(),
}


def split(name: str) -> tuple[str, str]:
    """Kind and argument of `kind[:argument]`."""
    kind, _, argument = name.partition(":")
    return kind.strip(), argument.strip()


def _program(word: str, base: Path, path: str) -> str:
    """A program that can be run: an absolute path, or a name found in the PATH."""
    if "/" not in word and shutil.which(word, path=path):
        return word
    file = Path(os.path.abspath(base / Path(word).expanduser()))  # noqa: PTH100 - resolve() would follow links
    if "/" not in word and not file.is_file():
        raise Missing(f"There is no program {word} in the PATH.", "Install it, or give its path.")
    if not file.is_file():
        raise Missing(f"There is no program {file}.", "Check the path behind command:.")
    if not os.access(file, os.X_OK):
        raise Missing(f"{file} is not executable.", f"Run chmod +x {shlex.quote(str(file))}.")
    return str(file)
