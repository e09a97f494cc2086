"""The guides say what is so: their commands can be given, keys and codes are there, numbers are those of the code."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from adapters import command_lookup
from adapters.mission import pace
from adapters.routing import command as routing_command
from adapters.sinks import command as sink_command
from cockpit.canaries import LEASE_S
from cockpit.cli.commands import COMMANDS, GROUPS, application
from cockpit.cli.global_options import take_global_options
from cockpit.keymap import KEYS, shown
from cockpit.settings import Settings
from factory.rules import agent_flags, intervals, known_patches
from factory.rules.budget import WARN_PERCENT
from factory.rules.false_passes import SLOW_S
from factory.rules.metrics import WINDOW_S
from factory.rules.money import FREE_THREAD_CAP
from factory.rules.scoring import ENOUGH
from factory.rules.trial import AFTER, BEFORE, runs_needed

ROOT = Path(__file__).parents[2]
GUIDES = (
    "README.md",
    *(
        f"docs/{name}.md"
        for name in ("operating", "administration", "extending", "agents", "trust", "canary", "metrics")
    ),
)
DEFAULTS = Settings(Path("/home"))
IDLE_MINUTES = DEFAULTS.worker.idle_exit_s / 60
NUMBERS = (
    ("administration", r"ends itself after (\d+) minutes", IDLE_MINUTES),
    ("administration", r"of a verifier's thread \| \$([\d.]+)", DEFAULTS.verify.thread_cap_usd / 1e6),
    ("administration", r"of a run \| \$([\d.]+)", DEFAULTS.defaults.budget_usd / 1e6),
    ("administration", r"up to \$([\d.]+) by `cockpit cap`", FREE_THREAD_CAP / 1e6),
    ("administration", r"At (\d+) % of a cap", WARN_PERCENT),
    ("administration", r"writes at most (\d+) times a minute", pace.PER_MINUTE + pace.BURST),
    ("administration", r"JSON on its input, within (\d+) s", sink_command.TIMEOUT_S),
    ("administration", r"exit 0 means that it has it, (\d+) that", sink_command.TEMPFAIL),
    ("administration", r"as the last argument and has (\d+) s", command_lookup.TIMEOUT_S),
    ("extending", r"within (\d+) seconds", routing_command.TIMEOUT_S),
    ("extending", r"exit 0 = it has it, (\d+) = try again", sink_command.TEMPFAIL),
    ("extending", r"`threshold` \((\d+) to", ENOUGH),
    ("canary", r"patches \((\d+) unless you", DEFAULTS.canary.n),
    ("canary", r"at most (\d+)\)", known_patches.MOST),
    ("canary", r"under (\d+) patches of a kind", intervals.FEWEST),
    ("canary", r"budget_usd`, \$([\d.]+)\)", DEFAULTS.canary.budget_usd / 1e6),
    ("canary", r"no usable verdict (\d+) times in a row", known_patches.SILENT_AT_MOST),
    ("canary", r"its verifier within (\d+) s", LEASE_S),
    ("canary", r"about (\d+) runs per arm", runs_needed(BEFORE, AFTER)),
    ("metrics", r"share, (\d+) cases or more", intervals.FEWEST),
    ("metrics", r"ended more than (\d+) days ago", WINDOW_S / 86_400),
    ("metrics", r"in 2 of its last (\d+) attempts", agent_flags.LAST),
    ("metrics", r"at least (\d+) times as often", agent_flags.TIMES_OTHERS),
    ("metrics", r"\((\d+) attempts or more on both sides", intervals.FEWEST),
    ("metrics", r"of those that take (\d+) s or more", SLOW_S),
    ("operating", r"thread over \$([\d.]+)", FREE_THREAD_CAP / 1e6),
)


def text_of(guide: str) -> str:
    return (ROOT / guide).read_text()


def commands(text: str) -> Iterator[str]:
    """Every call of the cockpit in a guide: lines of shell blocks, and words in backticks."""
    for block in re.findall(r"```sh\n(.*?)```", text, re.DOTALL):
        for line in block.replace("\\\n", " ").splitlines():
            if line.startswith("cockpit "):
                yield line
    for words in re.findall(r"`(cockpit [^`]+)`", " ".join(re.sub(r"```.*?```", "", text, flags=re.DOTALL).split())):
        yield from (words.replace("\\|", "|"),)


CALLS = sorted({call for guide in GUIDES for call in commands(text_of(guide))})


@pytest.mark.parametrize("call", CALLS)
def test_every_command_of_the_guides_can_be_given(call: str) -> None:
    """As the parser of the program takes it; `test_guides` carries those of the operator out."""
    _, words = take_global_options(shlex.split(call, comments=True)[1:])
    assert words, call
    words = [word.split("|")[0] for word in words]
    assert words[0] in {*COMMANDS, *GROUPS, "--help", "--version"}, call
    if "--line" in words or words[0].startswith("--"):
        return
    command = application(words[0])
    context = command.make_context("cockpit", list(words), resilient_parsing=True)
    while hasattr(command, "resolve_command") and len(words) > 0:
        name, command, words = command.resolve_command(context, list(words))
        is_whole = not hasattr(command, "resolve_command") and len(words) > 0
        context = command.make_context(name, list(words), parent=context, resilient_parsing=not is_whole)


@pytest.mark.parametrize(("guide", "pattern", "number"), NUMBERS)
def test_every_number_of_the_guides_is_the_one_of_the_code(guide: str, pattern: str, number: float) -> None:
    found = re.findall(pattern, text_of(f"docs/{guide}.md").replace("\n", " "))
    assert [float(each) for each in found] == [number]


def test_the_keys_of_the_guide_are_keys() -> None:
    keys = {shown(key) for each in KEYS for key in each.keys.split(",")}
    named = set(re.findall(r"`((?:ctrl\+)?[a-zA-Z0-9+$])`", text_of("docs/operating.md")))
    assert len(named) > 15
    assert named <= keys


def test_the_codes_of_the_guide_are_codes_of_the_factory() -> None:
    said = "".join(path.read_text() for name in ("factory", "adapters") for path in (ROOT / name).rglob("*.py"))
    codes = set(re.findall(r"^\| `([a-z]+_[a-z_]+|unpriced)` \|", text_of("docs/operating.md"), re.MULTILINE))
    assert len(codes) > 8
    assert [code for code in codes if f'"{code}"' not in said] == []


def test_the_guides_lead_to_what_is_there() -> None:
    for guide in (*GUIDES, "docs/architecture.md"):
        for link in re.findall(r"\]\(([^)#:]+)\)", text_of(guide)):
            assert (ROOT / guide).parent.joinpath(link).exists(), f"{guide}: {link}"


def test_the_first_page_is_short() -> None:
    """A newcomer is through in three minutes: at two hundred words a minute."""
    words = re.sub(r"!\[.*?\]\(.*?\)|[|`#*]", " ", text_of("README.md")).split()
    assert len(words) < 900
