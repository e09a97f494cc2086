"""`status --line`: short, safe, and fast enough for a status bar."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from adapters.ledger.glance import Glance
from cockpit.cli.main import run
from cockpit.cli.status_line import line_text

ROOT = Path(__file__).resolve().parents[2]
HEAVY = ("textual", "dbos", "sqlalchemy", "typer", "pydantic", "rich")


@pytest.mark.parametrize(
    ("found", "line"),
    [
        (Glance(), "cockpit idle"),
        (Glance(1, 1, 0, 0, 0, 5_000_000), "cockpit ▶1 $0.00 /$5"),
        (Glance(4, 1, 2, 310_000, 50_000, 15_500_000), "cockpit ◆2 ▶1 1 more $0.31 +$0.05 /$15.50"),
        (Glance(1, 0, 1, 0, 0, 0, unpriced=True), "cockpit ◆1 $0.00+?"),
    ],
)
def test_the_line_says_who_needs_me_what_runs_and_what_it_costs(found: Glance, line: str) -> None:
    assert line_text(found, ascii_only=False) == line
    assert line_text(found, ascii_only=True) == line.replace("◆", "*").replace("▶", ">")


def test_nothing_to_show_is_no_error_and_makes_no_home(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["status", "--line", "--home", str(tmp_path / "home")]) == 0
    assert capsys.readouterr().out == "cockpit idle\n"
    assert list(tmp_path.iterdir()) == []


def test_a_ledger_that_cannot_be_read_is_a_question_mark_and_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "ledger.db").write_text("no database")
    assert run(["--home", str(tmp_path), "status", "--line"]) == 5
    said = capsys.readouterr()
    assert said.out == "cockpit ?\n"
    assert "cannot be read" in said.err


def test_json_stays_as_it_is(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["status", "--line", "--json", "--home", str(tmp_path)]) == 0
    assert json.loads(capsys.readouterr().out)["runs"] == []


def test_one_run_has_no_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["status", "last", "--line", "--home", str(tmp_path)]) == 2
    assert "--line is about all runs" in capsys.readouterr().err


def test_the_line_loads_none_of_the_large_libraries(tmp_path: Path) -> None:
    script = (
        "import sys; from cockpit.cli.main import run; "
        f"code = run(['status', '--line', '--home', {str(tmp_path)!r}]); "
        f"print(code, [name for name in {HEAVY!r} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["cockpit idle", "0 []"]
