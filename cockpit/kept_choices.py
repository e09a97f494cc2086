"""Marks, mutes, order, filter and theme as a small file in the home, so that the next cockpit begins with them."""

import json
import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from cockpit.choices import Choices
from cockpit.ordering import CHOICES, By, Order
from cockpit.theme_names import NAMES
from factory.errors import Malformed

NAME = "choices.json"
MAX_BYTES = 1 << 20
MOST = 10_000
"""Goals that may be marked or muted in one file."""
_FORM = "cockpit-choices-1"
_BY: Mapping[str, By] = {by: by for by in CHOICES}


@dataclass(frozen=True)
class Kept:
    """The part of the choices that outlives a cockpit."""

    marked: frozenset[str] = frozenset()
    muted: frozenset[str] = frozenset()
    words: str = ""
    order: Order = Order()
    theme: str = ""

    def after(self, base: "Kept", mine: "Kept") -> "Kept":
        """This, with what was changed from `base` to `mine`: two cockpits do not take each other's marks away."""
        return Kept(
            (self.marked | (mine.marked - base.marked)) - (base.marked - mine.marked),
            (self.muted | (mine.muted - base.muted)) - (base.muted - mine.muted),
            self.words if mine.words == base.words else mine.words,
            self.order if mine.order == base.order else mine.order,
            self.theme if mine.theme == base.theme else mine.theme,
        )

    def given_to(self, choices: Choices) -> Choices:
        """The choices with these; what was chosen meanwhile stays."""
        return replace(
            choices,
            marked=choices.marked | self.marked,
            muted=choices.muted | self.muted,
            words=choices.words or self.words,
            order=self.order if choices.order == Order() else choices.order,
            theme=choices.theme or self.theme,
        )

    @property
    def says(self) -> str:
        """What is kept, in a few words; empty when there is nothing."""
        parts = (
            f"{len(self.marked)} marked" if self.marked else "",
            f"{len(self.muted)} muted" if self.muted else "",
            f"sorted {self.order.name}" if self.order.name else "",
            f"filter /{self.words}" if self.words else "",
            f"theme {self.theme}" if self.theme else "",
        )
        return " · ".join(part for part in parts if part)


def kept_of(choices: Choices) -> Kept:
    """What of the choices is kept."""
    return Kept(choices.marked, choices.muted, choices.words, choices.order, choices.theme)


def read_kept(file: Path) -> Kept:
    """What was kept; nothing when there is no file. Call it in a thread.

    Raises:
        Malformed: the file is not one of ours, or cannot be read.
    """
    try:
        descriptor = os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError:
        return Kept()
    except OSError as error:
        raise _unread(file, os.strerror(error.errno or 0)) from error
    try:
        with os.fdopen(descriptor, "rb") as open_file:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise ValueError("it is no regular file")
            return _parsed(json.loads(open_file.read(MAX_BYTES + 1)))
    except (OSError, ValueError, TypeError, KeyError, RecursionError) as error:
        raise _unread(file, "it is not what a cockpit writes") from error


def keep(file: Path, kept: Kept) -> None:
    """Write the file as a whole, for its owner alone. Call it in a thread. Raises `OSError`."""
    text = {
        "form": _FORM, "marked": sorted(kept.marked)[:MOST], "muted": sorted(kept.muted)[:MOST], "words": kept.words,
        "order": kept.order.by, "reversed": kept.order.is_reversed, "theme": kept.theme,
    }  # fmt: skip
    fresh = file.with_name(f"{file.name}.{os.getpid()}.new")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as open_file:
            open_file.write(json.dumps(text, ensure_ascii=True).encode())
        fresh.replace(file)
    except OSError:
        fresh.unlink(missing_ok=True)
        raise


def _parsed(found: Any) -> Kept:
    if found["form"] != _FORM:
        raise ValueError("another form")
    words, is_reversed = found["words"], found["reversed"]
    if not isinstance(words, str) or not isinstance(is_reversed, bool):
        raise ValueError("values of another kind")
    theme = found.get("theme", "")
    order = Order(_BY[found["order"]], is_reversed)
    return Kept(_ids(found["marked"]), _ids(found["muted"]), words[:1000], order, theme if theme in NAMES else "")


def _ids(found: Any) -> frozenset[str]:
    if not isinstance(found, list) or not all(isinstance(one, str) for one in found):
        raise ValueError("ids of another kind")
    return frozenset(one[:100] for one in found[:MOST])


def _unread(file: Path, why: str) -> Malformed:
    return Malformed(
        f"Marks and mutes of before are left out: {file} cannot be read ({why}).", "The next choice replaces it."
    )
