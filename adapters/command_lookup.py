"""Looking something up with a program of the house: the text as its last argument, a list in JSON as its answer."""

from collections.abc import Sequence

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from adapters.asked_program import AskedProgram
from factory.ports.lookup import Found
from factory.rules.fitting import Wanted

TIMEOUT_S = 5.0
_HINT = "Correct [lookup] command in config.toml, or remove it."


class WireItem(BaseModel):
    """One thing as the program prints it. Unknown keys are its business."""

    model_config = ConfigDict(extra="ignore", frozen=True, strict=True)

    title: str
    text: str = ""
    ref: str = ""


_ITEMS = TypeAdapter(list[WireItem])


class CommandLookup:
    """`Lookup` that asks a program for `[{"title","text","ref"}]`.

    Args:
        argv: The program and its first arguments, run without a shell.
    """

    name = "lookup command"

    def __init__(self, argv: Sequence[str], timeout_s: float = TIMEOUT_S) -> None:
        self._program = AskedProgram(argv, self.name, _HINT, timeout_s)

    def find(self, text: str, limit: int) -> tuple[Sequence[Found], str]:
        """What the program says, in its order.

        Raises:
            Unreachable: it is not there, or did not end in time. Malformed: it failed, or printed something else.
        """
        wanted = Wanted(text)
        items = self._parsed(self._program.ask(text))
        found = [
            Found("command", item.title, item.text, item.ref, wanted.score(item.title, item.text)) for item in items
        ]
        return found[:limit], ""

    def _parsed(self, answer: bytes) -> list[WireItem]:
        try:
            return _ITEMS.validate_json(answer)
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            key = ".".join(map(str, first["loc"])) or "its output"
            raise self._program.malformed(
                f'did not print a list of {{"title","text","ref"}} ({key}: {first["msg"]})'
            ) from error
