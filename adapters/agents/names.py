"""Which agents there are: kinds, and what the operator configured under names of their own."""

import os
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

from adapters.agents.abilities import abilities_of
from adapters.agents.dialects.dialect import Abilities
from adapters.agents.kinds import Kind, Spoken, split
from adapters.agents.known_kinds import KnownKinds
from adapters.agents.listing import Listing
from adapters.agents.settings import AgentSettings
from adapters.agents.versions import Versions
from adapters.environment import with_own_programs
from factory.errors import Missing, SourceError
from factory.ports.agents import AgentInfo, Answers, Role
from factory.rules.schemas import RESULT_SCHEMAS

ASKED_AT_ONCE = 8


class AgentNames:
    """Reads `kind[:argument]` and the names of `[agents.NAME]`.

    Args:
        home: What files of configured agents are relative to.
    """

    def __init__(
        self, settings: Mapping[str, AgentSettings], home: Path, path: str = "", kinds: Mapping[str, Kind] | None = None
    ) -> None:
        self._settings, self._home = dict(settings), home
        self._kinds = KnownKinds() if kinds is None else kinds
        self._path = with_own_programs(path or os.environ.get("PATH", os.defpath))
        versions = Versions(home / "versions.json", home / "scratch" / "versions")
        self._listing = Listing(versions, self._path, Path(os.path.expanduser("~")))  # noqa: PTH111 - never raises

    def full(self, agent: str, base: Path) -> str:
        """The full name; a configured agent keeps its name.

        Raises:
            Missing: no such agent, program or file. Malformed: a file that cannot be read.
        """
        if agent in self._settings:
            self._resolve(self._settings[agent].use or agent, self._home, self._settings[agent])
            return agent
        return self._resolve(agent, base, self.settings(agent))

    def argv(self, agent: str) -> tuple[str, ...]:
        """The command that does one attempt. Raises as `full` does."""
        kind, argument = self.kind(agent)
        return kind.argv(argument)

    def kind(self, agent: str) -> tuple[Kind, str]:
        """The kind behind a name, and its argument. Raises as `full` does."""
        own = self._settings.get(agent)
        settings = self.settings(agent)
        name, argument = split(self._resolve((own and own.use) or agent, self._home, settings))
        return self._kind(name, settings), argument

    def is_driven(self, agent: str) -> bool:
        """Whether its kind is talked to; its program need not be there."""
        own = self._settings.get(agent)
        kind = self._kinds.get(split((own and own.use) or agent)[0])
        return bool(kind and kind.dialect)

    def hears(self, agent: str) -> bool:
        """Whether its kind takes words while it works."""
        can = self._abilities(agent)
        return can is not None and can.instructs

    def answers(self, agent: str, role: Role) -> Answers:
        """By its last message, or by a schema where its kind can be held to one; others write a file."""
        can = self._abilities(agent)
        if can is None:
            return "file"
        return "schema" if can.verdict_schema and role in RESULT_SCHEMAS else "message"

    def _abilities(self, agent: str) -> Abilities | None:
        """Of its dialect; None for one that is not talked to."""
        own = self._settings.get(agent)
        kind, argument = split((own and own.use) or agent)
        known = self._kinds.get(kind)
        return abilities_of(known.dialect, (own and own.program) or argument) if known and known.dialect else None

    @property
    def path(self) -> str:
        """Where programs are looked up."""
        return self._path

    def settings(self, agent: str) -> AgentSettings:
        """What is configured for this agent, else for its kind, else nothing."""
        kind, _ = split(agent)
        return self._settings.get(agent) or self._settings.get(kind) or AgentSettings(agent)

    def list(self) -> tuple[AgentInfo, ...]:
        """Every configured agent and every kind, ready ones first."""
        names = [*sorted(self._settings.keys() - self._kinds.keys()), *self._kinds]
        with ThreadPoolExecutor(max_workers=ASKED_AT_ONCE) as pool:
            found = tuple(pool.map(self._line, names))
        return tuple(sorted(found, key=lambda info: not info.ready))

    def _line(self, name: str) -> AgentInfo:
        settings = self.settings(name)
        use = settings.use or name
        word, argument = split(use)
        kind = self._kind(word, settings) if word in self._kinds else None
        info = kind.info(self._path) if kind and name in self._kinds else self._configured(name, use, settings)
        info = replace(info, name=name, tier=settings.tier)
        if not isinstance(kind, Spoken):
            return info
        try:
            words = kind.words(argument)
        except SourceError:
            return info
        return self._listing.described(info, kind.dialect, words, settings)

    def _configured(self, name: str, use: str, settings: AgentSettings) -> AgentInfo:
        try:
            self._resolve(use, self._home, settings)
        except SourceError as error:
            return AgentInfo(name, installed=False, hint=f"{error.message} {error.hint}".strip())
        return AgentInfo(name, installed=True, ready=True, hint=use)

    def _kind(self, name: str, settings: AgentSettings) -> Kind:
        """A kind, with the program that the configuration gives it."""
        kind = self._kinds[name]
        return replace(kind, program=settings.program) if isinstance(kind, Spoken) and settings.program else kind

    def _resolve(self, agent: str, base: Path, settings: AgentSettings) -> str:
        kind, argument = split(agent)
        if kind not in self._kinds:
            raise Missing(f"There is no agent {agent!r}.", self._known())
        full = self._kind(kind, settings).check(argument, base, self._path)
        return f"{kind}:{full}" if full else kind

    def _known(self) -> str:
        """What there is instead, as a sentence."""
        named = ", ".join(sorted(self._settings)) or "none"
        return f"Give one of {', '.join(f'{kind}:…' for kind in self._kinds)}, or a configured name (there: {named})."
