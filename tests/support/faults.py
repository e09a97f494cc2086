"""Ways in which a server fails, one switch for every fake: with httpx's mock transport, and on a real socket.

A fake server is a function from a request to its answer. `Faults` stands in front of it.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

import httpx

Answer = Callable[[httpx.Request], httpx.Response]
"""A fake server."""
Fault = Literal[
    "refuse", "hang", "cut", "drip", "unauthorised", "busy", "busy_silent", "broken", "maintenance", "web_page",
    "no_route",
]  # fmt: skip
FAULTS: tuple[Fault, ...] = (
    "refuse", "hang", "cut", "drip", "unauthorised", "busy", "busy_silent", "broken", "maintenance", "web_page",
    "no_route",
)  # fmt: skip
SOCKET_FAULTS = ("refuse", "hang", "cut", "drip")
"""Those without an answer; the others are answers."""
AFTER_S = 7
"""What `busy` says in its Retry-After; `busy_silent` has none."""
_PAGE = "<!DOCTYPE html>\n<html><body>Bad gateway</body></html>"


@dataclass
class Faults:
    """Which fault the next requests meet.

    `cut` and `drip` have their effect always, `refuse` and `unauthorised` never: who is not known is not served. The
    others only when `has_effect`, as when a proxy gives up waiting for a server that goes on working.
    """

    kind: Fault | None = None
    left: int | None = None
    """For how many requests; None = until it is cleared."""
    has_effect: bool = False
    only: Callable[[httpx.Request], bool] = field(default=lambda _: True)
    """Which requests meet it."""
    met: int = 0
    """How many requests met a fault."""

    def set(
        self,
        kind: Fault,
        left: int | None = None,
        has_effect: bool = False,
        only: Callable[[httpx.Request], bool] = lambda _: True,
    ) -> None:
        """Switch a fault on."""
        self.kind, self.left, self.has_effect, self.only = kind, left, has_effect, only

    def clear(self) -> None:
        """Back to health."""
        self.kind, self.left = None, None

    def next_fault(self, request: httpx.Request) -> Fault | None:
        """The fault that this request meets."""
        if self.kind is None or self.left == 0 or not self.only(request):
            return None
        self.met += 1
        self.left = None if self.left is None else self.left - 1
        return self.kind

    def reaches(self, fault: Fault) -> bool:
        """Whether the request has its effect in spite of the fault."""
        return fault in ("cut", "drip") or (self.has_effect and fault not in ("refuse", "unauthorised"))


def faulty(answer: Answer, faults: Faults) -> httpx.MockTransport:
    """The fake behind its faults, without a socket: what would take time fails at once."""

    def handle(request: httpx.Request) -> httpx.Response:
        fault = faults.next_fault(request)
        if fault is None:
            return answer(request)
        if faults.reaches(fault):
            answer(request)
        if fault == "refuse":
            raise httpx.ConnectError("Connection refused", request=request)
        if fault in ("hang", "drip"):
            raise httpx.ReadTimeout("timed out", request=request)
        if fault == "cut":
            raise httpx.RemoteProtocolError("peer closed connection without sending complete message body")
        return fault_answer(fault)

    return httpx.MockTransport(handle)


def fault_answer(fault: Fault) -> httpx.Response:
    """The answer of a fault that is one."""
    match fault:
        case "unauthorised":
            return httpx.Response(401, json=_error(401, "No matching API token was found"))
        case "busy":
            return httpx.Response(429, json=_error(429, "Too Many Attempts."), headers={"retry-after": str(AFTER_S)})
        case "busy_silent":
            return httpx.Response(429, json=_error(429, "Too Many Attempts."))
        case "broken":
            return httpx.Response(500, json=_error(500, "SQLSTATE[HY000] [2002] (SQL: select * from `users`)"))
        case "maintenance":
            return httpx.Response(503, json=_error(503, "Service Unavailable"))
        case "web_page":
            return httpx.Response(200, html=_PAGE)
        case "no_route":
            return httpx.Response(404, html=_PAGE)
    raise ValueError(f"{fault} has no answer")


def _error(code: int, message: str) -> dict[str, object]:
    return {"error": {"code": code, "message": message}}
