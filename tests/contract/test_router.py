"""What every router promises: the table, a program, and the fake."""

import json
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from adapters.routing.command import TIMEOUT_S, CommandRouter
from adapters.routing.table import TableRouter
from adapters.routing.with_table import RouterWithTable
from factory.errors import Malformed, Refused, Unreachable, Usage
from factory.ports.knowledge import Router
from tests.fakes.knowledge import FakeRouter

ECHO = """
import json, sys
asked = json.load(sys.stdin)
route = {"domain": asked["domain"] or "backend", "builder": "CodeCraft", "verifier": "Proveo",
         "matched": asked["paths"], "rule": asked["goal"], "score": 3, "margin": 3, "runner_up": "infra",
         "extra": {"more": "keys"}}
print(json.dumps(route))
"""
NOTHING_FITS = 'print(\'{"domain": "", "rule": "no idea"}\')'


def program(source: str, *arguments: str) -> CommandRouter:
    return CommandRouter([sys.executable, "-c", source, *arguments], timeout_s=20)


def with_table(source: str) -> RouterWithTable:
    return RouterWithTable(program(source), TableRouter())


@pytest.fixture(params=["table", "command", "command that fails", "fake"])
def router(request: pytest.FixtureRequest) -> Router:
    routers: dict[str, Callable[[], Router]] = {
        "table": TableRouter,
        "command": lambda: with_table(ECHO),
        "command that fails": lambda: with_table("import sys; sys.exit(3)"),
        "fake": FakeRouter,
    }
    return routers[request.param]()


@pytest.fixture(params=["table", "command", "command that fails", "fake"])
def lost_router(request: pytest.FixtureRequest) -> Router:
    routers: dict[str, Callable[[], Router]] = {
        "table": TableRouter,
        "command": lambda: with_table(NOTHING_FITS),
        "command that fails": lambda: with_table("import sys; sys.exit(3)"),
        "fake": lambda: FakeRouter(None),
    }
    return routers[request.param]()


def test_a_route_names_two_companies_and_says_why(router: Router) -> None:
    route = router.route("Fix the API and its database")
    assert route.domain == "backend"
    assert route.builder
    assert route.builder != route.verifier
    assert route.rule
    assert route.override == ""


def test_the_operator_may_choose_the_domain(router: Router) -> None:
    route = router.route("Fix the API", domain="infra")
    assert (route.domain, route.override) == ("infra", "infra")


def test_a_goal_that_fits_nowhere_is_unrouted(lost_router: Router) -> None:
    with pytest.raises(Refused) as caught:
        lost_router.route("zzz")
    assert caught.value.code == "unrouted"
    assert "--domain" in caught.value.hint


def table(path: Path, text: str) -> TableRouter:
    path.write_text(text)
    return TableRouter(path)


def test_a_table_of_the_operator_counts(tmp_path: Path) -> None:
    text = """
minimum = 1
[[rows]]
domain = "product"
builder = "Vizu"
verifier = "Lexicon"
words = { kite = 5 }
"""
    router = table(tmp_path / "routes.toml", text)
    route = router.route("Build a kite")
    assert (route.domain, route.builder, route.matched, route.score) == ("product", "Vizu", ("kite",), 5)
    assert route.table_sha256 != TableRouter().route("Fix the API and its database").table_sha256
    with pytest.raises(Usage, match="'backend'"):
        router.route("Build a kite", domain="backend")


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("minimum = = 1\n", "line 1"),
        ("rows = 3\n", "rows"),
        ('[[rows]]\ndomain = "a"\nbuilder = "b"\n', "rows[0].verifier"),
        ('[[rows]]\ndomain = "a"\nbuilder = "b"\nverifier = "c"\ncolour = 1\n', "rows[0].colour"),
        ("", "rows"),
    ],
)
def test_a_table_that_cannot_be_used_names_file_and_key(tmp_path: Path, text: str, named: str) -> None:
    with pytest.raises(Malformed) as caught:
        table(tmp_path / "routes.toml", text).route("Fix the API")
    assert named in caught.value.message
    assert "routes.toml" in caught.value.message
    assert caught.value.hint


