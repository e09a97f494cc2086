"""A program that speaks Claude Code's `stream-json` as it was recorded, from a script: no model, no network, no wait.

A script is a list of steps, played in order; a resumed session plays another one:

    {"call": 100000}                         a model call with so many input tokens
    {"use": "Bash", "input": {"command": …}} a tool; Bash and Write do what they say, each command in its own session
    {"ask": "Bash", "input": …}              the same, with permission from the host
    {"text": "…"}                            something it says
    {"hear": true}                           wait for a further message, and say it back
    {"flood": 1000, "of": 1000}              so many tool results of so many characters
    {"raw": "…"}                             a line that is no message
    {"serve": "pid.txt"}                     leave a background process that holds the output open
    {"deaf": true}                           from here on nothing polite is heard, and no signal but SIGKILL
    {"hang": true}                           wait for ever
    {"die": 9}                               end by this signal
    {"fail": "rate_limit", "status": 429}    end as after model calls that failed
"""

import json
import os
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

MODEL = "scripted-model"
ROOT = Path(__file__).resolve().parents[2]


class _Interrupted(Exception):
    """The host wants the turn to end."""


def write_program(path: Path, script: list[Any], resumed: list[Any] | None = None) -> str:
    """An executable that plays this script; its path."""
    scripts = json.dumps({"first": script, "resumed": resumed})
    path.write_text(
        f"#!{sys.executable} -I\nimport sys\nsys.path.insert(0, {str(ROOT)!r})\n"
        f"from tests.support.fake_claude import play\nplay({scripts!r})\n"
    )
    path.chmod(0o700)
    return str(path)


def play(scripts: str) -> None:
    """Be the program."""
    _Claude(json.loads(scripts)).run()


