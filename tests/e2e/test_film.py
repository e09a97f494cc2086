"""The film of the demo, from two real runs: the same bytes, with every caption, and nothing of the machine in it."""

import json
import subprocess
from pathlib import Path

import pytest

from cockpit.film.captions import CAPTIONS
from cockpit.film.script import COLUMNS, LINES
from tests.e2e.calls import ROOT
from tests.e2e.product import PROGRAM
from tests.tools.tuimeter import Terminal

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.timeout(1200)]


def film(folder: Path) -> bytes:
    """The film of a demo that is played in a folder."""
    file = folder / "film.cast"
    argv = [str(PROGRAM), "--home", str(folder / "home"), "--json", "demo", "--film", str(file)]
    done = subprocess.run(argv, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    assert done.returncode == 0, done.stdout + done.stderr
    assert json.loads(done.stdout)["file"] == str(file)
    return file.read_bytes()


def test_two_real_runs_make_the_same_film(tmp_path: Path) -> None:
    first, second = (film(tmp_path / name) for name in ("a", "b"))
    assert first == second
    text = first.decode()
    assert not [place for place in (str(tmp_path), str(ROOT), str(Path.home())) if place in text]
    header, *events = map(json.loads, text.splitlines())
    assert (header["width"], header["height"]) == (COLUMNS, LINES)
    assert 85 <= events[-1][0] <= 95
    shown = pictures(events)
    for caption in CAPTIONS:
        assert any(caption.text in picture for picture in shown), caption.name
    for words in ("split(10, 4) returns [2, 2, 2, 4]", "Connection refused", "its digest is the same", "6/6 done"):
        assert any(words in picture for picture in shown), words


def pictures(events: list[list[object]]) -> list[str]:
    """What a terminal shows after each event."""
    terminal = Terminal(COLUMNS, LINES, lambda _: None)
    found = []
    for _, _, data in events:
        terminal.feed(str(data).encode())
        found.append(terminal.visible())
    return found
