"""Whether a server is one that we know, and lets us do what we must."""

import re

from adapters.mission.client import SYSTEM, MissionClient
from factory.errors import Unreachable
from factory.model.mission import MissionUser
from factory.rules.visible import one_line

OLDEST = (2, 3)
"""The oldest version that has what we need; those of the same first number are taken to."""
_SHOWN_CHARS = 60


def admitted(client: MissionClient) -> tuple[MissionUser, str]:
    """Who we are there, and its version. Two reads; the second one needs our credentials.

    Raises:
        Unreachable: `version`, `unauthorised` for a user that may only look; and whatever the client raises.
    """
    version = client.version()
    check_version(version)
    user = client.whoami()
    if user.role not in ("operator", "admin"):
        hint = "Give it the role operator there, or name another user in [mission] of config.toml."
        raise Unreachable(f"{user.name} may only look at {SYSTEM} ({user.role}).", hint, "unauthorised")
    return user, version


def check_version(version: str) -> None:
    """Raises `Unreachable` for a server that is not the one that was measured."""
    numbers = [int(part) for part in version.split(".")[:2] if re.fullmatch("[0-9]{1,9}", part)]
    if len(numbers) < 2 or numbers[0] != OLDEST[0] or tuple(numbers) < OLDEST:
        wanted = ".".join(map(str, OLDEST))
        hint = f"Run one from {wanted} on, or take the url out of [mission] in config.toml."
        shown = one_line(version)[:_SHOWN_CHARS]
        raise Unreachable(f"{SYSTEM} {shown} is not one that Cockpit knows.", hint, "version")
