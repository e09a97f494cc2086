"""How the failures of an HTTP system read in the factory's words."""

import json
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from pydantic import BaseModel

from adapters import whole_answer
from adapters.http import open_client, read, speaking_to, trusted, words
from factory.errors import Malformed, Missing, Refused, SourceError, Unreachable

JSON = {"content-type": "application/json"}


class Answer(BaseModel):
    """What a test expects."""

    ok: bool


def ask(answer: Callable[[httpx.Request], httpx.Response], whole_s: float = 60.0) -> Answer:
    transport = httpx.MockTransport(answer)
    with open_client("http://wiki.test", whole_s=whole_s, transport=transport) as client, speaking_to("The wiki"):
        return read(Answer, client.get("/api/pages"))


def failing(error: httpx.HTTPError) -> Callable[[httpx.Request], httpx.Response]:
    def answer(_request: httpx.Request) -> httpx.Response:
        raise error

    return answer


def test_an_answer_is_read() -> None:
    assert ask(lambda _: httpx.Response(200, json={"ok": True})).ok


@pytest.mark.parametrize(
    ("answer", "error", "code"),
    [
        (failing(httpx.ConnectError("refused")), Unreachable, "unreachable"),
        (failing(httpx.ReadTimeout("slow")), Unreachable, "timeout"),
        (failing(httpx.RemoteProtocolError("cut")), Unreachable, "unreachable"),
        (lambda _: httpx.Response(401, json={"error": "Unauthorized"}), Unreachable, "unauthorised"),
        (lambda _: httpx.Response(403, text="Forbidden"), Unreachable, "unauthorised"),
        (lambda _: httpx.Response(429, json={}), Unreachable, "busy"),
        (lambda _: httpx.Response(500, text="<html>"), Unreachable, "unreachable"),
        (lambda _: httpx.Response(302, headers={"location": "/login"}), Unreachable, "unreachable"),
        (lambda _: httpx.Response(404, text="<html>", headers={"content-type": "text/html"}), Unreachable, ""),
        (lambda _: httpx.Response(400, html="plain HTTP was sent to an HTTPS port"), Unreachable, "unreachable"),
        (lambda _: httpx.Response(421, html="<html>"), Unreachable, "unreachable"),
        (lambda _: httpx.Response(405), Refused, "refused"),
        (lambda _: httpx.Response(413, html="<html>"), Refused, "refused"),
        (lambda _: httpx.Response(404, json={"error": "Task not found"}), Missing, "not_found"),
        (lambda _: httpx.Response(422, json={"error": "name is required"}), Refused, "refused"),
        (lambda _: httpx.Response(200, text="<html>"), Malformed, "malformed"),
        (lambda _: httpx.Response(200, json={"ok": "perhaps"}), Malformed, "malformed"),
    ],
)
def test_each_failure_is_one_of_our_errors(
    answer: Callable[[httpx.Request], httpx.Response], error: type[SourceError], code: str
) -> None:
    with pytest.raises(error) as raised:
        ask(answer)
    assert "The wiki" in raised.value.message
    assert code in ("", raised.value.code)


def test_what_a_broken_server_says_of_its_inside_is_not_repeated() -> None:
    with pytest.raises(Unreachable) as raised:
        ask(lambda _: httpx.Response(500, json={"error": {"message": "SQLSTATE[HY000] select * from users"}}))
    assert "SQL" not in raised.value.message


class Drops(httpx.SyncByteStream):
    """An answer in small drops, without an end."""

    def __iter__(self) -> Iterator[bytes]:
        while True:
            yield b" "


def test_an_answer_that_drips_without_an_end_is_no_answer() -> None:
    with pytest.raises(Unreachable) as raised:
        ask(lambda _: httpx.Response(200, headers=JSON, stream=Drops()), whole_s=0.01)
    assert raised.value.code == "timeout"


def test_an_answer_that_is_larger_than_any_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(whole_answer, "MAX_BYTES", 100)
    with pytest.raises(Unreachable):
        ask(lambda _: httpx.Response(200, headers=JSON, stream=Drops()))


def test_a_packed_answer_is_not_unpacked() -> None:
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.headers["accept-encoding"])
        packed = zlib.compress(b" " * 1_000_000, wbits=31)
        return httpx.Response(200, headers={**JSON, "content-encoding": "gzip"}, stream=httpx.ByteStream(packed))

    with pytest.raises(Unreachable, match="packed"):
        ask(answer)
    assert asked == ["identity"]


@pytest.mark.parametrize("charset", ["hex", "idna", "undefined", "no-such"])
def test_a_charset_that_is_none_hides_no_refusal(charset: str) -> None:
    headers = {"content-type": f"application/json; charset={charset}"}
    with pytest.raises(Unreachable, match="Unauthorized"):
        ask(lambda _: httpx.Response(401, headers=headers, content=b'{"error":"Unauthorized"}'))