def test_a_table_that_is_not_there_or_not_text_is_malformed(tmp_path: Path) -> None:
    (tmp_path / "bytes.toml").write_bytes(b"a = '\xff'")
    for name, why in (("gone.toml", "No such file"), ("bytes.toml", "UTF-8"), (".", "directory")):
        with pytest.raises(Malformed, match=why):
            TableRouter(tmp_path / name).route("Fix the API")


def test_the_program_gets_the_whole_question() -> None:
    goal = "Popravi plaćanje\n" + "x" * 60_000
    route = program(ECHO).route(goal, paths=("api/a.py", "b.sql"))
    assert (route.rule, route.matched, route.runner_up) == (goal, ("api/a.py", "b.sql"), "infra")


def test_the_goal_is_the_last_argument() -> None:
    source = """
import json, sys
print(json.dumps({"domain": "backend", "builder": "a", "verifier": "b", "rule": sys.argv[-1],
                  "matched": sys.argv[1:-1]}))
"""
    route = program(source, "--team", "shop").route("Popravi --plaćanje\n'$(date)'")
    assert (route.rule, route.matched) == ("Popravi --plaćanje\n'$(date)'", ("--team", "shop"))


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("import sys; sys.exit('not today')", "not today"),
        ("print('hello')", "its output"),
        ("import time; time.sleep(60)", "did not answer within 1 s"),
    ],
)
def test_the_table_stands_in_for_a_program_that_gives_no_route_and_the_route_says_so(source: str, said: str) -> None:
    router = RouterWithTable(
        CommandRouter([sys.executable, "-c", source], timeout_s=1 if "sleep" in source else 20), TableRouter()
    )
    route = router.route("Fix the API and its database")
    assert replace(route, notice="") == TableRouter().route("Fix the API and its database")
    assert said in route.notice
    assert route.notice.endswith("The table was used.")
    with pytest.raises(Refused) as caught:
        router.route("zzz")
    assert said in caught.value.message
    assert caught.value.code == "unrouted"


def test_a_program_has_five_seconds() -> None:
    assert TIMEOUT_S == 5


@pytest.mark.parametrize(
    ("source", "named"),
    [
        ("print('hello')", "its output"),
        ("print('{}')", "domain"),
        ("print('[]')", "its output"),
        ("print('{\"domain\": 7}')", "domain"),
        ('print(\'{"domain": "a", "builder": "b", "verifier": "c", "score": "high"}\')', "score"),
        ('print(\'{"domain": "a", "builder": "b"}\')', "no builder or no verifier"),
        ("", "its output"),
        ("import sys; sys.exit('not \\x1b[31mtoday')", "ended with 1: not ␛[31mtoday"),
        ("import sys; sys.exit(3)", "ended with 3: it said nothing"),
    ],
)
def test_an_answer_that_is_no_route_is_malformed_and_says_why(source: str, named: str) -> None:
    with pytest.raises(Malformed) as caught:
        program(source).route("Fix the API")
    assert named in caught.value.message
    assert "[routing] command" in caught.value.hint


@pytest.mark.parametrize("argv", [["/nowhere/router"], [], ["a\0b"]])
def test_a_program_that_cannot_be_started_is_unreachable(argv: Sequence[str]) -> None:
    with pytest.raises(Unreachable, match="cannot be started"):
        CommandRouter(argv).route("Fix the API")


def test_a_program_that_hangs_is_ended_with_all_its_children(tmp_path: Path) -> None:
    alive = tmp_path / "alive"
    source = f"""
import os, pathlib, subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
pathlib.Path({json.dumps(str(alive))}).write_text(str(child.pid))
time.sleep(60)
"""
    router = CommandRouter([sys.executable, "-c", source], timeout_s=2)
    with pytest.raises(Unreachable, match="within 2 s") as caught:
        router.route("Fix the API")
    assert caught.value.code == "timeout"
    if alive.exists() and (pid := alive.read_text()):  # on a busy machine the time may be over before the child begins
        assert is_gone(int(pid))


def is_gone(pid: int, patience_s: float = 30) -> bool:
    """Whether a process ends within a while."""
    until = time.monotonic() + patience_s
    while time.monotonic() < until:
        try:
            if psutil.Process(pid).status() == psutil.STATUS_ZOMBIE:
                return True
        except psutil.NoSuchProcess:
            return True
    return False
