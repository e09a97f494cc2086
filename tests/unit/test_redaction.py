"""Secrets are cut out of output, wherever the chunks happen to end."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factory.rules.redaction import Redactor, redact
from factory.rules.secret_patterns import BEHIND, LONGEST

# In pieces, so that no scanner takes this file for a leak.
KEY = "\n".join(
    [
        "-----BEGIN " + "RSA PRIVATE KEY-----",
        *["MIIEowIBAAKCAQEA7bq+/" * 3] * 4,
        "Qa==",
        "-----END RSA PRIVATE KEY-----",
    ]
)
JWT = "ey" + "JhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dBjftJeZ4CVP-mB92K27uhbUJU1p1r"
OPAQUE = {
    "private_key": KEY,
    "jwt": JWT,
    "aws_key": "AK" + "IAIOSFODNN7EXAMPLE",
    "github_token": "gh" + "p_0123456789abcdefghijABCDEFGHIJ012345",
    "gitlab_token": "gl" + "pat-abcdefghij0123456789",
    "slack_token": "xo" + "xb-123456789012-abcdefghij",
    "anthropic_key": "sk" + "-ant-api03-abcdefghijklmnop0123",
    "openai_key": "sk" + "-proj-abcdefghijklmnopqrst",
    "google_key": "AI" + "zaSyA0123456789abcdefghijklmnopqrstuv",
}
READABLE = [
    ("password=hunter2 next", "password=[redacted:assignment] next"),
    ('"password": "correct horse battery"', '"password": "[redacted:assignment]"'),
    ("clientSecret: 'xyzzy99'", "clientSecret: '[redacted:assignment]'"),
    ('{\\"api_key\\": \\"abcdef123\\"}', '{\\"api_key\\": \\"[redacted:assignment]\\"}'),
    ("export AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG;", "export AWS_SECRET_ACCESS_KEY=[redacted:assignment];"),
    ("?a=1&token=abcdef&b=2", "?a=1&token=[redacted:assignment]&b=2"),
    ("DB_PWD := s3cret99", "DB_PWD := [redacted:assignment]"),
    ("https://ana:s3cr3t@host/x", "https://ana:[redacted:url_password]@host/x"),
    ("Authorization: Bearer abc.def-0123456789", "Authorization: Bearer [redacted:bearer]"),
]
ORDINARY = [
    "token = lexer.next_token()",
    "if token == other: pass",
    "def f(token: str, password: None): ...",
    '"tokens": {"input": 123456, "output": 5}',
    "max_tokens=40960",
    "PWD=/home/ana/project",
    "password: ${DB_PASSWORD}",
    "task-1234567890123456789012 risk-free disk-error",
    "https://example.org/a:b@c",
    "2026-11-23T17:54:45.123Z INFO basic authentication-protocol",
    "Enter password: ",
    "e" + "yJ is how a token begins",
]
PIECES = [*OPAQUE.values(), *(line for line, _ in READABLE), *ORDINARY, "\n", " ", "x" * 40, '"', "\\n", "š", "given-1"]


@pytest.mark.parametrize(("kind", "secret"), OPAQUE.items())
def test_an_opaque_secret_is_replaced_by_its_kind(kind: str, secret: str) -> None:
    assert redact(f"before {secret} after".encode()) == (f"before [redacted:{kind}] after".encode(), 1)


@pytest.mark.parametrize(("line", "clean"), READABLE)
def test_of_a_named_secret_only_the_value_is_replaced(line: str, clean: str) -> None:
    assert redact(line.encode()) == (clean.encode(), 1)


@pytest.mark.parametrize("line", ORDINARY)
def test_ordinary_output_stays_as_it_is(line: str) -> None:
    assert redact(line.encode()) == (line.encode(), 0)


def test_given_values_are_cut_out_line_by_line_but_not_short_ones() -> None:
    clean, count = redact(b"a given-value 1 second line", [b"given-value", b"1", b"first\nsecond line\n"])
    assert (clean, count) == (b"a [redacted:value] 1 [redacted:value]", 2)


def test_a_private_key_inside_json_is_cut_out() -> None:
    line = f'{{"key": "{KEY}", "id": 7}}'.replace("\n", "\\n").encode()
    assert redact(line) == (b'{"key": "[redacted:private_key]", "id": 7}', 1)


def test_a_private_key_without_an_end_does_not_swallow_the_log() -> None:
    log = KEY.rpartition("\n")[0].encode() + b"\n" + b"(1 test passed)\n" * 5000
    clean, count = redact(log)
    assert count == 1
    assert clean.count(b"(1 test passed)") == 5000


def test_bytes_that_are_no_text_pass() -> None:
    assert redact(bytes(range(256)) * 300) == (bytes(range(256)) * 300, 0)


@given(st.lists(st.sampled_from(PIECES), max_size=12), st.lists(st.integers(1, 90), min_size=1, max_size=20))
def test_wherever_the_chunks_end_the_result_is_the_same(pieces: list[str], sizes: list[int]) -> None:
    data, values = "".join(pieces).encode(), [b"given-1"]
    redactor, out, place = Redactor(values), b"", 0
    while place < len(data):
        size = sizes[place % len(sizes)]
        out += redactor.feed(data[place : place + size])
        place += size
    assert (out + redactor.close(), redactor.count) == redact(data, values)


@given(st.lists(st.sampled_from(PIECES), max_size=12))
def test_what_is_redacted_once_holds_no_secret_any_more(pieces: list[str]) -> None:
    clean, _ = redact("".join(pieces).encode())
    assert redact(clean) == (clean, 0)


@given(st.lists(st.sampled_from([*OPAQUE.values(), "x" * 4000, " ", "\n"]), max_size=30))
def test_windows_miss_nothing_that_a_search_of_the_whole_finds(pieces: list[str]) -> None:
    data = " ".join(pieces).encode()
    assert redact(data)[1] == sum(piece in OPAQUE.values() for piece in pieces)


@given(st.lists(st.sampled_from(PIECES), max_size=12))
def test_a_screen_saves_the_search_only_where_it_says_so(pieces: list[str]) -> None:
    data = "".join(pieces).encode()
    seen: list[int] = []

    def screen(window: bytes) -> bool:
        seen.append(len(window))
        return True

    redactor = Redactor(screen=screen)
    assert redactor.feed(data) + redactor.close() == redact(data)[0]
    assert bool(seen) == bool(data)
    blind = Redactor(screen=lambda _: False)
    assert (blind.feed(data) + blind.close(), blind.count) == (data, 0)


def test_one_line_of_a_megabyte_is_let_out_as_it_comes() -> None:
    redactor, held, out = Redactor(), 0, 0
    for _ in range(1024):
        out += len(redactor.feed(b"m" * 1024))
        held = max(held, 1024 * (_ + 1) - out)
    assert held <= LONGEST + BEHIND
    assert out + len(redactor.close()) == 1 << 20


def test_a_whole_line_is_let_out_at_once() -> None:
    assert Redactor().feed(b"one line\nhalf") == b"one line\n"


def test_a_secret_longer_than_any_chunk_leaves_nothing_behind() -> None:
    redactor = Redactor()
    out = b"".join(redactor.feed(chunk) for chunk in [b"password=", *[b"s" * 5000] * 40, b" end"])
    assert out + redactor.close() == b"password=[redacted:assignment] end"


@pytest.mark.parametrize("secret", ['pa"ss\\word', "lozinka-žćš", "tab\tinside-it"])
@pytest.mark.parametrize("is_ascii", [True, False])
def test_a_given_value_is_found_as_it_stands_in_json(secret: str, is_ascii: bool) -> None:
    line = json.dumps({"text": f"it is {secret}!"}, ensure_ascii=is_ascii).encode()
    assert redact(line, [secret.encode()]) == (b'{"text": "it is [redacted:value]!"}', 1)
