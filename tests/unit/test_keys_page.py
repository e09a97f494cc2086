"""The page of keys is the table of keys."""

from cockpit.keymap import KEYS
from tests.keys_page import PAGE, keys_page


def test_the_page_is_what_make_keys_writes() -> None:
    assert PAGE.read_text(encoding="utf-8") == keys_page(), "`make keys` writes it again"


def test_every_key_is_on_the_page_once() -> None:
    assert [keys_page().count(f"| `{key.id}` |") for key in KEYS] == [1] * len(KEYS)
