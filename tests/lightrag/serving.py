"""The real server, started by the Python of its own environment: `python serving.py --host … --port …`.

Its tokenizer wants a table from the network at its start. The one that it gets here has a token for each byte, so that
texts are counted longer than they are; all else is the server's own.
"""

import tiktoken  # type: ignore[import-not-found, unused-ignore]
from lightrag.api.lightrag_server import main  # type: ignore[import-not-found, unused-ignore]
from tiktoken import registry

for name in ("o200k_base", "cl100k_base"):
    registry.ENCODINGS[name] = tiktoken.Encoding(
        name,
        pat_str=r"[\s\S]",
        mergeable_ranks={bytes([value]): value for value in range(256)},
        special_tokens={"<|endoftext|>": 256},
    )
main()
