"""What a spec says of a launch, and what is said of one that cannot be."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from factory.errors import Malformed
from factory.rules.spec import spec_from


def read(text: str) -> dict[str, Any]:
    return spec_from("fix.toml", tomllib.loads(text), Path("/specs"))


def test_a_spec_says_only_what_stands_in_it() -> None:
    assert read("") == {}
    assert read('goal = """\nFix it\n"""\nbudget_usd = 0.25') == {"goal": "Fix it", "budget_micros": 250_000}


def test_a_spec_has_the_words_of_the_command_line() -> None:
    found = read(
        """
        goal = "Fix it"
        accept = ["A1: it is right :: make test"]
        priority = "H"
        domain = "backend"
        coder = "claude"
        verifier = "codex"
        planner = "claude"
        prepare = "npm ci"
        workflow = "quick"
        page = "wiki/7"
        premium = "payments"
        allow_green_baseline = true
        repo = "."
        accept_dir = "../tests"
        budget_usd = "3"
        """
    )
    assert found == {
        "goal": "Fix it", "accept": ("A1: it is right :: make test",), "priority": "H", "domain": "backend",
        "coder": "claude", "verifier": "codex", "planner": "claude", "prepare": "npm ci", "workflow": "quick",
        "page": "wiki/7", "premium": "payments", "allow_green_baseline": True, "budget_micros": 3_000_000,
        "repo": Path("/specs"), "accept_dir": Path("/specs/../tests"),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('gaol = "x"', "'gaol' is unknown"),
        ("goal = 3", "'goal' must be text"),
        ('priority = "high"', "'priority' must be one of H, M, L"),
        ('accept = "A1: x :: y"', "'accept' must be a list"),
        ('accept = ["A1: x"]', "'accept' cannot be used"),
        ('accept = ["A1: x :: y", "A1: z :: y"]', "Two acceptance criteria are called A1"),
        ("budget_usd = -1", "'budget_usd' is no amount"),
        ("budget_usd = inf", "'budget_usd' is no amount"),
        ('prepare = "npm \'ci"', "'prepare' cannot be split"),
        ('allow_green_baseline = "yes"', "'allow_green_baseline' must be true or false"),
    ],
)
def test_what_cannot_be_launched_is_a_sentence(text: str, says: str) -> None:
    with pytest.raises(Malformed) as caught:
        read(text)
    assert says in caught.value.message
    assert caught.value.message.startswith("fix.toml: '")
