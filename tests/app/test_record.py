"""R records the screen, says so while it does, and names the file at the end."""

import json
from pathlib import Path
from typing import Any

from textual.events import Resize
from textual.geometry import Size

from cockpit.recording import Recording
from cockpit.surroundings import Surroundings
from tests.app import sample
from tests.app.driving import ready, screen_text, settled, until
from tests.app.fakes import cockpit


def events_of(folder: Path) -> list[Any]:
    """Header and events of the one recording in a folder."""
    (file,) = folder.glob("*.cast")
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


async def test_r_records_until_r_and_the_mark_is_on_every_screen(tmp_path: Path) -> None:
    folder = tmp_path / "recordings"
    app = cockpit(surroundings=Surroundings(recordings=folder))
    async with app.run_test(size=(80, 24)) as pilot:
        await ready(pilot, sample.RUN)
        assert "REC" not in screen_text(app)
        await pilot.press("R")
        await settled(pilot)
        assert "REC" in screen_text(app).splitlines()[0]
        assert "Recording what you see and type" in app.said.text
        await pilot.press("e")
        await pilot.pause()
        assert "REC" in screen_text(app), "on a page too"
        assert app._driver
        app._driver.write("\x1b[5;5Hdrawn\x1b]52;c;c2VjcmV0\x07")
        app.post_message(Resize(Size(100, 30), Size(100, 30)))
        await until(pilot, lambda: app.size.width == 100)
        await pilot.press("R")
        await settled(pilot)
        assert "REC" not in screen_text(app)
        assert f"Recorded: {next(folder.glob('*.cast'))}" in app.said.text
        app._driver.write("after the end")
    header, first, *rest = events_of(folder)
    assert (header["width"], header["height"]) == (80, 24)
    assert "Fix split()" in first[2], "it begins with what is on screen"
    assert "\x1b[5;5Hdrawn" in [data for _, _, data in rest]
    assert "100x30" in [data for _, kind, data in rest if kind == "r"]
    assert "after the end" not in str(rest)


async def test_leaving_ends_the_recording_and_two_in_one_second_are_two_files(tmp_path: Path) -> None:
    app = cockpit(surroundings=Surroundings(recordings=tmp_path))
    async with app.run_test() as pilot:
        await ready(pilot)
        for _ in range(3):
            await pilot.press("R")
            await settled(pilot)
        assert app.recording
    assert len(list(tmp_path.glob("*.cast"))) == 2
    assert not app.recording._thread.is_alive()


async def test_a_form_above_the_screen_is_marked_too(tmp_path: Path) -> None:
    app = cockpit(surroundings=Surroundings(recordings=tmp_path))
    async with app.run_test(size=(80, 24)) as pilot:
        await ready(pilot)
        await pilot.press("n")
        await settled(pilot)
        assert "REC" not in screen_text(app)
        await pilot.press("escape", "R")
        await settled(pilot)
        await pilot.press("n")
        await settled(pilot)
        assert screen_text(app).splitlines()[0].startswith("REC")
        assert "Goal" in screen_text(app)


async def test_a_folder_that_cannot_be_made_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    app = cockpit(surroundings=Surroundings(recordings=tmp_path / "file" / "recordings"))
    async with app.run_test() as pilot:
        await ready(pilot)
        await pilot.press("R")
        await settled(pilot)
        assert app.said.text.startswith("Nothing is recorded: ")
        assert app.recording is None


async def test_a_recording_that_has_begun_hears_everything_from_the_first_picture_on(tmp_path: Path) -> None:
    begun = Recording(tmp_path / "mine.cast", (80, 24), 0)
    app = cockpit(surroundings=Surroundings(cast=begun, recordings=tmp_path / "others"))
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: app.recording is begun)
        await ready(pilot, sample.RUN)
        assert "REC" in screen_text(app).splitlines()[0]
        await pilot.press("R")
        await settled(pilot)
        assert "REC" not in screen_text(app)
        await pilot.press("R")
        await settled(pilot)
        assert app.recording not in (None, begun), "the next one goes where recordings go"
    header, first, *_ = events_of(tmp_path)
    assert (header["width"], header["height"]) == (80, 24)
    assert first[2].startswith("\x1b[2J")
