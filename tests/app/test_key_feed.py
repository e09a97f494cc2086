"""A running cockpit takes other keys from config.toml, and keeps the old ones when the table is bad."""

from pathlib import Path

import pytest

from cockpit.app import CockpitApp
from cockpit.config import CONFIG_FILE, load
from cockpit.surroundings import Surroundings
from tests.app import sample
from tests.app.driving import ready, screen_text, until
from tests.app.fakes import cockpit


def over(home: Path) -> CockpitApp:
    """A cockpit whose keys are in a file."""
    return cockpit(surroundings=Surroundings(config=home / CONFIG_FILE, read_keys=lambda: load(home, {}).keys))


async def test_a_changed_file_holds_without_a_restart(tmp_path: Path) -> None:
    app = over(tmp_path)
    async with app.run_test() as pilot:
        await ready(pilot, sample.RUN)
        (tmp_path / CONFIG_FILE).write_text('[keys]\n"run.stop" = "D"\n')
        app._tick()
        await until(pilot, lambda: "hold now" in app.said.text)
        assert "D stop" in screen_text(app)
        await pilot.press("X")
        assert len(app.screen_stack) == 1
        await pilot.press("D")
        await until(pilot, lambda: len(app.screen_stack) == 2)


@pytest.mark.parametrize(
    ("text", "words"),
    [('[keys]\n"run.stop" = "a"\n', "a to run.review"), ("[keys\n", "not valid TOML"), ("[keys]\nx = 1\n", "keys.x")],
)
async def test_a_bad_table_keeps_the_old_keys_and_says_what_is_wrong(tmp_path: Path, text: str, words: str) -> None:
    app = over(tmp_path)
    async with app.run_test() as pilot:
        await ready(pilot, sample.RUN)
        before = app.keys
        (tmp_path / CONFIG_FILE).write_text(text)
        app._tick()
        await until(pilot, lambda: app.said.text.startswith("The old keys stay."))
        assert words in app.said.text
        assert app.keys is before
        await pilot.press("X")
        await until(pilot, lambda: len(app.screen_stack) == 2)


async def test_a_file_that_did_not_change_is_not_read_again(tmp_path: Path) -> None:
    (tmp_path / CONFIG_FILE).write_text("")
    reads: list[int] = []

    def read() -> dict[str, str]:
        reads.append(1)
        return {}

    app = cockpit(surroundings=Surroundings(config=tmp_path / CONFIG_FILE, read_keys=read))
    async with app.run_test() as pilot:
        await ready(pilot)
        for _ in range(3):
            await app._key_feed.look()
        assert not reads
        (tmp_path / CONFIG_FILE).write_text("# another\n")
        for _ in range(3):
            await app._key_feed.look()
        assert len(reads) == 1
