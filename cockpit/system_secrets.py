"""The secrets of the systems around the factory: for the worker, and for who brings evidence, to keep them out."""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import overload

from adapters.credentials import read_secret
from cockpit.settings import Settings
from cockpit.systems import agent_secrets
from factory.errors import Malformed, Missing, SourceError


class Secrets:
    """The secrets of the systems, read where the settings say they are.

    Args:
        known: Other values that no evidence may hold.
    """

    def __init__(self, home: Path, known: Iterable[bytes] = ()) -> None:
        self._home = home
        self.values = list(known)
        """Those, and what was read so far; of a token `ID:SECRET` the second part too."""

    def read(self, place: str) -> str:
        """The secret at a place; none when no place is configured. Raises what `read_secret` raises."""
        if not place:
            return ""
        secret = read_secret(place, self._home)
        self.values += {secret.encode(), secret.partition(":")[2].encode()} - {b"", *self.values}
        return secret

    def read_token(self, place: str) -> str:
        """A secret that goes into a header. Raises `Malformed` too: no header can hold it."""
        token = self.read(place)
        if not (token.isascii() and token.isprintable()):
            raise Malformed(f"The secret at {place} is not one line of plain characters.", "Store the token alone.")
        return token

    def read_early(self, *places: str) -> None:
        """Know them before the first item is written; a keyring may ask somebody first, and waits for that."""
        for place in places:
            if not place.startswith("keyring:"):
                with suppress(SourceError):  # said when it is needed
                    self.read(place)


def every_secret(settings: Settings) -> Secrets:
    """All that no evidence and no output of an agent may hold, as far as it can be read without asking anybody."""
    secrets = Secrets(settings.home, agent_secrets(settings))
    places = (settings.knowledge.token, settings.memory.key, settings.mission.secret)
    secrets.read_early(*places, *(sink.secret for sink in settings.sinks.values()))
    return secrets


def unread(settings: Settings) -> tuple[str, ...]:
    """Places of secrets whose value cannot be known here without asking somebody: nobody can look for it."""
    named = {f"env:{name}" for agent in settings.agents.values() for name in agent.env}
    systems = {settings.knowledge.token, settings.memory.key, settings.mission.secret}
    systems |= {sink.secret for sink in settings.sinks.values()}
    secrets, missing = Secrets(settings.home, ()), []
    for place in sorted((named | systems) - {""}):
        try:
            if place.startswith("keyring:"):
                raise Missing(place)
            secrets.read(place)
        except SourceError:
            missing.append(place)
    return tuple(missing)


class LateSecrets(Sequence[bytes]):
    """The values of `every_secret`, read when the first one is asked for: most calls bring no evidence."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    @cached_property
    def _values(self) -> tuple[bytes, ...]:
        return tuple(every_secret(self._settings).values)

    @overload
    def __getitem__(self, index: int) -> bytes: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[bytes]: ...
    def __getitem__(self, index: int | slice) -> bytes | Sequence[bytes]:
        return self._values[index]

    def __len__(self) -> int:
        return len(self._values)
