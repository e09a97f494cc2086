"""OpenCode by `opencode run --format json`: one-way, but it tells tokens and cost of each step.

Over ACP (`acp_profiles.py`) it asks, listens and stops politely, but tells money only at the end. So this is the
dialect for runs in which nobody is asked.
"""

from collections.abc import Iterable, Iterator

from adapters.agents.dialects import opencode_home, prompt_file
from adapters.agents.dialects.calls import path_of, title
from adapters.agents.dialects.crash import crash
from adapters.agents.dialects.dialect import Abilities, Decision, Job, Message, Say, Start
from adapters.agents.dialects.failures import failure
from adapters.agents.dialects.fields import count, mapping, text, value
from adapters.agents.dialects.notes import noted
from adapters.agents.dialects.opencode_steps import spent
from adapters.agents.dialects.sums import CHARS_A_TOKEN, Sums
from adapters.agents.dialects.titles import capped, inside
from factory.model.agent_event import (
    AgentEvent,
    Calling,
    Denied,
    FileChange,
    Finished,
    Outcome,
    Started,
    Text,
    Thinking,
    ToolCall,
    ToolKind,
    ToolResult,
)
from factory.model.step import Tokens

_KINDS: dict[str, ToolKind] = {
    "read": "read", "glob": "read", "grep": "read", "list": "read", "edit": "edit", "write": "edit", "patch": "edit",
    "apply_patch": "edit", "bash": "run",
}  # fmt: skip
PROMPT_FILE = "prompt.md"
_REJECTED = "rejected permission"


class OpencodeDialect:
    """OpenCode 1.18, without questions."""

    name = "opencode-run"
    can = Abilities(resumes=True, reports_usd=True, live_usage=True, greets=False)

    def start(self, job: Job) -> Start:
        """What would ask is refused by OpenCode itself; then its turn ends."""
        argv = [job.program, "run", "--format", "json"]
        argv += ["-m", opencode_home.model(job)] if job.model else []
        argv += ["--session", job.resume] if job.resume else []
        argv += ["--", prompt_file.argument(job, PROMPT_FILE)]
        files = {**opencode_home.files(job), **prompt_file.files(job, PROMPT_FILE)}
        return Start(tuple(argv), opencode_home.environment(job), files)

    def conversation(self, job: Job) -> "OpencodeConversation":
        """One process of it."""
        return OpencodeConversation(job)

    def take_over(self, job: Job) -> Start:
        """`opencode --session ID`."""
        return Start((job.program, *opencode_home.own_screen(job)), opencode_home.environment(job))


class OpencodeConversation:
    """One process of it. There is no last word: it is over when its output ends, and the last step says how."""

    is_over = False

    def __init__(self, job: Job) -> None:
        self._job = job
        self._session = ""
        self._sums = Sums(job.model)
        self._reason, self._text, self._is_denied = "", "", False
        self._chars = 0
        """What was said in a step whose tokens are not told yet."""
        self._error: Message | None = None

    def open(self) -> Iterable[Say]:
        """It does not listen."""
        return ()

    def answer(self, ask: str, decision: Decision) -> Iterable[AgentEvent | Say]:
        """It does not ask."""
        return ()

    def instruct(self, words: str) -> Iterable[Say]:
        """It does not listen."""
        return ()

    def interrupt(self) -> Iterable[Say]:
        """It does not listen."""
        return ()

    def hear(self, message: Message) -> Iterator[AgentEvent | Say]:
        """One line of it."""
        if not self._session and text(message, "sessionID"):
            self._session = text(message, "sessionID")
            yield Started(self._session, self._job.model)
        part = mapping(message, "part")
        match text(message, "type"):
            case "step_start":
                self._reason, self._is_denied, self._chars = "", False, 0
                yield Calling(Tokens(), self._sums.model)
            case "text" if text(part, "text"):
                self._text = text(part, "text")
                self._chars += len(self._text)
                yield Text(self._text)
            case "reasoning" if text(part, "text"):
                yield Thinking(text(part, "text"))
            case "tool_use":
                yield from self._on_tool(part)
            case "step_finish":
                self._reason, self._chars = text(part, "reason"), 0
                yield from self._sums.add(spent(part))
            case "error":
                self._error = mapping(message, "error")
            case kind if kind not in ("text", "reasoning"):
                yield noted(message)

    def ended(self, exit_code: int | None, stderr: str) -> Finished:
        """It exits with 0 after a refusal, and dies without a word of a signal."""
        outcome, reason = self._outcome(exit_code, stderr)
        self._sums.lose(Tokens(output=self._chars // CHARS_A_TOKEN))
        return self._sums.finished(outcome, reason, self._session or self._job.resume, exit_code, self._text)

    def _outcome(self, exit_code: int | None, stderr: str) -> tuple[Outcome, str]:
        if self._error is not None:
            words = text(self._error, "data", "message") or text(self._error, "name")
            status = count(self._error, "data", "statusCode")
            return failure(words, status), words
        if self._is_denied:
            return "denied", "It asked for a permission, and nobody could be asked."
        if self._reason == "stop":
            return "stopped", self._reason
        if exit_code == 0 and self._reason and self._reason != "tool-calls":
            return "stopped", self._reason
        return "crashed", crash(exit_code, stderr)

    def _on_tool(self, part: Message) -> Iterator[AgentEvent]:
        """A call and its result come together, when it is over."""
        state = mapping(part, "state")
        name, given = text(part, "tool"), mapping(state, "input")
        kind = _KINDS.get(name, "other")
        call = ToolCall(text(part, "callID"), kind, title(kind, name, given, self._job.worktree), given)
        yield call
        is_good = text(state, "status") == "completed"
        if is_good and kind == "edit" and (path := path_of(given)):
            is_new = value(state, "metadata", "exists") is False
            changed = inside(self._job.worktree, path)
            yield FileChange(changed, "add" if is_new else "update", capped(text(state, "metadata", "diff"))[0])
        if _REJECTED in text(state, "error"):
            self._is_denied = True
            yield Denied(call.id, "rules", text(state, "error"))
        said, is_cut = capped(text(state, "output") or text(state, "error"))
        is_good = is_good and value(state, "metadata", "exit") in (None, 0)
        yield ToolResult(call.id, is_good, said, is_cut or value(state, "metadata", "truncated") is True)
