"""The start-up guard: our own packages or a sentence, never a traceback from inside somebody else's."""

import json
import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from cockpit import __main__ as program
from cockpit.guard import SIBLINGS, foreign_package, refuse_foreign_packages

ROOT = Path(__file__).resolve().parents[2]


def cockpit_beside(foreign: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run `python -m cockpit` with `foreign` first on the path, and our own tree after it."""
    return subprocess.run(
        [sys.executable, "-m", "cockpit", *arguments],
        env={**os.environ, "PYTHONPATH": f"{foreign}{os.pathsep}{ROOT}"},
        cwd=foreign,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_our_own_packages_pass() -> None:
    assert foreign_package(ROOT) is None
    refuse_foreign_packages([])


def test_packages_beside_another_cockpit_are_foreign(tmp_path: Path) -> None:
    foreign = foreign_package(tmp_path)
    assert foreign is not None
    assert foreign.name == "adapters"
    assert str(ROOT / "adapters") in str(foreign)


@pytest.mark.parametrize("name", SIBLINGS)
def test_a_foreign_package_first_on_the_path_is_named_with_the_fix(name: str, tmp_path: Path) -> None:
    package = tmp_path / name / "__init__.py"
    package.parent.mkdir()
    package.write_text("raise SystemExit('the foreign package was imported')")
    ended = cockpit_beside(tmp_path, "status")
    assert ended.returncode == 1
    assert ended.stdout == ""
    assert ended.stderr.count("\n") == 1
    for part in (f"'{name}'", str(package), "pipx", "uv tool install"):
        assert part in ended.stderr


def test_a_foreign_module_file_is_foreign_too(tmp_path: Path) -> None:
    (tmp_path / "widgets.py").write_text("")
    ended = cockpit_beside(tmp_path)
    assert ended.returncode == 1
    assert str(tmp_path / "widgets.py") in ended.stderr


def test_with_json_the_refusal_is_one_json_object(tmp_path: Path) -> None:
    (tmp_path / "factory.py").write_text("")
    ended = cockpit_beside(tmp_path, "status", "--json")
    assert ended.returncode == 1
    assert json.loads(ended.stdout)["error"]["code"] == "foreign_package"


def test_a_folder_that_only_has_the_name_does_not_hide_our_package(tmp_path: Path) -> None:
    (tmp_path / "adapters").mkdir()
    (tmp_path / "widgets.py").write_text("")
    assert "'widgets'" in cockpit_beside(tmp_path).stderr


def test_main_keeps_files_private_and_returns_the_code_of_the_command_line(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[list[str]] = []

    def run(argv: list[str]) -> int:
        seen.append(argv)
        return 7

    command_line = ModuleType("cockpit.cli.main")
    monkeypatch.setattr(command_line, "run", run, raising=False)
    monkeypatch.setitem(sys.modules, "cockpit.cli.main", command_line)
    monkeypatch.setattr(sys, "argv", ["cockpit", "status", "last"])
    before = os.umask(0o022)
    try:
        assert program.main() == 7
        assert os.umask(before) == 0o077
    finally:
        os.umask(before)
    assert seen == [["status", "last"]]
