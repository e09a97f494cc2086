"""`session/request_permission` and its answers. An option is chosen by its kind: its id is each agent's own."""

from collections.abc import Iterator

from adapters.agents.dialects import jsonrpc
from adapters.agents.dialects.dialect import Job, Message, Say
from adapters.agents.dialects.fields import each, text
from factory.model.agent_event import AgentEvent, Ask, Denied, ToolCall

_ALLOWING = ("allow_once", "allow_always")
_REFUSING = ("reject_once", "reject_always")
"""Once before always: what holds for longer is decided by our own rules."""


class Permissions:
    """The requests of one process that wait for their answers."""

    def __init__(self, job: Job) -> None:
        self._job = job
        self._open: dict[str, Message] = {}

    def asked(self, request: Message, call: ToolCall) -> Iterator[AgentEvent | Say]:
        """Pass it on; where nobody is asked, looking is allowed, and so are a coder's edits."""
        if self._job.asks:
            self._open[str(request["id"])] = request
            yield Ask(str(request["id"]), call)
        elif call.kind == "read" or (call.kind == "edit" and self._job.access == "write"):
            yield _choice(request, _ALLOWING)
        else:
            yield _choice(request, _REFUSING)
            yield Denied(call.id, "rules", "Nobody is asked.")

    def is_open(self, ask: str) -> bool:
        """It waits for an answer."""
        return ask in self._open

    def allow(self, ask: str) -> Say:
        """Yes."""
        return _choice(self._open.pop(ask), _ALLOWING)

    def refuse(self, ask: str) -> Say:
        """No."""
        return _choice(self._open.pop(ask), _REFUSING)

    def cancel(self) -> Iterator[Say]:
        """Answer all that wait, so that the agent waits for none of them."""
        for request in self._open.values():
            yield _cancelled(request)
        self._open.clear()


def _choice(request: Message, kinds: tuple[str, ...]) -> Say:
    """The option of such a kind; where there is none, the request is cancelled."""
    offered = {text(option, "kind"): text(option, "optionId") for option in each(request, "params", "options")}
    chosen = next((offered[kind] for kind in kinds if offered.get(kind)), "")
    if not chosen:
        return _cancelled(request)
    return jsonrpc.answer(request["id"], {"outcome": {"optionId": chosen, "outcome": "selected"}})


def _cancelled(request: Message) -> Say:
    return jsonrpc.answer(request["id"], {"outcome": {"outcome": "cancelled"}})
