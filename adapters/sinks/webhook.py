"""A sink behind a web address: each item is posted as JSON, signed when a secret is configured."""

import hmac
import json
from hashlib import sha256
from urllib.parse import quote

import httpx

from adapters.http import open_client, refusal, speaking_to, words
from adapters.sinks.message import message
from factory.errors import Refused
from factory.model.outbox import OutboxItem
from factory.ports.knowledge import Known, Receipt, nothing_known
from factory.rules.visible import one_line

SIGNATURE = "X-Cockpit-Signature"
_LATER = frozenset({401, 403, 408, 425, 429})
_REF_CHARS = 200


class WebhookSink:
    """`Target` that posts `{"id", "op", "key", "run", "payload"}`; any 2xx means that the sink has it.

    The header `Idempotency-Key` holds the dedupe key, percent-encoded where a header cannot hold it. With a secret,
    `X-Cockpit-Signature` is `sha256=` and the hexadecimal HMAC-SHA256 of the body.

    Args:
        name: `sink:NAME`.
        secret: Key of the signature; empty = unsigned.
    """

    def __init__(
        self,
        name: str,
        url: str,
        secret: str = "",
        *,
        read_s: float = 15.0,
        whole_s: float = 30.0,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self.name = name
        self._url = url
        self._key = secret.encode()
        self._http = open_client("", {"Content-Type": "application/json"}, read_s, whole_s=whole_s, transport=transport)

    def close(self) -> None:
        """Close its connections."""
        self._http.close()

    def deliver(self, item: OutboxItem, _known: Known = nothing_known) -> Receipt:
        """Post one item; the reference is the `ref` of a JSON answer, else the id of the item.

        Raises:
            Unreachable: no answer, 401, 403, 408, 425, 429 or 5xx. Refused: any other 4xx.
        """
        body = message(item)
        headers = {"Idempotency-Key": quote(item.dedupe_key, safe=":/")}
        if self._key:
            headers[SIGNATURE] = f"sha256={hmac.new(self._key, body, sha256).hexdigest()}"
        with speaking_to(self.name):
            response = self._http.post(self._url, content=body, headers=headers)
        if response.is_success:
            return "delivered", _ref(response) or item.id
        if response.is_client_error and response.status_code not in _LATER:
            said = words(response)
            raise Refused(f"{self.name} will not take it ({response.status_code}): {said}", "Correct the sink.")
        raise refusal(self.name, response)

    def confirm(self, _item: OutboxItem) -> bool:
        """True: what was answered with 2xx is the sink's."""
        return True


def _ref(response: httpx.Response) -> str:
    """What the sink calls the item, if it says so."""
    try:
        said = json.loads(response.content)
    except (ValueError, RecursionError):  # brackets without end: it has the item all the same
        return ""
    ref = said.get("ref") if isinstance(said, dict) else None
    return one_line(ref)[:_REF_CHARS] if isinstance(ref, str) else ""
