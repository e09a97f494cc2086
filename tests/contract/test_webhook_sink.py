"""What a webhook sink sends, and what it makes of every answer."""

import hmac
import json
from collections.abc import Callable
from hashlib import sha256

import httpx
import pytest

from adapters.sinks.webhook import WebhookSink
from factory.errors import Refused, Unreachable
from factory.model.outbox import OutboxItem
from factory.rules.outbox import outbox_item
from tests.support.faults import FAULTS, SOCKET_FAULTS, Fault, Faults, faulty
from tests.support.loopback import served

SECRET = "hook-secret-of-this-test"
URL = "http://hive.test/hook?room=7"


def page(text: str = "Läuft ✓", ref: str = "run_1/status") -> OutboxItem:
    return outbox_item("run_1", "sink:hive", "page", {"ref": ref, "text": text}, ref)


class Hive:
    """A sink that keeps every item once, as the key says."""

    def __init__(self, answer: Callable[[], httpx.Response] = lambda: httpx.Response(204)) -> None:
        self.requests: list[httpx.Request] = []
        self.kept: dict[str, bytes] = {}
        self._answer = answer

    def answer(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        self.kept[request.headers["idempotency-key"]] = request.content
        return self._answer()


def sink_of(hive: Hive, secret: str = SECRET) -> WebhookSink:
    return WebhookSink("sink:hive", URL, secret, transport=httpx.MockTransport(hive.answer))


def test_an_item_is_posted_as_json_with_its_key_and_a_signature_of_the_very_bytes() -> None:
    hive, item = Hive(), page()
    assert sink_of(hive).deliver(item) == ("delivered", item.id)
    (request,) = hive.requests
    assert (request.method, str(request.url)) == ("POST", URL)
    assert request.headers["content-type"] == "application/json"
    assert request.headers["idempotency-key"] == item.dedupe_key
    expected = hmac.new(SECRET.encode(), request.content, sha256).hexdigest()
    assert request.headers["x-cockpit-signature"] == f"sha256={expected}"
    assert json.loads(request.content) == {
        "id": item.id,
        "op": "page",
        "key": item.dedupe_key,
        "run": "run_1",
        "payload": {"ref": "run_1/status", "text": "Läuft ✓"},
    }
    assert SECRET not in str(request.headers) + request.content.decode()


def test_without_a_secret_nothing_is_signed() -> None:
    hive = Hive()
    sink_of(hive, "").deliver(page())
    assert "x-cockpit-signature" not in hive.requests[0].headers


def test_the_same_item_again_is_the_same_request() -> None:
    hive = Hive()
    for sink in (sink_of(hive), sink_of(hive)):
        sink.deliver(page())
    one, other = hive.requests
    assert (one.content, one.headers["x-cockpit-signature"]) == (other.content, other.headers["x-cockpit-signature"])
    assert len(hive.kept) == 1


def test_the_sink_may_say_where_the_item_is() -> None:
    assert sink_of(Hive(lambda: httpx.Response(201, json={"ref": "hive/7\n"}))).deliver(page())[1] == "hive/7⏎"
    deep = httpx.Response(200, content=b"[" * 200_000)
    for said in (
        deep,
        httpx.Response(200, json=[1]),
        httpx.Response(200, json={"ref": 7}),
        httpx.Response(200, text="ok"),
    ):
        assert sink_of(Hive(lambda said=said: said)).deliver(page())[1] == page().id  # type: ignore[misc]


@pytest.mark.parametrize("status", [401, 403, 408, 425, 429, 500, 502, 503, 301, 307])
def test_an_answer_that_may_change_is_an_outage(status: int) -> None:
    sink = sink_of(Hive(lambda: httpx.Response(status, headers={"retry-after": "9", "location": "http://other.test"})))
    with pytest.raises(Unreachable) as caught:
        sink.deliver(page())
    assert "sink:hive" in caught.value.message
    assert caught.value.after_s == (9.0 if status in (408, 425, 429) or status >= 500 else 0.0)


@pytest.mark.parametrize("status", [400, 404, 405, 409, 410, 413, 415, 422])
def test_any_other_4xx_is_a_refusal(status: int) -> None:
    sink = sink_of(Hive(lambda: httpx.Response(status, json={"error": "no such room"})))
    with pytest.raises(Refused, match="no such room"):
        sink.deliver(page())


@pytest.mark.parametrize("fault", FAULTS)
def test_every_fault_but_a_missing_route_is_an_outage_and_the_item_is_kept_once(fault: Fault) -> None:
    hive, faults = Hive(), Faults()
    sink = WebhookSink("sink:hive", URL, SECRET, transport=faulty(hive.answer, faults))
    faults.set(fault, left=1, has_effect=True)
    if fault == "web_page":  # 200 is 200
        assert sink.deliver(page())[0] == "delivered"
    else:
        with pytest.raises(Refused if fault == "no_route" else Unreachable):
            sink.deliver(page())
    assert sink.deliver(page())[0] == "delivered"
    assert len(hive.kept) == 1


@pytest.mark.parametrize("fault", SOCKET_FAULTS)
def test_a_real_connection_that_fails_is_an_outage_and_ends(fault: Fault) -> None:
    hive, faults = Hive(lambda: httpx.Response(200, json={"ref": "hive/7"})), Faults()
    with served(hive.answer, faults) as url:
        hasty = WebhookSink("sink:hive", f"{url}/hook", SECRET, read_s=0.2, whole_s=0.4)
        patient = WebhookSink("sink:hive", f"{url}/hook", SECRET)
        faults.set(fault)
        with pytest.raises(Unreachable):
            hasty.deliver(page())
        faults.clear()
        assert patient.deliver(page()) == ("delivered", "hive/7")
        hasty.close()
        patient.close()


@pytest.mark.parametrize("ref", ["läuft/✓", "a\nb: c", "x" * 2000, "\ud800"])
def test_a_key_that_no_header_can_hold_is_encoded(ref: str) -> None:
    hive = Hive()
    sink_of(hive).deliver(page(ref=ref))
    assert hive.requests[0].headers["idempotency-key"].isascii()
    assert json.loads(hive.requests[0].content)["run"] == "run_1"


@pytest.mark.parametrize("payload", ["", "[]", "null", "{"])
def test_an_item_without_a_payload_is_refused_and_not_sent(payload: str) -> None:
    hive = Hive()
    with pytest.raises(Refused):
        sink_of(hive).deliver(OutboxItem(id="out_1", run="r", target="t", op="page", dedupe_key="k", payload=payload))
    assert hive.requests == []
