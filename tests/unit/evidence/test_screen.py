"""The quick look for secrets never misses what the search finds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.evidence.screen import may_hold_secrets
from factory.rules.redaction import redact
from factory.rules.secret_patterns import RULES

# In pieces, so that no scanner takes this file for a leak.
SAMPLES = {
    "private_key": ["-----BEGIN " + "RSA PRIVATE KEY-----", "-----BEGIN " + "PGP PRIVATE KEY BLOCK-----"],
    "jwt": ["ey" + "JhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.abc"],
    "aws_key": ["AK" + "IAIOSFODNN7EXAMPLE", "AS" + "IAIOSFODNN7EXAMPLE"],
    "github_token": ["gh" + f"{kind}_0123456789abcdefghij" for kind in "pousr"] + ["github" + "_pat_" + "0aZ" * 9],
    "gitlab_token": ["gl" + "pat-0123456789abcdefg"],
    "slack_token": ["xo" + "xb-0123456789-abc", "xa" + "pp-0123456789-abc"],
    "anthropic_key": ["sk" + "-ant-api03-0123456789abcdef"],
    "openai_key": ["sk" + "-proj-0123456789abcdef0123"],
    "google_key": ["AI" + "zaSyA0123456789abcdefghijklmnopqrstuvwx"],
    "bearer": [f"{word} 0123456789abcdef" for word in ("Bearer", "BEARER", "bearer", "Basic")],
    "url_password": ["https" + "://ana:hunter22@host/x", "postgres" + "://u:p4ss@db"],
    "assignment": [
        f"{name}{sign}{quote}hunter22{quote}"
        for name in ("password", "Passwd", "db_pwd", "API_KEY", "apikey", "auth-key", "accessKey", "secret_key",
                     "privateKey", "private-key", "token", "ToKeN2", "client_secret")
        for sign in ("=", ": ", " := ", " => ")
        for quote in ("", '"', "'", '\\"')
    ],
}  # fmt: skip
ALL = [sample for samples in SAMPLES.values() for sample in samples]
FRAGMENTS = sorted({piece for sample in ALL for piece in (sample, sample[:4], sample[4:], sample.upper())})


def test_every_rule_has_a_sample() -> None:
    assert SAMPLES.keys() == {rule[0] for rule in RULES}


@pytest.mark.parametrize("sample", ALL)
def test_each_secret_is_seen(sample: str) -> None:
    data = f"šum {sample} rest\n".encode()
    assert redact(data)[1] > 0, "the sample is no secret, so it shows nothing"
    assert may_hold_secrets(data)


@given(st.lists(st.sampled_from([*FRAGMENTS, " ", "\n", "x", '"', "=", ": ", "\x00", "š"]), max_size=12), st.binary())
def test_what_is_waved_through_holds_no_secret(pieces: list[str], noise: bytes) -> None:
    data = noise + "".join(pieces).encode() + noise
    if not may_hold_secrets(data):
        assert redact(data) == (data, 0)


def test_ordinary_output_is_waved_through() -> None:
    log = b"2026-11-23 INFO worker 7: test_split[10-4] passed in 0.013 s; task-12 done, 3 keys, no tokens\n" * 2000
    assert not may_hold_secrets(log)
    assert not may_hold_secrets(bytes(range(256)) * 100)
