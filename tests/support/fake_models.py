"""A chat and an embedding model with the API of OpenAI, for servers that need both and whose answers do not matter."""

import hashlib
import json
import math
import re
from dataclasses import dataclass

import httpx

DIMENSIONS = 64
NAME = "fake-model"
_ENTITIES = """entity<|#|>Cockpit<|#|>artifact<|#|>A program.
entity<|#|>Lesson<|#|>concept<|#|>What a run learned.
relation<|#|>Cockpit<|#|>Lesson<|#|>learns<|#|>Cockpit keeps the lesson.
<|COMPLETE|>"""


@dataclass
class FakeModels:
    """Both models; `loopback.served(models.answer, faults)` puts them on a socket."""

    is_down: bool = False
    answered: int = 0

    def answer(self, request: httpx.Request) -> httpx.Response:
        """Answer one request: an extraction with two entities, or vectors in which like texts lie near each other."""
        if self.is_down:
            return httpx.Response(500, json={"error": {"message": "The model is not loaded.", "type": "server_error"}})
        self.answered += 1
        asked = json.loads(request.content)
        if request.url.path.endswith("/embeddings"):
            texts = [asked["input"]] if isinstance(asked["input"], str) else asked["input"]
            found = [{"object": "embedding", "index": n, "embedding": vector(text)} for n, text in enumerate(texts)]
            return httpx.Response(
                200, json={"object": "list", "model": NAME, "data": found, "usage": _used(embedding=True)}
            )
        said = {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": _ENTITIES}}
        answer = {"id": "chat-1", "object": "chat.completion", "created": 1, "model": NAME, "choices": [said]}
        return httpx.Response(200, json={**answer, "usage": _used(embedding=False)})


def vector(text: str) -> list[float]:
    """The words of a text, each in a place of its own, as a vector of length one."""
    places = [0.0] * DIMENSIONS
    for word in re.findall(r"\w+", text.lower()):
        places[hashlib.sha256(word.encode()).digest()[0] % DIMENSIONS] += 1.0
    length = math.hypot(*places) or 1.0
    return [place / length for place in places]


def _used(embedding: bool) -> dict[str, int]:
    return {"prompt_tokens": 1, "total_tokens": 1, **({} if embedding else {"completion_tokens": 1})}
