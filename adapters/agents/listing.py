"""An agent as a line of the list: what is installed, which version, whether somebody logged in, and what works."""

import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path, PurePath

from adapters.agents.abilities import abilities_of
from adapters.agents.logins import is_seen, login
from adapters.agents.programs import PROGRAMS, Known
from adapters.agents.settings import AgentSettings
from adapters.agents.versions import Version, Versions, compared
from factory.ports.agents import AgentInfo


class Listing:
    """Adds to an agent's line what can be found out about its program.

    Args:
        path: Where programs are looked up.
        home: The operator's, for what is left there by logging in.
    """

    def __init__(self, versions: Versions, path: str, home: Path) -> None:
        self._versions, self._path, self._home = versions, path, home

    def described(self, info: AgentInfo, dialect: str, words: Sequence[str], settings: AgentSettings) -> AgentInfo:
        """The whole line of an agent that is talked to.

        Args:
            words: Its program with the arguments that were configured; empty = none is named.
        """
        program = words[0] if words else ""
        known = PROGRAMS.get(PurePath(program).name)
        can = works(dialect, program, settings)
        if not info.installed:
            return replace(info, can=can, tested=known.tested if known else "", hint=self._missing(info.hint, known))
        version = self._version(program, known)
        state = login(known, settings, self._home)
        hints = [self._flaw(program, version, known), _log_in(info.name, state, known, settings)]
        return replace(
            info,
            ready=info.ready and not version.is_broken,
            version=version.text,
            tested=known.tested if known else "",
            standing=compared(version.text, known.tested if known else ""),
            login=state,
            can=can,
            hint=" ".join(filter(None, hints)) or info.hint,
        )

    def _version(self, program: str, known: Known | None) -> Version:
        """Only known programs are asked: what another one does with `--version`, nobody knows."""
        found = shutil.which(program, path=self._path)
        return self._versions.of(Path(found), self._path) if found and known else Version()

    def _flaw(self, program: str, version: Version, known: Known | None) -> str:
        if not version.problem:
            return ""
        again = f" Install it again: {self._install(known)}" if version.is_broken and known else ""
        return f"{program} {version.problem}.{again}"

    def _missing(self, hint: str, known: Known | None) -> str:
        return f"Install it: {self._install(known)}" if known else hint

    def _install(self, known: Known) -> str:
        return known.install + (self._node(known.node) if known.node else "")

    def _node(self, oldest: int) -> str:
        """What is to be said of Node; nothing when a fit one is there."""
        found = shutil.which("node", path=self._path)
        if not found:
            return f" (needs Node {oldest} or newer; there is none)"
        version = self._versions.of(Path(found), self._path).text
        if version and int(version.partition(".")[0]) < oldest:
            return f" (needs Node {oldest} or newer; here is {version})"
        return ""


def works(dialect: str, program: str, settings: AgentSettings) -> tuple[str, ...]:
    """What works with an agent, in the words of the list."""
    can = abilities_of(dialect, program)
    named = {
        "approvals": can.asks and settings.asks,
        "resume": can.resumes,
        "live cost": can.live_usage,
        "cap": can.caps_usd,
        "schema": can.verdict_schema,
        "instruct": can.instructs,
        "interrupt": can.interrupts,
    }
    return tuple(name for name, is_so in named.items() if is_so)


def _log_in(name: str, state: str, known: Known | None, settings: AgentSettings) -> str:
    """What is missing for a run to be logged in; its home is its own, so an account of the operator is not there."""
    if known is None or state not in ("none", "account") or is_seen(known, settings):
        return ""
    section = name if all(char.isalnum() or char in "-_" for char in name) else f'"{name}"'
    names = [*known.tokens, *known.keys[:1]] if state == "account" else [*known.keys[:1], *known.tokens]
    passing = f"{' or '.join(names)} in [agents.{section}] env"
    if state == "account":
        return f"Its log-in is in your home, which a run does not see: name {passing}."
    return f"Not logged in: set and name {passing}."
