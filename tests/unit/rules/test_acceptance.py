"""How acceptance criteria are read, and which test command a repository brings along."""

import shlex

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factory.errors import Usage
from factory.model.run import Criterion
from factory.rules.acceptance import default_criterion, detect_command, is_pytest, parse_criteria, parse_criterion

PYTEST = ("python3", "-m", "pytest", "-q")


def test_a_criterion_has_an_id_a_text_and_a_command() -> None:
    found = parse_criterion("A1: parts add up :: python3 -m pytest 'tests/a b.py'")
    assert found == Criterion("A1", "parts add up", ("python3", "-m", "pytest", "tests/a b.py"))


def test_the_text_ends_at_the_first_separator() -> None:
    found = parse_criterion("A1: it holds: always :: echo a :: b")
    assert (found.text, found.command) == ("it holds: always", ("echo", "a", "::", "b"))


def test_colons_without_spaces_belong_to_the_text() -> None:
    assert parse_criterion("A1: std::vector grows :: make").text == "std::vector grows"


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("A1 parts add up :: make", "no ID"),
        ("A1: parts add up", "no ' :: '"),
        ("A1: parts add up ::make", "no ' :: '"),
        ("A1: parts add up :: ", "command is empty"),
        ("A1: parts add up :: ''", "command is empty"),
        ("A1: parts add up :: echo 'open", "cannot be split"),
        ("A1: parts add up :: echo a\0b", "holds a NUL"),
        ("A1:  :: make", "A1 has no text"),
        (": parts add up :: make", "no ID"),
        ("1A: parts add up :: make", "'1A' is no ID"),
        ("A 1: parts add up :: make", "'A 1' is no ID"),
        ("ABCDEFGHIJKLMNOPQ: 17 characters :: make", "is no ID"),
        ("Ä1: parts add up :: make", "is no ID"),
        ("A1: parts\x1b[2J add up :: make", "control character"),
        ("", "no ' :: '"),
    ],
)
def test_a_malformed_criterion_names_its_fault_and_the_form(text: str, fault: str) -> None:
    with pytest.raises(Usage, match=fault) as caught:
        parse_criterion(text)
    assert caught.value.exit_code == 2
    assert "ID: text :: command" in caught.value.hint


def test_a_long_criterion_is_not_repeated_whole() -> None:
    with pytest.raises(Usage) as caught:
        parse_criterion("x" * 100_000)
    assert len(caught.value.message) < 300


def test_two_criteria_may_not_share_an_id() -> None:
    with pytest.raises(Usage, match="Two acceptance criteria are called A1"):
        parse_criteria(["A1: a :: true", "A2: b :: true", "A1: c :: true"])


def test_criteria_keep_their_order() -> None:
    assert [one.id for one in parse_criteria(["B: b :: true", "A: a :: true"])] == ["B", "A"]


@given(
    st.from_regex(r"[A-Za-z][A-Za-z0-9_-]{0,15}", fullmatch=True),
    st.text(st.characters(min_codepoint=32, exclude_characters=":"), min_size=1).filter(str.strip),
    st.lists(st.text(st.characters(exclude_characters="\0", codec="utf-8")), min_size=1).filter(lambda argv: argv[0]),
)
def test_what_is_written_in_the_form_is_read_back(name: str, text: str, argv: list[str]) -> None:
    found = parse_criterion(f"{name}: {text} :: {shlex.join(argv)}")
    assert found == Criterion(name, text.strip(), tuple(argv))


@pytest.mark.parametrize(
    ("files", "command"),
    [
        (["split.py", "tests/test_split.py"], PYTEST),
        (["pkg/deep/test_it.py"], PYTEST),
        (["split_test.py"], PYTEST),
        (["pyproject.toml", "tests/checks.py"], PYTEST),
        (["tests/checks.py"], ()),
        (["pyproject.toml", "tests/__init__.py"], ()),
        (["pyproject.toml", "src/a.py"], ()),
        (["node_modules/x/test_x.py"], ()),
        ([".venv/lib/site-packages/x/test_x.py"], ()),
        (["package.json", "src/a.test.ts"], ("npm", "test")),
        (["package.json", "src/a.test.jsx"], ("npm", "test")),
        (["package.json", "src/a.ts"], ()),
        (["go.mod", "a/b_test.go"], ("go", "test", "./...")),
        (["go.mod", "a/b.go"], ()),
        (["Cargo.toml", "tests/it.rs"], ("cargo", "test")),
        (["Cargo.toml", "src/lib.rs"], ()),
        (["Makefile", "README.md"], ()),
        ([], ()),
    ],
)
def test_the_test_command_is_told_from_the_names_of_files(files: list[str], command: tuple[str, ...]) -> None:
    assert detect_command(files) == command


def test_without_a_test_command_there_is_no_default_criterion() -> None:
    assert default_criterion(["README.md"]) is None


def test_the_default_criterion_says_that_the_tests_pass() -> None:
    assert default_criterion(["test_a.py"]) == Criterion("A1", "the repository's tests pass", PYTEST)


@pytest.mark.parametrize(
    "line",
    [
        "pytest",
        "pytest-3 -q",
        "/usr/bin/pytest tests",
        "py.test",
        "python -m pytest",
        "python3.12 -X dev -W error -m pytest -q",
        "python3 -mpytest",
        "python3 -I -m pytest",
        "env -u HOME PYTHONPATH=src python3 -m pytest",
        "uv run pytest -q",
        "poetry run python -m pytest",
        "coverage run -m pytest",
        "python3 -m coverage run -m pytest",
    ],
)
def test_a_call_of_pytest_is_recognised(line: str) -> None:
    assert is_pytest(line.split())


@pytest.mark.parametrize(
    "line",
    [
        "",
        "make test",
        "python3 run.py -m pytest",
        "python3 -c pytest",
        "python3 -m",
        "python3 -m unittest",
        "python3 -m coverage report",
        "echo pytest",
        "grep -m pytest x",
        "env",
        "uv run",
    ],
)
def test_other_commands_are_not_pytest(line: str) -> None:
    assert not is_pytest(line.split())
