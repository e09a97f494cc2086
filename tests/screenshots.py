"""Draws the pictures in `screenshots/` again, from the sample of the tests: `python -m tests.screenshots`.

The same code makes the same bytes: clocks, ids and ages stand still, no picture names a font's address, and pixels are
drawn with the fonts in `tests/fonts`, whatever the machine has.
"""

import re
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import tests.conftest  # noqa: F401 - settles the environment before Textual is imported
from cockpit.app import CockpitApp
from cockpit.theme_names import OUR_CONTRAST, OUR_LIGHT
from tests.app.fakes import cockpit
from tests.app.flight_sample import replayed
from tests.app.pages_sample import planted
from tests.app.test_pages_pictures import part_scene
from tests.app.test_pictures import SCENES, Scene, card, main, press
from tests.app.test_replay_pictures import compared, refuted
from tests.app.test_trouble import TROUBLES, Trouble

FOLDER = Path(__file__).resolve().parent.parent / "screenshots"
FONTS = Path(__file__).resolve().parent / "fonts"
FAMILY = "DejaVu Sans Mono"
SMALL, LARGE = (80, 24), (200, 50)
BETWEEN = (120, 30), (240, 60)
WIDEST = 1600
"""Pixels; what is wider is drawn smaller, so that the repository stays small."""


@dataclass(frozen=True)
class Picture:
    """One scene at one size."""

    name: str
    size: tuple[int, int]
    scene: Scene
    make: Callable[[], CockpitApp] = cockpit
    plant: Callable[[Path], CockpitApp] | None = None
    """Makes it instead, over evidence that is really on disk while the picture is drawn."""

    @property
    def file(self) -> str:
        """Name of the file, without its ending."""
        return f"{self.name}-{self.size[0]}x{self.size[1]}"


def _themed(theme: str) -> Callable[[], CockpitApp]:
    return lambda: cockpit(theme=theme)


def _in_trouble(name: str) -> Picture:
    """A factory that worked, and what the main screen says when this happens."""
    made: list[Trouble] = []

    def make() -> CockpitApp:
        made[:] = [Trouble(name)]
        return made[0].app

    return Picture(f"trouble-{name.replace('_', '-')}", LARGE, lambda pilot: made[0].happen(pilot), make)


PICTURES = (
    *(Picture(name, size, *SCENES[name]) for name in ("main", "card", "launch", "help") for size in (SMALL, LARGE)),
    *(Picture(part, LARGE, press(key)) for part, key in (("evidence", "e"), ("cost", "dollar_sign"), ("thread", "t"))),
    *(Picture("main", size, main) for size in BETWEEN),
    *(Picture(f"main-{word}", size, main, _themed(name)) for size in (SMALL, LARGE) for word, name in
      (("light", OUR_LIGHT), ("contrast", OUR_CONTRAST))),
    *(Picture("main-ascii", size, *SCENES["ascii"]) for size in (SMALL, LARGE)),
    Picture("card-light", SMALL, card, _themed(OUR_LIGHT)),
    Picture("card-refuted", SMALL, *SCENES["card_refuted"]),
    *(_in_trouble(name) for name in TROUBLES),
    *(Picture(part, LARGE, part_scene(part), plant=planted) for part in ("timeline", "diff", "knowledge")),
    *(Picture(part, SMALL, part_scene(part), plant=planted) for part in ("diff", "thread", "cost")),
    *(Picture("replay", size, refuted, replayed) for size in (SMALL, LARGE)),
    Picture("compare", SMALL, compared, replayed),
)  # fmt: skip


def draw(picture: Picture) -> str:
    """One picture as SVG."""
    from textual._doc import take_svg_screenshot

    with TemporaryDirectory(prefix="cockpit-") as home:
        app = picture.plant(Path(home)) if picture.plant else picture.make()
        svg = take_svg_screenshot(app=app, terminal_size=picture.size, run_before=picture.scene)
    return re.sub(r"\bterminal-\d+-", "terminal-", svg)


def pixels(svg: str) -> bytes:
    """The picture as PNG."""
    from resvg_py import svg_to_bytes

    return bytes(
        svg_to_bytes(
            svg_string=svg.replace("Fira Code, ", ""),
            width=WIDEST if _width(svg) > WIDEST else None,
            skip_system_fonts=True,
            font_files=sorted(map(str, FONTS.glob("*.ttf"))),
            monospace_family=FAMILY,
            sans_serif_family=FAMILY,
        )
    )


def _width(svg: str) -> float:
    found = re.search(r'viewBox="0 0 ([0-9.]+) ', svg)
    return float(found.group(1)) if found else 0.0


def write(folder: Path) -> tuple[Path, ...]:
    """Write every picture as SVG and as PNG; returns the files."""
    folder.mkdir(exist_ok=True)
    files: list[Path] = []
    for picture in PICTURES:
        svg = draw(picture)
        vector, raster = (folder / f"{picture.file}.{ending}" for ending in ("svg", "png"))
        vector.write_text(svg, encoding="utf-8")
        raster.write_bytes(pixels(svg))
        files += [vector, raster]
    return tuple(files)


if __name__ == "__main__":
    for made in write(FOLDER):
        print(made.relative_to(FOLDER.parent))
    sys.exit(0)
