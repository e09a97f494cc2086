"""Checks of the fake model server itself (standard library only: python3 -m unittest)."""

from __future__ import annotations

import http.client
import json
import unittest
import urllib.error
import urllib.request
from typing import Any

import pytest

from tests.support.fake_model import WIRE, FakeModel, Scenario, ScenarioError, offered_tools, resolve_call

ANTHROPIC_TOOLS = [{"name": "Bash", "input_schema": {"properties": {"command": {"type": "string"}}}}]


def post(url: str, body: dict[str, Any], headers: dict[str, str] | None = None) -> tuple[int, str]:
    request = urllib.request.Request(url, data=json.dumps(body).encode(), headers=headers or {})
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as exc:
        return exc.code, exc.read().decode()


def ask(model: FakeModel, lane: str = "default", text: str = "go", **body: Any) -> tuple[int, str]:
    messages = [{"role": "user", "content": text}]
    return post(
        model.url(lane) + "/v1/messages", {"model": "m", "messages": messages, "tools": ANTHROPIC_TOOLS, **body}
    )


class Serving(unittest.TestCase):
    def test_every_wire_format_streams_and_answers_whole(self) -> None:
        turns = [{"text": "hello", "tools": [{"run": "ls"}], "times": "forever"}]
        with FakeModel(Scenario.parse({"turns": turns})) as model:
            for path in WIRE:
                for stream in (True, False):
                    body = {"model": "m", "stream": stream, "messages": [], "tools": ANTHROPIC_TOOLS}
                    status, text = post(model.url() + path, body)
                    assert status == 200, path
                    assert "hello" in text
                    assert "Bash" in text

    def test_turns_are_served_in_order_and_the_end_is_reported(self) -> None:
        with FakeModel(Scenario.parse({"turns": [{"text": "one", "times": 2}, {"text": "two"}]})) as model:
            answers = [json.loads(ask(model)[1]) for _ in range(3)]
            assert [a["content"][0]["text"] for a in answers] == ["one", "one", "two"]
            assert model.unused_turns() == {}
            status, _ = ask(model)
            assert status == 400
            assert "beyond the end" in model.failures[0]

    def test_lanes_are_independent(self) -> None:
        lanes = {"coder": [{"text": "code"}], "verifier": [{"text": "check"}]}
        with FakeModel(Scenario.parse({"lanes": lanes})) as model:
            assert "check" in ask(model, "verifier")[1]
            assert model.unused_turns() == {"coder": 1}

    def test_side_errands_do_not_move_the_script(self) -> None:
        with FakeModel(Scenario.parse({"turns": [{"text": "real"}], "side_text": "title"})) as model:
            assert "title" in ask(model, tools=[])[1]
            assert "real" in ask(model)[1]

    def test_scripted_error_then_recovery(self) -> None:
        error = {"status": 529, "type": "overloaded_error", "message": "Overloaded", "retry_after": 1}
        with FakeModel(Scenario.parse({"turns": [{"error": error}, {"text": "ok"}]})) as model:
            status, text = ask(model)
            assert (status, json.loads(text)["error"]["type"]) == (529, "overloaded_error")
            assert ask(model)[0] == 200

    def test_wrong_key_is_refused_and_never_recorded(self) -> None:
        with FakeModel(Scenario.parse({"api_key": "right", "turns": [{"text": "in"}]})) as model:
            assert post(model.url() + "/v1/messages", {}, {"x-api-key": "wrong-key"})[0] == 401
            assert "wrong-key" not in json.dumps(model.requests)
            bearer = {"authorization": "Bearer right"}
            assert post(model.url() + "/v1/messages", {"tools": ANTHROPIC_TOOLS}, bearer)[0] == 200

    def test_unmet_expectation_is_a_failure(self) -> None:
        with FakeModel(Scenario.parse({"turns": [{"text": "x", "expect": "tests? passed"}]})) as model:
            ask(model, text="1 failed")
            assert len(model.failures) == 1

    def test_cut_stream(self) -> None:
        turn = {"text": "a long answer", "chunk_chars": 2, "disconnect_after": 3}
        with FakeModel(Scenario.parse({"turns": [turn]})) as model, pytest.raises(http.client.IncompleteRead):
            ask(model, stream=True)


class Portable(unittest.TestCase):
    def test_verbs_follow_the_offered_schema(self) -> None:
        tools: list[dict[str, Any]] = [
            {"type": "function", "function": {"name": "edit", "parameters": {"properties": {"path": {}, "edits": {}}}}},
            {"type": "function", "name": "shell", "parameters": {"properties": {"command": {"type": "array"}}}},
            {"type": "custom", "name": "apply_patch"},
        ]
        offered = offered_tools(tools)
        edit = resolve_call({"edit": {"path": "a.py", "old": "x", "new": "y"}}, offered)
        assert edit.arguments == {"path": "a.py", "edits": [{"oldText": "x", "newText": "y"}]}
        assert resolve_call({"run": "ls"}, offered).arguments["command"] == ["bash", "-lc", "ls"]
        assert "*** Add File: b.py" in (resolve_call({"write": {"path": "b.py", "content": "z"}}, offered).text or "")

    def test_unknown_keys_and_verbs_are_named(self) -> None:
        with pytest.raises(ScenarioError, match="unknown keys"):
            Scenario.parse({"turns": [{"txet": "typo"}]})
        with pytest.raises(ScenarioError, match="no offered tool"):
            resolve_call({"run": "ls"}, [])

    def test_variables(self) -> None:
        scenario = Scenario.parse({"turns": [{"text": "${repo}/a ${other}"}]}, {"repo": "/r"})
        assert scenario.lanes["default"].turns[0].text == "/r/a ${other}"


if __name__ == "__main__":
    unittest.main()
