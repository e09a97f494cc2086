"""`session/update` of the Agent Client Protocol as events."""

from collections import deque
from collections.abc import Iterator
from pathlib import Path

from adapters.agents.dialects.acp_tools import Tool
from adapters.agents.dialects.acp_turn import Turn
from adapters.agents.dialects.dialect import Message
from adapters.agents.dialects.fields import mapping, text, value
from adapters.agents.dialects.notes import noted
from factory.model.agent_event import AgentEvent, Note, Retry, Text, Thinking, ToolCall

_SILENT = frozenset({
    "available_commands_update", "current_mode_update", "config_option_update", "user_message_chunk", "plan",
})  # fmt: skip
_ENDED = ("completed", "failed")
MOST_ENDED = 200
"""So many tools are known after their end: updates that come late are told from new calls."""


class Updates:
    """What the agent tells of its work.

    Args:
        turn: Learns what decides how a turn ended.
    """

    def __init__(self, worktree: Path, turn: Turn) -> None:
        self._worktree, self._turn = worktree, turn
        self._tools: dict[str, Tool] = {}
        self._ended = deque[str]()
        self.saying, self._thought, self._message = "", "", ""
        self.banner = ""
        """What the adapter says of itself before the agent says anything; it is no answer."""

    def hear(self, update: Message) -> Iterator[AgentEvent]:
        """One update."""
        kind = text(update, "sessionUpdate")
        if kind == "agent_message_chunk":
            return self._on_text(update)
        if kind == "agent_thought_chunk":
            self._thought += text(update, "content", "text")
            return iter(())
        if kind in ("tool_call", "tool_call_update"):
            return self._on_tool(update, kind == "tool_call")
        if kind == "session_info_update":
            return self._on_info(mapping(update, "_meta", "codex"))
        return iter(() if kind in _SILENT else (noted(update),))

    def asked(self, about: Message) -> Iterator[ToolCall]:
        """The call of a permission request; it comes first if it was not told yet."""
        tool = self._tool(about)
        tool.learn(about)
        if not tool.is_told:
            tool.is_told = True
            yield tool.call()

    def call(self, id: str) -> ToolCall:
        """A call by its id, with all that is known of it by now."""
        return self._tools[id].call() if id in self._tools else ToolCall(id, "other", "something")

    def flush(self) -> list[AgentEvent]:
        """What it was saying, as a whole."""
        said: list[AgentEvent] = [Thinking(self._thought)] if self._thought else []
        if self.saying:
            self._turn.say(self.saying)
            said.append(Text(self.saying))
        self.saying = self._thought = self._message = ""
        return said

    def _on_text(self, update: Message) -> Iterator[AgentEvent]:
        piece, message = text(update, "content", "text"), text(update, "messageId")
        if self.banner and piece == self.banner:
            yield Note(piece.strip())
            return
        if not piece:
            return
        if message != self._message or self._thought:
            yield from self.flush()
        self._message = message
        self._turn.is_idle = False
        self.saying += piece
        yield Text(piece, final=False)

    def _on_tool(self, update: Message, is_first: bool) -> Iterator[AgentEvent]:
        yield from self.flush()
        self._turn.act(is_new=text(update, "toolCallId") not in self._tools)
        tool, status = self._tool(update), text(update, "status")
        if tool.is_done:
            return
        tool.learn(update)
        # The first that is heard of a call often lacks its input; with the second it is there.
        if not tool.is_told and not (is_first and status == "pending"):
            tool.is_told = True
            yield tool.call()
        if status in _ENDED:
            if status == "completed":
                yield from tool.changes(update)
            yield tool.result(update)
            self._done(tool)

    def _on_info(self, told: Message) -> Iterator[AgentEvent]:
        """Codex tells there how its thread is, and that a model call failed."""
        status, error = text(told, "threadStatus", "type"), mapping(told, "error")
        if error:
            words = text(error, "additionalDetails") or text(error, "message")
            self._turn.trouble = words
            if value(error, "willRetry") is True:
                attempt, most = _counted(text(error, "message"))
                yield Retry(attempt, most, 0.0, words)
        if status == "systemError":
            self._turn.error = self._turn.trouble or "The agent reports a system error."
        elif status == "active":
            self._turn.error = ""

    def _done(self, tool: Tool) -> None:
        """An agent that works for days uses very many tools, and what comes late is about one of the last of them."""
        tool.end()
        self._ended.append(tool.id)
        if len(self._ended) > MOST_ENDED:
            self._tools.pop(self._ended.popleft(), None)

    def _tool(self, update: Message) -> Tool:
        name = text(update, "toolCallId")
        tool = self._tools.get(name)
        if tool is None:
            tool = self._tools[name] = Tool(name, self._worktree)
        return tool


def _counted(words: str) -> tuple[int, int]:
    """`Reconnecting... 1/2` as 1 of 2."""
    attempt, slash, most = words.split(" ")[-1].partition("/")
    return (int(attempt), int(most)) if slash and attempt.isdecimal() and most.isdecimal() else (0, 0)
