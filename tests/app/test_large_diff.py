"""A diff of very many files: what a key costs does not grow with them, counted in what is built and not in seconds."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from rich.cells import cell_len
from textual.pilot import Pilot

from tests.app.driving import settled
from tests.app.pages_driving import open_part
from tests.app.pages_sample import planted
from widgets import lines
from widgets.viewers import diff_rows

MANY = 300
FOLDER = "packages/cockpit/a/folder/whose/path/has/no/room/in/the/list"
KEYS = ("j", "l", "h", "G", "g", "tab", "j", "j", "k", "tab", "pagedown")


def _diff(files: int) -> bytes:
    return "".join(
        f"diff --git a/{name} b/{name}\n--- a/{name}\n+++ b/{name}\n@@ -1 +1 @@\n-a = {n}\n+a = {n} + 1\n"
        for n in range(files)
        for name in [f"{FOLDER}/f{n}.py"]
    ).encode()


@pytest.fixture
def built(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """For each heading of a file that is built: whether that held up the keys."""
    found: list[bool] = []
    real: Callable[..., Any] = diff_rows._heading

    def heading(*arguments: Any) -> Any:
        found.append(threading.current_thread() is threading.main_thread())
        return real(*arguments)

    monkeypatch.setattr(diff_rows, "_heading", heading)
    return found


async def _pressed(pilot: Pilot[Any]) -> None:
    await open_part(pilot, "diff")
    for key in KEYS:
        await pilot.press(key)
    await settled(pilot)


async def test_no_row_of_a_file_is_built_while_keys_wait(tmp_path: Path, built: list[bool]) -> None:
    async with planted(tmp_path, {"build-2.patch": _diff(MANY)}).run_test(size=(200, 50)) as pilot:
        await _pressed(pilot)
        assert len(built) >= 3 * MANY, "once for the list, and for the text plain and in colours"
        assert not any(built), "all of it in a thread"
        before = len(built)
        for key in KEYS:
            await pilot.press(key)
        await settled(pilot)
        assert len(built) == before, "no key builds anything"


def test_a_path_is_cut_in_one_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    measured = 0

    def counted(text: str) -> int:
        nonlocal measured
        measured += len(text)
        return cell_len(text)

    monkeypatch.setattr(lines, "cell_len", counted)
    assert lines.fit_path(f"{'x' * 1000}/name", 6) == "…/name"
    assert measured <= 2 * 1005
