"""Settings: what is stronger than what, and the sentences for what cannot be."""

import re
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.config import find_home, load, readers_of
from cockpit.setting_values import Reader
from cockpit.settings import SECTIONS, TABLES, AgentSection, launch_defaults
from factory.errors import Malformed, Unreachable, Usage
from factory.model.defaults import Defaults


def written(home: Path, text: str) -> Path:
    home.mkdir(exist_ok=True)
    (home / "config.toml").write_text(text, encoding="utf-8")
    return home


def test_a_home_without_a_file_has_the_defaults_of_the_factory(home: Path) -> None:
    settings = load(home, {})
    assert launch_defaults(settings) == Defaults()
    assert settings.origins == {}
    assert not home.exists()


def test_the_file_is_stronger_than_the_default_and_the_environment_than_the_file(home: Path) -> None:
    written(home, "[worker]\nidle_exit_s = 5\nagents = 3\n[defaults]\nbudget_usd = 1.25\n")
    settings = load(home, {"COCKPIT_WORKER_IDLE_EXIT_S": "7.5"})
    assert (settings.worker.idle_exit_s, settings.worker.agents) == (7.5, 3)
    assert launch_defaults(settings).budget_micros == 1_250_000
    assert settings.origins == {
        "worker.idle_exit_s": "COCKPIT_WORKER_IDLE_EXIT_S",
        "worker.agents": "config.toml",
        "defaults.budget_usd": "config.toml",
    }


def test_variables_of_agents_are_not_taken_for_settings(home: Path) -> None:
    names = ("PROMPT_FILE", "ROLE", "RUN", "STEP", "ATTEMPT", "THREAD", "RESULT_FILE", "SUBJECT", "HOME")
    assert load(home, {f"COCKPIT_{name}": "x" for name in names}) == load(home, {})


def test_a_configured_agent_is_read_with_what_it_may_see(home: Path) -> None:
    written(home, '[agents.careful]\nuse = "command:./x --y"\ncompany = "Vizu"\nenv = ["API_KEY", "B_2"]\n')
    assert load(home, {}).agents == {"careful": AgentSection("command:./x --y", "Vizu", ("API_KEY", "B_2"))}


def test_a_secret_in_the_file_is_refused_and_not_repeated(home: Path) -> None:
    with pytest.raises(Malformed, match="where the secret is kept") as caught:
        load(written(home, "[knowledge]\ntoken = 'tok-1234567890'"), {})
    assert "tok-1234567890" not in caught.value.message + caught.value.hint


def test_automatic_verification_is_frozen_into_the_definition(home: Path) -> None:
    assert launch_defaults(load(written(home, '[verify]\ntrigger = "automatic"'), {})).definition.auto_verify


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("[worker]\nidle_exit = 5", "worker.idle_exit"),
        ("[workr]\nagents = 1", "[workr]"),
        ("agents = 3", "agents"),
        ("worker = 3", "worker"),
        ("[agents]\ncareful = 'command:x'", "agents.careful"),
        ("[agents.careful]\nuses = 'x'", "agents.careful.uses"),
        ("[agents.careful]\nenv = ['A B']", "agents.careful.env"),
        ("[agents.careful]\nenv = 5", "agents.careful.env"),
        ("[defaults]\nbudget_usd = nan", "defaults.budget_usd"),
        ("[defaults]\nbudget_usd = inf", "defaults.budget_usd"),
        ("[defaults]\nbudget_usd = -1", "defaults.budget_usd"),
        ("[defaults]\nbudget_usd = 10000.01", "defaults.budget_usd"),
        ("[defaults]\nbudget_usd = true", "defaults.budget_usd"),
        ("[defaults]\ncoder = 'a\0b'", "config.toml"),
        ('[defaults]\ncoder = "a\\u0000b"', "defaults.coder"),
        ("[defaults]\nprofile = 'duo'", "defaults.profile"),
        ("[worker]\nagents = 0", "worker.agents"),
        ("[worker]\nagents = 1.5", "worker.agents"),
        ("[worker]\nidle_exit_s = 'soon'", "worker.idle_exit_s"),
        ("[clocks]\nwall_s = 0", "clocks.wall_s"),
        ("[clocks]\nwall_s = true", "clocks.wall_s"),
        ("[prepare]\ncommand = 'echo \"'", "prepare.command"),
        ("[verify]\nthread_cap_usd = 1.01", "verify.thread_cap_usd"),
        ("[verify]\ntrigger = 'never'", "verify.trigger"),
        ("[canary]\nevery_runs = -1", "canary.every_runs"),
        ("[canary]\nn = 0", "canary.n"),
        ("[metrics]\ntrial = 1", "metrics.trial"),
        ("[routing]\ntable = ''", "routing.table"),
        ("[keys]\n'run.verify' = 3", "keys.run.verify"),
        ("[mission]\nurl = 'ftp://x'", "mission.url"),
        ("[mission]\nurl = 'http://joe:pw@x'", "mission.url"),
        ("[mission]\nurl = 'http://x:99999'", "mission.url"),
        ("[mission]\nurl = 'http://a..b'", "mission.url"),
        ("[mission]\nurl = 'http://ä_b'", "mission.url"),
        ("[mission]\nurl = 'http://a b'", "mission.url"),
        ("[mission]\nurl = 'http://1.2.3.999'", "mission.url"),
        ("[mission]\nurl = 'http://[::1'", "mission.url"),
        ("[mission]\nurl = 'http://[zz::]'", "mission.url"),
        (f"[mission]\nassignee = '{'x' * 101}'", "mission.assignee"),
        (f"[mission]\nassignee = '{'🏭' * 51}'", "mission.assignee"),
        ("[memory]\nkey = 'sk-1234567890'", "memory.key"),
        ("[sinks]\nhive = 3", "sinks.hive"),
        ("[sinks.hive]\nops = ['all']", "sinks.hive.ops"),
        ("[worker\n", "config.toml"),
    ],
)
def test_what_cannot_be_is_refused_by_name_with_the_file_and_a_fix(home: Path, text: str, named: str) -> None:
    with pytest.raises(Malformed) as caught:
        load(written(home, text), {})
    assert caught.value.exit_code == 6
    assert named in caught.value.message
    assert str(home / "config.toml") in caught.value.message
    assert caught.value.hint


