"""JSON-RPC 2.0 in lines, as far as we speak it: our requests and their answers, notifications, and answers of ours."""

from typing import Any

from adapters.agents.dialects.dialect import Message, Say

NOT_FOUND = -32601
"""The error code for a method that we do not have."""
Params = dict[str, Any]


class Requests:
    """Our requests, numbered from 0, until each has its answer."""

    def __init__(self) -> None:
        self._next = 0
        self._open: dict[int, str] = {}

    def ask(self, method: str, params: Params) -> Say:
        """A request."""
        number, self._next = self._next, self._next + 1
        self._open[number] = method
        return _say({"id": number, "method": method, "params": params})

    def answered(self, message: Message) -> str:
        """The method that this answer belongs to, which then waits no more; empty if nothing was asked under its id."""
        number = message.get("id")
        if not isinstance(number, int) or isinstance(number, bool):
            return ""
        return self._open.pop(number, "")

    def waits_for(self, method: str) -> bool:
        """A request of this method has no answer yet."""
        return method in self._open.values()


def tell(method: str, params: Params) -> Say:
    """A notification: nobody answers it."""
    return _say({"method": method, "params": params})


def answer(number: object, result: Params) -> Say:
    """The answer to a request of the other side, under its id as it was written."""
    return _say({"id": number, "result": result})


def refuse(number: object, method: str) -> Say:
    """The answer to a request for something that we do not have: whoever asks must not wait for ever."""
    return _say({"id": number, "error": {"code": NOT_FOUND, "message": f"Method not found: {method}"}})


def _say(said: Params) -> Say:
    return Say({"jsonrpc": "2.0", **said})
