"""The search for credentials finds them however they are kept: else a test that finds none says nothing."""

import base64
import json
import sqlite3
from pathlib import Path

import pytest

from tests.support.leaks import leaks

KEY = 'a "key" of/tests+läuft?>'
SECRETS = {"key": KEY, "other": "not-there-at-all"}


def encoded(before: int, is_safe: bool = False) -> bytes:
    encode = base64.urlsafe_b64encode if is_safe else base64.b64encode
    return encode(b"x" * before + KEY.encode() + b"behind it")


def recorded(*pieces: str) -> bytes:
    return b"\n".join(json.dumps([0.1 * place, "o", piece]).encode() for place, piece in enumerate(pieces))


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.log", f"said {KEY}.".encode()),
        ("b.json", json.dumps({"said": KEY}).encode()),
        ("c.json", json.dumps({"said": KEY}, ensure_ascii=False).encode()),
        ("d.log", KEY.encode().hex().encode()),
        *((f"e{before}", encoded(before)) for before in range(3)),
        *((f"f{before}", encoded(before, is_safe=True)) for before in range(3)),
        ("g.log", KEY.encode()[:9] + b"\n   " + KEY.encode()[9:]),
        ("h.pem", encoded(1)[:17] + b"\n" + encoded(1)[17:]),
        ("i.jsonl", b"\n".join(json.dumps({"n": n, "text": KEY[n : n + 1]}).encode() for n in range(len(KEY)))),
        ("j.cast", recorded(f"\x1b[1;1H{KEY[:7]}", f"\x1b[31m{KEY[7:]}\x1b[0m")),
    ],
)
def test_it_is_found_in_a_file(tmp_path: Path, name: str, data: bytes) -> None:
    (tmp_path / "deep").mkdir()
    file = tmp_path / "deep" / name
    file.write_bytes(data)
    assert leaks(tmp_path, SECRETS) == [f"key in {file}"]
    assert leaks(tmp_path, SECRETS, without={file}) == []


def test_it_is_found_in_a_database_across_two_pages(tmp_path: Path) -> None:
    database = sqlite3.connect(tmp_path / "ledger.db")
    database.execute("CREATE TABLE events (detail TEXT)")
    database.execute("INSERT INTO events VALUES (?)", (KEY.join("." * 3000 for _ in range(20)),))
    database.commit()
    database.close()
    assert leaks(tmp_path, SECRETS) == [f"key in {tmp_path / 'ledger.db'}"]


def test_half_of_it_is_not_it(tmp_path: Path) -> None:
    (tmp_path / "a.log").write_text(KEY[: len(KEY) // 2])
    assert leaks(tmp_path, SECRETS) == []
