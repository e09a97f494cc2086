"""Goals: what may be asked for, and in which language it is written."""

import re
import unicodedata

from factory.errors import Usage

LONGEST_GOAL = 64 * 1024
"""Bytes of UTF-8."""

_INVISIBLE = {"Cc", "Cf", "Zl", "Zp", "Zs"}
_SLAVIC_LETTERS = re.compile("[ćđčšžђћљњџј]")
_SLAVIC = (
    "aplikacija aplikacije aplikaciju baza baze bazu bez bude da dizajn dodaj dugme dvije za greska "
    "gresku ili iz izbrisi izradi izmijeni ima kad kada kako koja koje koji korisnik korisnika mobilna "
    "mobilnu mora na napravi napisi ne nova novi novu obrisi od placanje po pod popravi posalji prijava "
    "prikazi prije promijeni provjeri radi sa se sigurnost sta sto stranica stranicu su treba trebamo u "
    "ubrzaj ukloni uz zeli zelim "
)
_ENGLISH = (
    "add all an and are as at be build bug by can change create delete error for from fix have if "
    "implement improve in is it its make migrate must new not of on or page parts please refactor remove "
    "rename replace should so speed support test tests that the this to up update upgrade use user users "
    "when with without write "
)


def check_goal(text: str) -> str:
    """The goal, verbatim, when it can be one. Any language, emoji and right-to-left text are fine.

    Raises:
        Usage: it is empty or blank, too long, or holds what no text file can hold.
    """
    if "\0" in text:
        raise Usage("The goal holds a NUL character.", "Give it as plain text.")
    try:
        size = len(text.encode())
    except UnicodeEncodeError as error:
        raise Usage("The goal holds bytes that are not valid UTF-8.", "Give it as UTF-8 text.") from error
    if size > LONGEST_GOAL:
        raise Usage(
            f"The goal is {size:,} bytes long; at most {LONGEST_GOAL:,} are taken.", "Put the detail in a page."
        )
    if all(unicodedata.category(character) in _INVISIBLE for character in text):
        raise Usage("The goal is empty.", "Say in a sentence what should be different afterwards.")
    return text


def language(text: str) -> str:
    """A guess at the language: `bs` for Bosnian, Croatian or Serbian, `en`, or "" when neither shows."""
    slavic_words, english_words = frozenset(_SLAVIC.split()), frozenset(_ENGLISH.split())
    words = re.findall(r"\w+", text.casefold())
    slavic = sum(word in slavic_words or bool(_SLAVIC_LETTERS.search(word)) for word in words)
    english = sum(word in english_words for word in words)
    if not slavic and not english:
        return ""
    # Borrowed English words are common in the one, words of the other are not: a tie is the one.
    return "bs" if slavic >= english else "en"
