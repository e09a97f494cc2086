"""Which agents there are: kinds, and what the operator configured under names of their own."""

import os
from collections.abc import Mapping
from pathlib import Path

from adapters.agents.abilities import abilities_of
from adapters.agents.kinds import KINDS, Kind, split
from adapters.agents.settings import AgentSettings
from adapters.environment import with_own_programs
from factory.errors import Missing, SourceError
from factory.ports.agents import AgentInfo, Answers, Role
from factory.rules.schemas import RESULT_SCHEMAS


class AgentNames:
    """Reads `kind[:argument]` and the names of `[agents.NAME]`.

    Args:
        home: What files of configured agents are relative to.
    """

    def __init__(
        self, settings: Mapping[str, AgentSettings], home: Path, path: str = "", kinds: Mapping[str, Kind] = KINDS
    ) -> None:
        self._settings, self._home, self._kinds = dict(settings), home, kinds
        self._path = with_own_programs(path or os.environ.get("PATH", os.defpath))

    def full(self, agent: str, base: Path) -> str:
        """The full name; a configured agent keeps its name.

        Raises:
            Missing: no such agent, program or file. Malformed: a file that cannot be read.
        """
        if agent in self._settings:
            self._resolve(self._settings[agent].use or agent, self._home)
            return agent
        return self._resolve(agent, base)

    def argv(self, agent: str) -> tuple[str, ...]:
        """The command that does one attempt. Raises as `full` does."""
        kind, argument = self.kind(agent)
        return kind.argv(argument)

    def kind(self, agent: str) -> tuple[Kind, str]:
        """The kind behind a name, and its argument. Raises as `full` does."""
        own = self._settings.get(agent)
        name, argument = split(self._resolve((own and own.use) or agent, self._home))
        return self._kinds[name], argument

    def is_driven(self, agent: str) -> bool:
        """Whether its kind is talked to; its program need not be there."""
        own = self._settings.get(agent)
        kind = self._kinds.get(split((own and own.use) or agent)[0])
        return bool(kind and kind.dialect)

    def answers(self, agent: str, role: Role) -> Answers:
        """By its last message, or by a schema where its kind can be held to one; others write a file."""
        own = self._settings.get(agent)
        kind, argument = split((own and own.use) or agent)
        known = self._kinds.get(kind)
        if known is None or not known.dialect:
            return "file"
        can = abilities_of(known.dialect, (own and own.program) or argument)
        return "schema" if can.verdict_schema and role in RESULT_SCHEMAS else "message"

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
        found = [self._configured(name) for name in sorted(self._settings.keys() - self._kinds.keys())]
        found += [kind.info(self._path) for kind in self._kinds.values()]
        return tuple(sorted(found, key=lambda info: not info.ready))

    def _configured(self, name: str) -> AgentInfo:
        use = self._settings[name].use or name
        try:
            self._resolve(use, self._home)
        except SourceError as error:
            return AgentInfo(name, installed=False, hint=f"{error.message} {error.hint}".strip())
        return AgentInfo(name, installed=True, ready=True, hint=use)

    def _resolve(self, agent: str, base: Path) -> str:
        kind, argument = split(agent)
        if kind not in self._kinds:
            raise Missing(f"There is no agent {agent!r}.", self._known())
        full = self._kinds[kind].check(argument, base, self._path)
        return f"{kind}:{full}" if full else kind

    def _known(self) -> str:
        """What there is instead, as a sentence."""
        named = ", ".join(sorted(self._settings)) or "none"
        return f"Give one of {', '.join(f'{kind}:…' for kind in self._kinds)}, or a configured name (there: {named})."
