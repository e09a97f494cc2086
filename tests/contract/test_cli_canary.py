"""`cockpit canary` before anything is started: what can never be right, and what is not there."""

import subprocess
from pathlib import Path

import pytest

from tests.contract.command_line import CommandLine


@pytest.fixture
def cli(home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> CommandLine:
    return CommandLine(home, capsys, monkeypatch)


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A repository with a function that can go wrong, and one that cannot."""
    repo = tmp_path / "shop"
    repo.mkdir()
    (repo / "price.py").write_text("def total(a, b):\n    return a + b\n\n\nclass Cart:\n    def add(self): ...\n")
    (repo / "bare.py").write_text("x = 1\n")
    (repo / "broken.py").write_text("def (")
    who = ("-c", "user.name=ana", "-c", "user.email=ana@example.org")
    for words in (("init", "-q"), ("add", "."), (*who, "commit", "-qm", "shop")):
        subprocess.run(["git", *words], cwd=repo, check=True)
    return repo


@pytest.mark.parametrize(
    ("words", "exit_code", "code", "said"),
    [
        (("--n", "0"), 2, "usage", "from 1 to 500, and it is 0"),
        (("--n", "100000"), 2, "usage", "from 1 to 500, and it is 100000"),
        (("--n", "many"), 2, "usage", "'--n': it should be a valid integer"),
        (("--budget", "nan"), 2, "usage", "--budget: 'nan' is not an amount"),
        (("--budget", "0"), 2, "usage", "The budget is zero"),
        (("--verifier", "nobody"), 4, "not_found", "There is no agent 'nobody'"),
        (("--verifier", "command:/no/such/program"), 4, "not_found", "/no/such/program"),
        (("--accept", "A1"), 2, "usage", "'A1' cannot be used"),
        (("--accept", "A1: holds :: true"), 2, "usage", "Add: --repo DIR"),
        (("--prepare", "'"), 2, "usage", "--prepare cannot be split"),
        (("--repo", "/nowhere"), 3, "not_a_repository", "/nowhere"),
    ],
)
def test_what_cannot_be_is_said_in_a_sentence(
    cli: CommandLine, words: tuple[str, ...], exit_code: int, code: str, said: str
) -> None:
    verifier = () if "--verifier" in words else ("--verifier", "command:true")
    error = cli.json("canary", *verifier, *words).failed(exit_code, code)
    assert said in f"{error['message']} {error['hint']}"


def test_without_a_verifier_it_says_how_to_name_one(cli: CommandLine) -> None:
    assert "--verifier command:PROGRAM" in cli.json("canary").failed(3, "no_agent")["hint"]


@pytest.mark.parametrize(
    ("where", "exit_code", "code", "said"),
    [
        ("price.py:nofunc", 4, "not_found", "There is no function 'nofunc' in price.py. It has total, Cart.add."),
        ("price.py:Cart", 4, "not_found", "It has total, Cart.add."),
        ("bare.py:any", 4, "not_found", "There is no function 'any' in bare.py. It has none."),
        ("broken.py:total", 2, "usage", "--mutate broken.py: it cannot be parsed as Python."),
        ("price.py:Cart.add", 3, "refused", "No small mistake can be made in price.py:Cart.add"),
        ("none.py", 4, "not_found", "There is no file 'none.py'"),
    ],
)
def test_what_cannot_be_changed_is_named(
    cli: CommandLine, shop: Path, where: str, exit_code: int, code: str, said: str
) -> None:
    own = ("--repo", str(shop), "--accept", "A1: holds :: true", "--mutate", where)
    error = cli.json("canary", "--verifier", "command:true", *own).failed(exit_code, code)
    assert said in f"{error['message']} {error['hint']}"
