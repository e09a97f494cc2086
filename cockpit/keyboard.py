"""What comes from the keyboard's side of a terminal, as events. Nothing that can come from there ends the cockpit."""

import os
import re
import selectors
from codecs import getincrementaldecoder
from collections.abc import Callable, Iterable
from threading import Event

from textual._xterm_parser import XTermParser
from textual.events import Paste
from textual.message import Message

from factory.rules.visible import visible

LOOK_S = 0.1
"""Between two looks at whether the cockpit leaves; also how late a lone Escape is told from a sequence."""
CHUNK = 4096
START, END = "\x1b[200~", "\x1b[201~"
"""The marks around pasted text."""
PASTE_MAX = 1 << 20
"""Characters; nothing here takes more."""
_SEQUENCES = re.compile(r"(?=\x1b)")


class Keyboard:
    """Turns bytes into events. Textual's parser reads keys; what it cannot read is dropped, and what follows is not.

    What is pasted never reaches that parser: it would take what stands behind an Escape in there for keys.

    Args:
        take: Called with each event, in the thread that reads.
    """

    def __init__(self, take: Callable[[Message], None]) -> None:
        self._take = take
        self._decode = getincrementaldecoder("utf-8")("replace").decode  # a broken byte is no reason to end
        self._parser = XTermParser()
        self._tail = ""
        """The last characters, while a mark may have begun in them."""
        self._pasted: list[str] | None = None
        """What was pasted so far; None while nothing is."""

    def read(self, descriptor: int, leaving: Event) -> bool:
        """Read until the cockpit leaves (True), or until the terminal is gone (False)."""
        with selectors.SelectSelector() as selector:
            selector.register(descriptor, selectors.EVENT_READ)
            while not leaving.is_set():
                if selector.select(LOOK_S) and not self._read_some(descriptor):
                    return False
                self.tick()
        return True

    def feed(self, data: bytes) -> None:
        """Take bytes, in pieces of any length."""
        text = self._decode(data)
        while text:
            text = self._typed(text) if self._pasted is None else self._paste(text)

    def tick(self) -> None:
        """Let time pass: an Escape that nothing follows is the key."""
        self._pass_on(self._parser.tick())

    def _read_some(self, descriptor: int) -> bool:
        try:
            data = os.read(descriptor, CHUNK)
        except OSError:
            return False
        self.feed(data)
        return bool(data)

    def _typed(self, text: str) -> str:
        """Keys, until something is pasted; what is left then."""
        joined = self._tail + text
        start = joined.find(START)
        if start < 0:
            self._tail = joined[1 - len(START) :]
            self._parse(text)
            return ""
        self._parse(text[: max(0, start - len(self._tail))])
        if start < len(self._tail):
            self._parser = _afresh(self._parser)  # the old one has begun to read the mark
        self._tail, self._pasted = "", []
        return joined[start + len(START) :]

    def _paste(self, text: str) -> str:
        """Pasted text, until its end; what is left then."""
        joined = self._tail + text
        end = joined.find(END)
        if end < 0:
            self._tail = joined[1 - len(END) :]
            self._keep(joined[: 1 - len(END)])
            return ""
        self._keep(joined[:end])
        self._take(Paste(_harmless("".join(self._pasted or ()))))
        self._tail, self._pasted = "", None
        return joined[end + len(END) :]

    def _keep(self, text: str) -> None:
        if self._pasted is not None:
            room = PASTE_MAX - sum(map(len, self._pasted))
            self._pasted += [text[:room]] if room > 0 else []

    def _parse(self, text: str) -> None:
        """One sequence at a time: what follows one that cannot be read is read."""
        for piece in _SEQUENCES.split(text):
            if piece:  # an empty one would mean the end
                self._pass_on(self._parser.feed(piece))

    def _pass_on(self, events: Iterable[Message]) -> None:
        try:
            for event in events:
                self._take(event)
        except (ValueError, OverflowError):  # a key or a place that no terminal has
            self._parser = _afresh(self._parser)


def _afresh(broken: XTermParser) -> XTermParser:
    """A parser that knows of the terminal what the broken one knew."""
    parser = XTermParser()
    for name in ("mouse_pixels", "terminal_size", "terminal_pixel_size", "last_x", "last_y"):
        setattr(parser, name, getattr(broken, name))
    return parser


def _harmless(pasted: str) -> str:
    """The text as fields may hold and draw it: they pass on to the terminal whatever stands in them."""
    return visible(pasted.replace("\x00", "").replace("\r\n", "\n").replace("\r", "\n"))
