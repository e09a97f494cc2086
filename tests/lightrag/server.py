"""One real LightRAG server on this machine, which can be killed at any moment and started again over the same files."""

import random
import socket
import subprocess
import time
from contextlib import suppress
from pathlib import Path

import httpx

from tests.support.fake_models import DIMENSIONS, NAME

KEY = "key-of-the-test"
START_S = 90.0
SERVING = Path(__file__).with_name("serving.py")


class RealServer:
    """The server; its models are at `models_url`."""

    def __init__(self, python: Path, folder: Path, models_url: str) -> None:
        self._python = python
        self._folder = folder
        self._port = _free_port()
        self._environment = {
            **{f"{kind}_BINDING": "openai" for kind in ("LLM", "EMBEDDING")},
            **{f"{kind}_BINDING_HOST": f"{models_url}/v1" for kind in ("LLM", "EMBEDDING")},
            **{f"{kind}_BINDING_API_KEY": "none" for kind in ("LLM", "EMBEDDING")},
            **{f"{kind}_MODEL": NAME for kind in ("LLM", "EMBEDDING")},
            "EMBEDDING_DIM": str(DIMENSIONS),
            "LLM_TIMEOUT": "20",
            "EMBEDDING_TIMEOUT": "10",
            "LIGHTRAG_API_KEY": KEY,
            "WORKING_DIR": str(folder / "rag"),
            "INPUT_DIR": str(folder / "inputs"),
            "HOME": str(folder),
            "PATH": f"{python.parent}:/usr/bin:/bin",
        }
        self._process: subprocess.Popen[bytes] | None = None
        self.url = f"http://127.0.0.1:{self._port}"

    def start(self) -> None:
        """Start it and wait until it answers. Raises `AssertionError` with its last words when it does not."""
        words = (str(self._python), str(SERVING), "--host", "127.0.0.1", "--port", str(self._port))
        with (self._folder / "server.log").open("ab") as log:
            self._process = subprocess.Popen(
                words, env=self._environment, cwd=self._folder, stdout=log, stderr=log, start_new_session=True
            )
        end = time.monotonic() + START_S
        while not self._answers():
            alive = self._process.poll() is None and time.monotonic() < end
            assert alive, (self._folder / "server.log").read_text()[-2_000:]
            time.sleep(0.1)

    def kill(self) -> None:
        """End it as kill -9 does."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def _answers(self) -> bool:
        try:
            return httpx.get(f"{self.url}/health", timeout=2, trust_env=False).status_code == 200
        except httpx.HTTPError:
            return False


def _free_port() -> int:
    """One that no connection gets by chance while the server is down: those are given ports from 32768 on."""
    while True:
        port = random.randrange(20_000, 32_000)
        with suppress(OSError), socket.socket() as taken:
            taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            taken.bind(("127.0.0.1", port))
            return port
