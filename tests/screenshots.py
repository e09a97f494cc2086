"""Draws the pictures in `screenshots/` again, from the sample of the tests: `python -m tests.screenshots`.

The same code makes the same bytes: clocks, ids and ages stand still, and no picture names a font's address.
"""

import re
import sys
from pathlib import Path

import tests.conftest  # noqa: F401 - settles the environment before Textual is imported
from tests.app.test_pictures import SCENES, SIZES

FOLDER = Path(__file__).resolve().parent.parent / "screenshots"
DRAWN = ("main", "card", "launch", "help")


def draw(name: str, size: tuple[int, int]) -> str:
    """One scene as SVG."""
    from textual._doc import take_svg_screenshot

    scene, make = SCENES[name]
    svg = take_svg_screenshot(app=make(), terminal_size=size, run_before=scene)
    return re.sub(r"\bterminal-\d+-", "terminal-", svg)


def main() -> int:
    """Write every picture; returns 0."""
    FOLDER.mkdir(exist_ok=True)
    for name in DRAWN:
        for size in SIZES:
            file = FOLDER / f"{name}-{size[0]}x{size[1]}.svg"
            file.write_text(draw(name, size), encoding="utf-8")
            print(file.relative_to(FOLDER.parent))
    return 0


if __name__ == "__main__":
    sys.exit(main())
