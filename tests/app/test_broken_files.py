"""Evidence that is cut, broken or huge: the page says what is wrong, shows it as text, and the keys go on."""

from pathlib import Path

import pytest

from tests.app.driving import screen_text, settled
from tests.app.pages_driving import open_part, shows
from tests.app.pages_sample import JUNIT, planted, png

FILES = {
    "cut.json": b'{"a": [1, 2,',
    "deep.json": b"[" * 200_000,
    "cut.junit.xml": JUNIT[:300],
    "bomb.junit.xml": b"<!DOCTYPE x [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;'>]><testsuite name='&b;'/>",
    "page.xml": b"<html/>",
    "cut.png": png(100, 100)[:20],
    "huge.json": b'["' + b"x" * 12_000_000 + b'"]',
}
WHY = {
    "cut.json": "It is not valid JSON: Expecting value at line 1, column 13.",
    "deep.json": "nested too deeply",
    "cut.junit.xml": "It is not valid XML",
    "bomb.junit.xml": "it declares a document type",
    "page.xml": "no JUnit report",
    "cut.png": "No picture can be read from it.",
    "huge.json": "It is too large for a tree.",
}


@pytest.mark.parametrize("name", FILES)
async def test_a_broken_file_says_what_is_wrong_with_it(tmp_path: Path, name: str) -> None:
    app = planted(tmp_path, FILES)
    async with app.run_test(size=(80, 24)) as pilot:
        page = await open_part(pilot, "evidence")
        page.text.go_to(f"evd_{list(FILES).index(name) + 1}")
        await pilot.press("enter")
        await shows(pilot, "as it was captured")
        await settled(pilot)
        said = "".join(screen_text(app).replace("│", " ").split())  # a long line is folded anywhere
        assert "".join(WHY[name].split()) in said
        assert "Shownastext." in said
        await pilot.press("G", "l", "escape", "escape")
        assert len(app.screen_stack) == 1


async def test_a_file_of_nothing_is_empty_and_not_broken(tmp_path: Path) -> None:
    names = ("a.json", "a.xml", "a.png", "a.patch")
    app = planted(tmp_path, dict.fromkeys(names, b""))
    async with app.run_test(size=(80, 24)) as pilot:
        for number in range(1, len(names) + 1):
            page = await open_part(pilot, "evidence")
            page.text.go_to(f"evd_{number}")
            await pilot.press("enter")
            await shows(pilot, "The file is empty.")
            assert "Shown as text" not in screen_text(app)
            await pilot.press("escape", "escape")
