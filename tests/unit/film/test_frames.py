"""Pictures as values: an asciicast that a terminal draws as they were, and an animated SVG that asks nobody."""

import json
import re
from xml.etree import ElementTree

from rich.segment import Segment
from rich.style import Style

from cockpit.film.frames import Frame, Look, Piece, cast_of, row_of, without_repeats
from cockpit.film.svg import animated
from tests.tools.tuimeter import Terminal

RED = Look("#ff0000", is_bold=True)
FRAMES = (
    Frame(0.0, ((Piece("ab"), Piece("cd", RED)), (Piece("    "),))),
    Frame(1.5, ((Piece("ab"), Piece("cd", RED)), (Piece("<&> "),))),
    Frame(3.0, ((Piece("ab"), Piece("cd", RED)), (Piece("<&> "),))),
)


def test_neighbours_that_look_the_same_are_one_piece() -> None:
    style = Style(color="#ff0000", bold=True)
    assert row_of([Segment("a", style), Segment("b", style), Segment("c"), Segment("")]) == (
        Piece("ab", RED),
        Piece("c"),
    )


def test_a_reversed_text_has_its_colours_the_other_way_round() -> None:
    (piece,) = row_of([Segment("a", Style(color="#ff0000", bgcolor="#00ff00", reverse=True))])
    assert (piece.look.front, piece.look.back) == ("#00ff00", "#ff0000")


def test_only_what_looks_different_is_kept_and_the_end() -> None:
    again = (*FRAMES[:2], Frame(2.0, FRAMES[1].rows), FRAMES[2])
    assert [frame.at_s for frame in without_repeats(again)] == [0.0, 1.5, 3.0]


def test_a_terminal_draws_the_cast_as_the_pictures_were() -> None:
    header, *events = [json.loads(line) for line in cast_of(FRAMES, "a film").splitlines()]
    assert (header["version"], header["width"], header["height"]) == (2, 4, 2)
    assert [at for at, *_ in events] == [0.0, 1.5, 3.0]
    terminal = Terminal(4, 2, lambda _: None)
    for frame, (_, kind, data) in zip(FRAMES, events, strict=True):
        assert kind == "o"
        terminal.feed(data.encode())
        shown = ["".join(piece.text for piece in row).rstrip() for row in frame.rows]
        assert [line.rstrip() for line in terminal.lines()] == shown
    assert "\x1b[0;1;38;2;255;0;0mcd" in events[0][2]
    assert "cd" not in events[1][2], "what is there already is not said again"


def test_the_svg_is_well_formed_has_every_picture_and_names_no_host() -> None:
    made = animated(FRAMES, "a <film>")
    root = ElementTree.fromstring(made)
    assert root.findtext("{http://www.w3.org/2000/svg}title") == "a <film>"
    assert len(root.findall("{http://www.w3.org/2000/svg}g/*")) == len(FRAMES)
    assert "&lt;&amp;&gt;" in made
    assert re.findall(r"https?://[^\"]+", made) == ["http://www.w3.org/2000/svg"]
    assert "@font-face" not in made
    assert made.count("cd</text>") == 1, "a row that is there often is drawn once"


def test_the_first_picture_is_in_the_window_at_the_start_and_each_at_its_time() -> None:
    style = animated(FRAMES, "")
    steps = re.findall(r"([0-9.]+)%\{transform:translateX\((-?\d+)px\)\}", style)
    assert [float(at) for at, _ in steps] == [0.0, round(1.5 / 7 * 100, 4), round(3 / 7 * 100, 4)]
    assert int(steps[0][1]) == 0
    assert int(steps[1][1]) * 2 == int(steps[2][1])
