"""Plays an agent that speaks the Agent Client Protocol, message by message."""

from collections.abc import Iterable
from typing import Any

from adapters.agents.dialects.acp_talk import AcpConversation
from adapters.agents.dialects.dialect import Decision, Message, Say
from adapters.agents.dialects.known import DIALECTS
from factory.model.agent_event import AgentEvent, Finished
from tests.contract.dialects.rig import a_job

STEERS = {"_meta": {"steering": {"supported": True}}}
RESUMES = {"agentCapabilities": {"sessionCapabilities": {"resume": {}}, "loadSession": True}}
LOADS = {"agentCapabilities": {"loadSession": True, "sessionCapabilities": {}}}


class Talk:
    """A conversation with an agent that a test plays."""

    def __init__(self, dialect: str = "acp", **job: Any) -> None:
        conversation = DIALECTS[dialect].conversation(a_job(program=dialect, prompt="Do it", **job))
        assert isinstance(conversation, AcpConversation)
        self.it = conversation
        self.events: list[AgentEvent] = []
        self.said: list[Message] = []
        self.keep(self.it.open())

    def keep(self, found: Iterable[AgentEvent | Say]) -> "Talk":
        for one in found:
            if isinstance(one, Say):
                self.said.append(one.message)
            else:
                self.events.append(one)
        return self

    def hear(self, message: Message) -> "Talk":
        return self.keep(self.it.hear({"jsonrpc": "2.0", **message}))

    def result(self, number: int, **result: Any) -> "Talk":
        return self.hear({"id": number, "result": result})

    def update(self, name: str, /, **update: Any) -> "Talk":
        return self.hear({"method": "session/update", "params": {"update": {"sessionUpdate": name, **update}}})

    def says(self, words: str) -> "Talk":
        return self.update("agent_message_chunk", content={"type": "text", "text": words})

    def asks(self, number: Any = 0, kinds: tuple[str, ...] = ("allow_once", "reject_once"), **call: Any) -> "Talk":
        call = {"toolCallId": "t", "kind": "execute", "title": "ls", "rawInput": {"command": "ls"}, **call}
        options = [{"kind": kind, "optionId": f"the {kind}"} for kind in kinds]
        params = {"toolCall": call, "options": options}
        return self.hear({"id": number, "method": "session/request_permission", "params": params})

    def decide(self, decision: Decision, ask: str = "0") -> "Talk":
        return self.keep(self.it.answer(ask, decision))

    def prompted(self, **about: Any) -> "Talk":
        """As far as the first prompt, under the number 2."""
        return self.result(0, protocolVersion=1, **about).result(1, sessionId="s-1")

    @property
    def methods(self) -> list[str]:
        """What we asked for, and `=` for our answers."""
        return [str(message.get("method", "=")) for message in self.said]

    def end(self) -> Finished:
        return self.it.ended(0, "")
