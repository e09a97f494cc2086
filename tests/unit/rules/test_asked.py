"""What the description of a request gives to whoever works on it."""

from factory.model.request import Request
from factory.rules.guidance import MAX_DESCRIPTION_CHARS, description
from factory.rules.requests import Asked, asked


def request(text: str) -> Request:
    return Request(id="req_1", ref="mission:1", goal="Fix split()", text=text, by="Ana")


def test_it_is_what_stands_there_besides_the_acceptance() -> None:
    checks = "- A1: parts add up :: pytest tests/hidden.py\n`A2: more :: true`\n"
    text = f"The invoice was short.\n\n{checks}See ticket 7: it says why.\n"
    assert asked([request(text)]) == Asked("Ana", "The invoice was short.\n\nSee ticket 7: it says why.")


def test_a_title_alone_gives_nothing() -> None:
    assert asked([]) is None
    assert asked([request("")]) is None
    assert asked([request("A1: parts add up :: pytest -q\n")]) is None


def test_it_is_quoted_line_by_line_and_cut() -> None:
    assert description("one\n\n## two\x1b[2J") == "> one\n>\n> ## two␛[2J"
    assert description("x" * (MAX_DESCRIPTION_CHARS + 7)).endswith("x… (7 more characters)")