@pytest.mark.parametrize(("agent", "named"), [("careful", "careful"), ("claude", "claude:opus")])
def test_a_premium_agent_cannot_be_the_default_verifier(home: Path, agent: str, named: str) -> None:
    text = f"[agents.{agent}]\ntier = 'premium'\n[defaults]\ncoder = '{named}'\n"
    assert load(written(home, text), {}).defaults.coder == named, "a coder may be"
    with pytest.raises(Malformed, match="premium") as caught:
        load(home, {"COCKPIT_DEFAULTS_VERIFIER": named})
    assert "COCKPIT_DEFAULTS_VERIFIER" in caught.value.message


def test_a_verifier_cannot_be_asked_at_dispatch_and_the_error_says_why(home: Path) -> None:
    with pytest.raises(Malformed, match="nothing is sent to a verifier before there is an artefact"):
        load(written(home, '[verify]\ntrigger = "dispatch"'), {})


def test_a_wrong_variable_is_named_as_itself(home: Path) -> None:
    with pytest.raises(Malformed, match=r"COCKPIT_VERIFY_TRIGER.*verify\.triger") as caught:
        load(home, {"COCKPIT_VERIFY_TRIGER": "automatic"})
    assert "trigger" in caught.value.hint


def test_the_nearest_known_key_is_offered(home: Path) -> None:
    with pytest.raises(Malformed) as caught:
        load(written(home, "[worker]\nidle_exit = 5"), {})
    assert caught.value.hint == "Did you mean 'idle_exit_s'?"


def test_a_file_that_is_not_utf8_is_malformed_and_a_folder_is_unreachable(home: Path) -> None:
    home.mkdir()
    (home / "config.toml").write_bytes(b"[defaults]\ncoder = '\xff'\n")
    with pytest.raises(Malformed, match="not UTF-8"):
        load(home, {})
    (home / "config.toml").unlink()
    (home / "config.toml").mkdir()
    with pytest.raises(Unreachable, match="cannot be read"):
        load(home, {})


def test_the_option_is_stronger_than_the_variable_and_that_than_the_platform(tmp_path: Path) -> None:
    environ = {"COCKPIT_HOME": str(tmp_path / "variable")}
    assert find_home(str(tmp_path / "option"), environ) == tmp_path / "option"
    assert find_home(None, environ) == tmp_path / "variable"
    assert find_home(None, {}).name == "cockpit"


def test_a_relative_home_is_made_absolute(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert find_home("here", {}) == tmp_path / "here"


@pytest.mark.parametrize("empty", ["", "  ", "a\0b"])
def test_an_empty_home_is_no_home(empty: str) -> None:
    with pytest.raises(Usage, match="--home"):
        find_home(empty, {})
    with pytest.raises(Usage, match="COCKPIT_HOME"):
        find_home(None, {"COCKPIT_HOME": empty})


@given(section=st.sampled_from(sorted(SECTIONS)), value=st.one_of(st.text(), st.integers(), st.floats(), st.booleans()))
def test_every_key_takes_a_value_or_says_that_it_cannot(section: str, value: Any) -> None:
    for read in readers_of(SECTIONS[section]).values():
        if fault := _fault(read, value):
            assert re.fullmatch(r"\S.*[^.]", fault, re.DOTALL), "the end of a sentence about the key"


@pytest.mark.parametrize("kind", [*SECTIONS.values(), *TABLES.values()], ids=lambda kind: kind.__name__)
def test_a_section_can_be_copied_into_the_orders_of_an_agent(kind: type) -> None:
    assert deepcopy(kind()) == kind()


def _fault(read: Reader, value: object) -> str:
    try:
        read(value)
    except ValueError as error:
        return str(error)
    return ""
