"""Which workflows the factory takes, and what it says of those that it does not."""

import tomllib
from dataclasses import replace

import pytest

from factory.errors import Malformed
from factory.model.definition import Clocks, Definition
from factory.rules.workflows import workflow_from

BASE = Definition(clocks=Clocks(idle_s=7.0), check_timeout_s=8.0, auto_verify=True)


def read(text: str) -> Definition:
    return workflow_from("quick.toml", "quick", tomllib.loads(text), BASE)


def test_what_a_workflow_does_not_say_is_as_it_is_configured() -> None:
    assert read("") == replace(BASE, name="quick")


def test_what_it_says_is_what_a_run_gets() -> None:
    found = read(
        """
        version = "7"
        max_rounds = 1
        threshold = 95
        trigger = "request"
        estimate_usd = 0.5
        steps = ["plan", "build", "verify", "qa", "docs", "writeback"]
        [clocks]
        wall_s = 60
        check_s = 30
        """
    )
    assert found == Definition(
        name="quick", version="7", max_rounds=1, threshold=95, auto_verify=False, agent_estimate_micros=500_000,
        clocks=Clocks(idle_s=7.0, wall_s=60.0), check_timeout_s=30.0,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('steps = ["plan", "build", "qa", "docs", "writeback"]', "leaves out 'verify', and it is where somebody else"),
        ('steps = ["build", "verify", "qa", "docs", "writeback"]', "leaves out 'plan', and it runs the acceptance"),
        ('steps = ["plan", "build", "verify", "qa", "docs", "deploy", "writeback"]', "'deploy', which the factory"),
        ('steps = ["build", "plan", "verify", "qa", "docs", "writeback"]', "in this order"),
        ('steps = ["plan", "plan", "build", "verify", "qa", "docs", "writeback"]', "each once"),
        ("steps = 3", "'steps' must be a list"),
        ("max_rounds = 0", "'max_rounds' must be a number from 1 to 64"),
        ("max_rounds = 1.5", "'max_rounds' must be a whole number"),
        ("max_rounds = true", "'max_rounds' must be a number"),
        ("threshold = 59", "'threshold' must be a number from 60 to 100"),
        ('trigger = "dispatch"', "nothing is sent to a verifier before there is an artefact"),
        ('trigger = "never"', "one of request, automatic"),
        ('estimate_usd = "cheap"', "'estimate_usd' is no amount"),
        ("clocks = 3", "[clocks]"),
        ("[clocks]\nwall_s = 0", "'clocks.wall_s' must be a number from 0.1"),
        ("[clocks]\nwall_s = nan", "'clocks.wall_s' must be a number from 0.1"),
        ("[clocks]\nsleep_s = 1", "'clocks.sleep_s' is unknown"),
        ("rounds = 3", "'rounds' is unknown; known are version, steps, max_rounds"),
    ],
)
def test_what_the_factory_cannot_do_is_a_sentence(text: str, says: str) -> None:
    with pytest.raises(Malformed) as caught:
        read(text)
    assert says in caught.value.message
    assert caught.value.message.startswith("quick.toml: '")
