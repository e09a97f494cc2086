"""The film in the repository: the last words of its script, small enough to be looked at, and it asks no host."""

import re
from pathlib import Path

from cockpit.film.captions import CAPTIONS
from tests.film import FILES

ROOT = Path(__file__).resolve().parents[3]
MOST_BYTES = 2_000_000


def test_it_is_committed_and_has_every_caption() -> None:
    for file in FILES:
        text = file.read_text(encoding="utf-8")
        assert len(text.encode()) < MOST_BYTES
        assert [caption.text for caption in CAPTIONS if caption.text not in text] == []


def test_the_readme_shows_it_and_it_names_no_host() -> None:
    svg = next(file for file in FILES if file.suffix == ".svg")
    assert f"(screenshots/{svg.name})" in (ROOT / "README.md").read_text(encoding="utf-8")
    assert re.findall(r"https?://[^\"]+", svg.read_text(encoding="utf-8")) == ["http://www.w3.org/2000/svg"]
