"""Who may do what at the fake Mission Control, and how often."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from tests.support.mission_control.rows import Rejected, Row

RANKS = {"viewer": 0, "operator": 1, "admin": 2}
WRITES, LOGINS = 60, 5
"""A minute, in fixed windows; the writes of everybody together."""


@dataclass(frozen=True)
class Person:
    """Somebody who may log in. Frozen: every fake server of the process begins with the same people."""

    username: str
    password: str
    display_name: str
    role: str = "operator"
    id: int = 3

    @property
    def row(self) -> Row:
        """As the server describes them."""
        return {
            "id": self.id, "username": self.username, "display_name": self.display_name, "role": self.role,
            "provider": "local", "email": None, "avatar_url": None, "workspace_id": 1, "tenant_id": 1,
        }  # fmt: skip


API = Person("api", "", "API Access", "admin", 0)


class Window:
    """So many a minute, in fixed windows."""

    def __init__(self, most: int, now: Callable[[], float]) -> None:
        self._most = most
        self._now = now
        self._began = float("-inf")
        self.count = 0

    def take(self) -> None:
        """Count one. Raises `Rejected` without a word about when."""
        if self._now() - self._began >= 60:
            self._began, self.count = self._now(), 0
        self.count += 1
        if self.count > self._most:
            raise Rejected(429, "Too many requests. Please try again later.")


@dataclass
class Doors:
    """Credentials, sessions and the limits."""

    now: Callable[[], float]
    key: str
    people: list[Person]
    sessions: dict[str, str] = field(default_factory=dict)
    """Cookie value -> username."""

    def __post_init__(self) -> None:
        self.writes = Window(WRITES, self.now)
        self.logins = Window(LOGINS, self.now)
        self.most_writes = 0
        """The most that any window has seen."""

    def log_in(self, said: object) -> tuple[Person, str]:
        """Who it is, and the new session. Raises `Rejected`."""
        self.logins.take()
        given = said if isinstance(said, dict) else {}
        for person in self.people:
            if (person.username, person.password) == (given.get("username"), given.get("password")):
                token = f"session-{len(self.sessions) + 1}-of-{person.username}"
                self.sessions[token] = person.username
                return person, token
        raise Rejected(401, "Invalid credentials")

    def who(self, headers: Mapping[str, str]) -> tuple[Person, bool]:
        """Who asks, and whether with the shared key. Raises `Rejected`."""
        bearer = headers.get("authorization", "").removeprefix("Bearer ")
        if self.key and self.key in (headers.get("x-api-key", ""), bearer):
            return API, True
        for part in headers.get("cookie", "").split(";"):
            name, _, value = part.strip().partition("=")
            if name == "mc-session" and value in self.sessions:
                return next(person for person in self.people if person.username == self.sessions[value]), False
        raise Rejected(401, "Authentication required" if headers.get("cookie") else "Unauthorized")

    def need(self, person: Person, role: str) -> None:
        """Raises `Rejected` for who may not."""
        if RANKS[person.role] < RANKS[role]:
            raise Rejected(403, f"Requires {role} role or higher")

    def count_write(self) -> None:
        """Raises `Rejected` when there were too many."""
        self.writes.take()
        self.most_writes = max(self.most_writes, self.writes.count)
