"""Tones that only the viewers know: syntax, changed lines, hits of a search. The list draws them like any other."""

from typing import cast

from widgets.lines import Tone


def _tone(name: str) -> Tone:
    # `Tone` names what all panes share; a viewer has a component class for each of its own.
    return cast(Tone, name)


KEYWORD = _tone("keyword")
STRING = _tone("string")
NUMBER = _tone("number")
COMMENT = _tone("comment")
NAME = _tone("name")
ADDED = _tone("added")
REMOVED = _tone("removed")
FOUND = _tone("found")
ALL = (KEYWORD, STRING, NUMBER, COMMENT, NAME, ADDED, REMOVED, FOUND)
GROUNDS = (ADDED, REMOVED)
"""A line that begins with one of these lies on its ground."""
