"""How we get in: as a person with a session, or with a key."""

import time
from collections.abc import Callable, Generator
from http.cookies import CookieError, SimpleCookie

import httpx

from adapters.http import refusal, words
from factory.errors import Malformed, Unreachable

LOGIN = "/api/auth/login"
AGAIN_S = 30.0
"""After a refused log-in; the server counts tries, five a minute."""
_SESSION = "mc-session"

Secret = Callable[[], str]
Flow = Generator[httpx.Request, httpx.Response, None]


class KeyAuth(httpx.Auth):
    """An API key of the server. With the shared one, each request makes noise on the stream: a person is better.

    Args:
        key: Reads it where it is kept, at each request.
    """

    def __init__(self, key: Secret) -> None:
        self._key = key

    def auth_flow(self, request: httpx.Request) -> Flow:
        """Add the key. Raises what reading it raises."""
        request.headers["x-api-key"] = self._key()
        yield request


class SessionAuth(httpx.Auth):
    """Logs in when it must, and once again when the server has forgotten us. For several threads.

    Args:
        place: Address of the log-in.
        user: Name to log in with.
        password: Reads that user's password where it is kept, at each log-in.
        now: Seconds that only grow.
    """

    def __init__(
        self, place: httpx.URL, user: str, password: Secret, now: Callable[[], float] = time.monotonic
    ) -> None:
        self._place = place
        self._user = user
        self._password = password
        self._now = now
        self._cookie = ""
        self._refused_at = -AGAIN_S
        self._refusal = ""

    def auth_flow(self, request: httpx.Request) -> Flow:
        """Add the session. Raises `Unreachable`, and `Malformed` for an answer that is no log-in."""
        used = self._cookie or (yield from self._log_in(request))
        request.headers["cookie"] = used
        response = yield request
        if response.status_code == 401:
            if self._cookie == used:  # else another thread has logged in since
                self._cookie = ""
            request.headers["cookie"] = self._cookie or (yield from self._log_in(request))
            yield request

    def sync_auth_flow(self, request: httpx.Request) -> Flow:
        """The same, with the answers to log-ins read; that to the request itself may be a stream without an end."""
        flow = self.auth_flow(request)
        sent = next(flow)
        while True:
            response = yield sent
            if sent is not request:
                response.read()
            try:
                sent = flow.send(response)
            except StopIteration:
                return

    def _log_in(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, str]:
        if self._refusal and self._now() < self._refused_at + AGAIN_S:
            raise self._not_let_in()
        said = {"username": self._user, "password": self._password()}
        timeout = {"timeout": request.extensions.get("timeout", {})}
        response = yield httpx.Request("POST", self._place, json=said, extensions=timeout)
        if response.status_code in (400, 401, 403):
            self._refused_at, self._refusal = self._now(), f"({response.status_code}): {words(response)}"
            raise self._not_let_in()
        if response.status_code >= 300:
            raise refusal("Mission Control", response)
        self._cookie = _session(response)
        self._refusal = ""
        return self._cookie

    def _not_let_in(self) -> Unreachable:
        return Unreachable(
            f"Mission Control does not let {self._user} in {self._refusal}",
            "Correct user and secret in [mission] of config.toml.",
            "unauthorised",
            AGAIN_S,
        )


def _session(response: httpx.Response) -> str:
    """`name=value` of the session's cookie; behind TLS its name has a prefix."""
    for header in response.headers.get_list("set-cookie"):
        cookies = SimpleCookie()
        try:
            cookies.load(header)
        except CookieError:
            continue
        for name, morsel in cookies.items():
            if name.endswith(_SESSION) and morsel.value:
                return f"{name}={morsel.coded_value}"
    raise Malformed("Mission Control answers a log-in without a session.", "Correct its url in config.toml.")