class _Claude:
    """One process."""

    def __init__(self, scripts: Mapping[str, Any]) -> None:
        argv = sys.argv
        self._resumed = "--resume" in argv
        self._session = argv[argv.index("--resume" if self._resumed else "--session-id") + 1]
        self._script = scripts["resumed" if self._resumed else "first"]
        self._kept = Path(os.environ["CLAUDE_CONFIG_DIR"], "projects", self._session)
        self._heard: queue.Queue[dict[str, Any]] = queue.Queue()
        self._users: list[str] = []
        self._hooked = self._deaf = False
        self._tokens = self._n = 0
        self._message = ""
        self._answer: dict[str, Any] | None = None
        self._do: Mapping[str, Callable[[Mapping[str, Any]], None]] = {
            "call": lambda step: self._call(int(step["call"])),
            "use": lambda step: self._use(str(step["use"]), step["input"]),
            "ask": lambda step: self._ask(str(step["ask"]), step["input"]),
            "text": lambda step: self._block({"type": "text", "text": step["text"]}),
            "hear": self._hear,
            "flood": self._flood,
            "raw": lambda step: _write(str(step["raw"])),
            "serve": self._serve,
            "deaf": self._go_deaf,
            "hang": lambda _: self._wait(lambda: False),
            "die": lambda step: os.kill(os.getpid(), int(step["die"])),
            "fail": lambda step: self._end(1, "api_error", step),
        }

    def run(self) -> None:
        """From the handshake to the result."""
        threading.Thread(target=self._read, daemon=True).start()
        self._wait(lambda: bool(self._users))
        if self._resumed and not self._kept.exists():
            self._end(1, "", {"errors": [f"No conversation found with session ID: {self._session}"]})
        self._kept.mkdir(parents=True, exist_ok=True)
        _say({"type": "system", "subtype": "init", "session_id": self._session, "model": MODEL,
              "claude_code_version": "2.1.330"})  # fmt: skip
        try:
            for step in self._script:
                self._do[next(iter(step))](step)
        except (_Interrupted, KeyboardInterrupt) as how:
            self._end(1 if isinstance(how, _Interrupted) else 0, "aborted_streaming", {})
        self._end(0, "completed", {})

    def _read(self) -> None:
        for line in sys.stdin.buffer:
            self._heard.put(json.loads(line))
        self._heard.put({"type": "eof"})

    def _wait(self, done: Callable[[], bool]) -> None:
        """Take messages until something is so."""
        while not done():
            self._take(self._heard.get())

    def _take(self, message: dict[str, Any]) -> None:
        if message["type"] == "user":
            self._users.append(message["message"]["content"])
        elif message["type"] == "control_response":
            self._answer = message["response"]["response"]
        elif message["type"] == "control_request":
            request = message["request"]
            _say({"type": "control_response", "response": {"subtype": "success", "request_id": message["request_id"]}})
            self._hooked |= "hooks" in request
            if request["subtype"] == "interrupt" and not self._deaf:
                raise _Interrupted

    def _request(self, request: Mapping[str, Any]) -> dict[str, Any]:
        """Ask the host, and wait for what it says."""
        self._n += 1
        self._answer = None
        _say({"type": "control_request", "request_id": f"req-{self._n}", "request": request})
        self._wait(lambda: self._answer is not None)
        found: dict[str, Any] = vars(self)["_answer"]  # another message set it
        return found

    def _call(self, tokens: int) -> None:
        while not self._heard.empty():
            self._take(self._heard.get())
        self._n += 1
        usage = {"input_tokens": tokens, "output_tokens": 0}
        self._message = f"msg_{self._n}"
        start = {"type": "message_start", "message": {"id": self._message, "model": MODEL, "usage": usage}}
        _say({"type": "stream_event", "event": start})
        self._tokens += tokens
        done = {"type": "message_delta", "usage": usage}
        _say({"type": "stream_event", "event": done})

    def _use(self, name: str, given: Mapping[str, Any], is_allowed: bool = True, why: str = "") -> None:
        self._n += 1
        use = f"toolu_{self._n}"
        self._block({"type": "tool_use", "id": use, "name": name, "input": given})
        said = self._done(name, given) if is_allowed else why
        self._result(use, said, is_allowed)
        if self._hooked:
            asked = {"subtype": "hook_callback", "callback_id": "before-next-call", "tool_use_id": use, "input": {}}
            if self._request(asked).get("continue") is False:
                self._end(0, "hook_stopped", {})

    def _done(self, name: str, given: Mapping[str, Any]) -> str:
        if name == "Write":
            Path(given["file_path"]).write_text(given["content"])
        elif name == "Bash":
            return self._carry_out(given["command"])
        return "x" * int(given.get("size", 0)) or "ok"

    def _carry_out(self, words: str) -> str:
        """What a command says; the host is heard meanwhile."""
        command = subprocess.Popen(words, shell=True, stdout=subprocess.PIPE, start_new_session=True)  # noqa: S602
        said: list[str] = []

        def listen() -> None:
            said.append(command.communicate()[0].decode())
            self._heard.put({"type": "command_ended"})

        threading.Thread(target=listen, daemon=True).start()
        self._wait(lambda: bool(said))
        return said[0]

    def _ask(self, name: str, given: Mapping[str, Any]) -> None:
        asked = {"subtype": "can_use_tool", "tool_name": name, "input": given, "tool_use_id": f"ask_{self._n}"}
        answer = self._request(asked)
        is_allowed = answer["behavior"] == "allow"
        if answer.get("interrupt"):
            raise _Interrupted
        self._use(name, answer["updatedInput"] if is_allowed else given, is_allowed, answer.get("message", ""))

    def _hear(self, _: Mapping[str, Any]) -> None:
        known = len(self._users)
        self._wait(lambda: len(self._users) > known)
        self._block({"type": "text", "text": f"heard: {self._users[-1]}"})

    def _flood(self, step: Mapping[str, Any]) -> None:
        for _ in range(int(step["flood"])):
            self._use("Read", {"file_path": "big", "size": int(step["of"])})

    def _serve(self, step: Mapping[str, Any]) -> None:
        waits = [sys.executable, "-ISc", "import signal; signal.pause()"]
        server = subprocess.Popen(waits, stdin=subprocess.DEVNULL, start_new_session=True)
        Path(str(step["serve"])).write_text(str(server.pid))

    def _go_deaf(self, _: Mapping[str, Any]) -> None:
        self._deaf = True
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_IGN)

    def _block(self, block: Mapping[str, Any]) -> None:
        message = {"id": self._message, "model": MODEL, "content": [block], "usage": {}}
        _say({"type": "assistant", "message": message})

    def _result(self, use: str, text: str, ok: bool) -> None:
        block = {"type": "tool_result", "tool_use_id": use, "content": text, "is_error": not ok}
        _say({"type": "user", "message": {"role": "user", "content": [block]}})

    def _end(self, code: int, reason: str, more: Mapping[str, Any]) -> None:
        """The last word, as it comes whether or not it went well; the input is closed by the host after it."""
        ok = reason in ("completed", "hook_stopped")
        used = {MODEL: {"inputTokens": self._tokens, "outputTokens": 0, "costUSD": 0, "costBasis": "unknown"}}
        _say({
            "type": "result", "subtype": "success" if ok or reason == "api_error" else "error_during_execution",
            "is_error": not ok, "terminal_reason": reason, "session_id": self._session, "queued_turn_count": 0,
            "api_error_status": more.get("status"), "errors": more.get("errors", []),
            "result": more.get("fail", "Done."), "model_usage_since_last_result": used if self._tokens else {},
        })  # fmt: skip
        if self._deaf:
            signal.pause()
        while self._heard.get()["type"] != "eof":
            pass
        os._exit(code)


def _say(message: Mapping[str, Any]) -> None:
    _write(json.dumps(message))


def _write(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()