def test_what_a_server_calls_its_values_is_shown_on_one_line() -> None:
    class Counts(BaseModel):
        counts: dict[str, int]

    with pytest.raises(Malformed) as raised, speaking_to("The wiki"):
        Counts.model_validate({"counts": {"\x1b[2J" + "x" * 5000: "many"}})
    assert "\x1b" not in raised.value.message
    assert len(raised.value.message) < 500


AUTHORITY = """
-----BEGIN CERTIFICATE-----
MIIBlzCCAT2gAwIBAgIUKDu2UaGKB5Ye3yN6lNg6KR3gIwQwCgYIKoZIzj0EAwIw
IDEeMBwGA1UEAwwVQW4gYXV0aG9yaXR5IG9mIHRlc3RzMCAXDTI2MTEyNjE4NDg0
MFoYDzIxMjYxMTAyMTg0ODQwWjAgMR4wHAYDVQQDDBVBbiBhdXRob3JpdHkgb2Yg
dGVzdHMwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAAR7Y9itaWCTT0sK52HPUafX
77e/xvS5CcL6pRkjg9RGaj6icDohhBt7Lp6WcMLd2noxFt2Bdy0AjFWPa+AItfDH
o1MwUTAdBgNVHQ4EFgQU7yewTA9MNHrpI+9Pa+uuegtpfGUwHwYDVR0jBBgwFoAU
7yewTA9MNHrpI+9Pa+uuegtpfGUwDwYDVR0TAQH/BAUwAwEB/zAKBggqhkjOPQQD
AgNIADBFAiEA6z5Cp7cSWnDrpKpZg6mafgPE0VMkigBHvrl3pa4nVKgCIFmIF31c
IZ7x0sIK/v2GsoqMYNXD/Ll24yzUp/so6b0M
-----END CERTIFICATE-----
"""


def test_an_authority_of_the_house_is_trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "authority.pem"
    file.write_text(AUTHORITY)
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    names = [dict(part[0] for part in each["subject"]) for each in trusted.__wrapped__().get_ca_certs()]  # type: ignore[misc]
    assert {"commonName": "An authority of tests"} in names
    assert len(names) > 1


def test_a_certificate_that_nobody_vouches_for_says_what_to_do() -> None:
    with pytest.raises(Unreachable) as raised:
        ask(failing(httpx.ConnectError("[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed")))
    assert "SSL_CERT_FILE" in raised.value.hint


def test_a_stream_of_events_may_go_on() -> None:
    events = httpx.Response(200, headers={"content-type": "text/event-stream"}, stream=Drops())
    transport = httpx.MockTransport(lambda _: events)
    with open_client("http://wiki.test", whole_s=0.0, transport=transport) as client, client.stream("GET", "/") as got:
        assert next(got.iter_bytes()) == b" "


@pytest.mark.parametrize(
    ("said", "after_s"), [("7", 7.0), ("soon", 0.0), ("-3", 0.0), ("999999", 3600.0), ("nan", 0.0)]
)
def test_it_is_not_asked_again_before_it_wants_to_be(said: str, after_s: float) -> None:
    with pytest.raises(Unreachable) as raised:
        ask(lambda _: httpx.Response(429, headers={"retry-after": said}))
    assert raised.value.after_s == after_s


@pytest.mark.parametrize(("cookies", "sent"), [(False, None), (True, "mc-session=1")])
def test_a_cookie_is_kept_only_where_it_is_a_log_in(cookies: bool, sent: str | None) -> None:
    seen = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request.headers.get("cookie"))
        return httpx.Response(200, headers={"set-cookie": "mc-session=1"}, json={"ok": True})

    with open_client("http://wiki.test", cookies=cookies, transport=httpx.MockTransport(answer)) as client:
        client.get("/one")
        client.get("/two")
    assert seen == [None, sent]


def _quoting(request: httpx.Request) -> httpx.Response:
    """A server that quotes all that it was told."""
    told = [request.headers[name] for name in ("authorization", "x-api-key", "cookie") if name in request.headers]
    told += [json.loads(request.content).get("password", "")]
    return httpx.Response(401, json={"error": {"message": f"No match for {' '.join(told)}"}})


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        ({"Authorization": "Token wiki-id-4711:wiki-secret-4711"}, {}),
        ({"X-API-Key": "the-key-4711"}, {}),
        ({"Cookie": "session=cookie-4711"}, {}),
        ({}, {"username": "ana", "password": 'a "pass" 4711'}),
    ],
)
def test_a_credential_that_a_server_quotes_is_not_said(headers: dict[str, str], body: dict[str, str]) -> None:
    with open_client("http://wiki.test", headers, transport=httpx.MockTransport(_quoting)) as client:
        response = client.post("/api/pages", json=body)
    said = words(response)
    assert "No match" in said
    assert "[redacted:" in said
    assert "4711" not in said
