"""`cockpit record` in a real terminal: from the first picture until the cockpit is left, without secrets."""

import json
from pathlib import Path

import pytest

from tests.e2e.product import PROGRAM
from tests.e2e.stage import ACCEPT, stage_in
from tests.e2e.terminal import need_tmux, terminal

pytestmark = [pytest.mark.e2e, pytest.mark.slow]

SECRET = "ghp_" + "a1B2" * 9


def test_a_recording_of_a_whole_visit_has_its_first_picture_its_last_and_no_secret(home: Path, tmp_path: Path) -> None:
    need_tmux()
    file = tmp_path / "visit.cast"
    with stage_in(home, tmp_path) as stage:
        stage.held.touch()
        stage.at.start(f"Take {SECRET} out of the api", stage.repository, "--accept", ACCEPT)
        environment = {name: value for name, value in stage.at.shell.items() if name not in ("COLUMNS", "LINES")}
        shell = ["sh", "-c", '"$@"; printf "left with %s\\n" $?; read wait', "sh"]
        argv = [*shell, str(PROGRAM), "--home", str(home), "record", str(file)]
        with terminal(argv, tmp_path, environment, (100, 30)) as window:
            window.shows("NEXT", "REC", "out of the api")
            window.keys("e")
            window.shows("REC", "Evidence")
            window.keys("Escape")
            window.shows("NEXT")
            window.keys("q")
            said = f"Recorded: {file}"
            window.until(lambda text: said in text.replace("\n", "") and "left with 0" in text, f"{said}, and the end")
    header, first, *events = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    assert (header["version"], header["width"], header["height"]) == (2, 100, 30)
    assert first[2].startswith("\x1b[2J")
    said = "".join(data for _, kind, data in [first, *events] if kind == "o")
    assert "REC" in said
    assert SECRET not in said
    assert [at for at, *_ in events] == sorted(at for at, *_ in events)
