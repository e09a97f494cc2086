"""`cockpit new`: what it writes fails its own test with a sentence, passes once that is done, and is then found."""

import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from tests.contract.command_line import CommandLine

ROOT = Path(__file__).parents[2]
DONE = {
    "adapter": (
        "src/cockpit_own_hive/__init__.py",
        "raise NotImplementedError(",
        """import json
        from factory.errors import Refused
        try:
            json.loads(item.payload)
        except ValueError as error:
            raise Refused("It is no JSON.") from error
        return "delivered", item.id
        print(""",
    ),
    "agent": ("own-hive.py", "raise SystemExit(", 'Path("ANSWER").write_text("42")\n    print('),
    "company": ("routing.toml", "words = {}", 'words = { "beehive*" = 9 }'),
    "spec": ("own-hive.toml", "TODO: what should be different afterwards, and what must stay as it is.", "Fix it."),
    "workflow": ("own-hive.toml", "# TODO: change what shall be different, and take this line away.", ""),
}
SAYS = {"company": "Give its row words", "spec": "has no goal yet", "workflow": "still says what is to do"}


@pytest.fixture
def cockpit(home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> CommandLine:
    return CommandLine(home, capsys, monkeypatch)


def what_its_test_says(folder: Path) -> "subprocess.CompletedProcess[str]":
    # It needs none of the plugins that are installed here, and they are most of the time that it takes.
    plain = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTHONDONTWRITEBYTECODE": "1"}
    environment = {**os.environ, "PYTHONPATH": str(ROOT), **plain}
    words = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(folder)]
    return subprocess.run(words, cwd=folder, env=environment, capture_output=True, text=True, timeout=60, check=False)


def replaced(file: Path, old: str, new: str) -> None:
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new))


@pytest.mark.parametrize("kind", DONE)
def test_its_test_says_what_is_to_do_and_passes_when_that_is_done(
    cockpit: CommandLine, tmp_path: Path, kind: str
) -> None:
    folder = tmp_path / "own"
    answer = cockpit.json("new", kind, "own-hive", str(folder))
    assert answer.code == 0
    assert {Path(file).exists() for file in answer.json["files"]} == {True}
    failed = what_its_test_says(folder)
    assert failed.returncode == 1
    assert SAYS.get(kind, "TODO") in failed.stdout, failed.stdout
    file, old, new = DONE[kind]
    replaced(folder / file, old, new)
    if kind == "agent":
        replaced(folder / file, '"commands": []', '"commands": ["pytest -q"]')
    if kind == "company":
        replaced(folder / "test_own_hive.py", "TODO: a goal that is meant for own-hive", "Count the beehives")
    if kind == "spec":
        assert "what done means" in what_its_test_says(folder).stdout
        replaced(folder / file, "TODO what must hold :: python3 -m pytest -q tests/test_TODO.py", "it holds :: true")
    if kind == "workflow":
        assert "the usual workflow under another name" in what_its_test_says(folder).stdout
        replaced(folder / file, "max_rounds = 3", "max_rounds = 1")
    passed = what_its_test_says(folder)
    assert passed.returncode == 0, passed.stdout


def test_a_workflow_is_written_where_it_is_found(cockpit: CommandLine) -> None:
    answer = cockpit.json("new", "workflow", "quick")
    assert Path(answer.json["files"][0]).parent == cockpit.home / "workflows"
    assert answer.json["use"] == "cockpit start GOAL --workflow quick"


@pytest.mark.parametrize("kind", ["adapter", "agent", "company", "spec", "template", "workflow"])
def test_what_is_printed_can_be_copied_when_the_folder_has_spaces(
    cockpit: CommandLine, tmp_path: Path, kind: str
) -> None:
    folder = tmp_path / "my own"
    answer = cockpit("new", kind, "postflight", str(folder))
    wrote, *_, to_do, then = answer.out.splitlines()
    assert Path(shlex.split(wrote)[1]).exists()
    assert shlex.split(to_do)[-1] == str(folder)
    if kind == "agent":
        coder = shlex.split(then)[-1]
        assert shlex.split(coder.removeprefix("command:")) == [str(folder / "postflight.py")]
        assert then.removeprefix("Then: ") in (folder / "postflight.py").read_text()
    elif str(folder) in then and kind != "company":
        assert shlex.quote(str(folder))[:-1] in then


def test_a_template_of_ones_own_is_taken_when_nothing_is_left_to_do(cockpit: CommandLine) -> None:
    folder = Path(cockpit.json("new", "template", "postflight").json["files"][0]).parent
    assert folder == cockpit.home / "templates"
    failed = what_its_test_says(folder)
    assert "still says what is to do" in failed.stdout
    file = folder / "postflight.md.j2"
    file.write_text(file.read_text().partition("\n")[2].replace("# Postflight", "# After the flight"))
    assert what_its_test_says(folder).returncode == 0
    from adapters.knowledge.pages import JinjaPages
    from factory.model.run import Run
    from factory.model.view import RunView

    view = RunView(run=Run(id="run_1", goal="A goal"))
    assert "# After the flight" in JinjaPages(folder).render("postflight", view)
    file.write_text("{% extends 'page.md.j2' %}{% block body %}{{ 1 / 0 }}{% endblock %}")
    assert "# Postflight" in JinjaPages(folder).render("postflight", view), "a page that cannot be filled holds no run"


@pytest.mark.parametrize(
    ("words", "code", "word", "says"),
    [
        (("new", "planet", "x"), 2, "usage", "adapter, agent, company, spec, template, workflow"),
        (("new", "template", "workflow"), 2, "usage", "cockpit new adapter|agent|company|spec|workflow NAME"),
        (("new", "workflow", "goal-to-done"), 2, "usage", "the usual workflow"),
        (("new", "company", "Backend"), 3, "exists", "a domain 'backend' already"),
        (("new", "company", "proveo"), 3, "exists", "Proveo would verify what proveo builds"),
        (("new", "template", "poem"), 2, "usage", "request"),
        (("new", "agent", "../x"), 2, "usage", "letter"),
        (("new", "agent", ""), 2, "usage", "letter"),
        (("new", "agent"), 2, "usage", "NAME"),
    ],
)
def test_what_cannot_be_begun_is_said(
    cockpit: CommandLine, words: tuple[str, ...], code: int, word: str, says: str
) -> None:
    error = cockpit.json(*words).failed(code, word)
    assert says in error["message"] + error["hint"]


def test_nothing_is_written_over(cockpit: CommandLine, tmp_path: Path) -> None:
    assert cockpit.json("new", "company", "Hive", str(tmp_path)).code == 0
    before = (tmp_path / "routing.toml").read_text()
    assert "there already" in cockpit.json("new", "company", "Hive", str(tmp_path)).failed(3, "exists")["message"]
    assert (tmp_path / "routing.toml").read_text() == before


def test_a_folder_that_cannot_be_written_is_named(cockpit: CommandLine, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert "file" in cockpit.json("new", "agent", "mine", str(tmp_path / "file")).failed(5, "unreachable")["message"]
