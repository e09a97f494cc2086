"""What a LightRAG server sends, as far as we read it (1.5)."""

from pydantic import BaseModel, ConfigDict, Field


class Wire(BaseModel):
    """Unknown fields are the server's business."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class WireInserted(Wire):
    """A text was taken; it is in memory only."""

    track_id: str = Field(pattern=r"^[\w.:-]{1,200}$")  # it is asked for by its address


class WireMetadata(Wire):
    """Why a document failed, if it is for another one with the same text."""

    is_duplicate: bool = False
    original_track_id: str = ""


class WireDocument(Wire):
    """A document and how far it is."""

    id: str
    status: str
    track_id: str | None = ""
    file_path: str | None = ""
    updated_at: str | None = ""
    error_msg: str | None = None
    metadata: WireMetadata | None = None

    @property
    def is_duplicate(self) -> bool:
        """Whether it failed only because its text is there under another name."""
        return self.status == "failed" and self.metadata is not None and self.metadata.is_duplicate


class WireTrack(Wire):
    """The documents of one insert; none when it was lost."""

    documents: list[WireDocument]


class WirePages(Wire):
    """Where in a list we are."""

    has_next: bool = False


class WireList(Wire):
    """One page of all documents."""

    documents: list[WireDocument]
    pagination: WirePages = WirePages()


class WirePipeline(Wire):
    """What the server is doing; `busy` hinders nobody."""

    busy: bool
    recovery_required: bool = False


class WireCounts(Wire):
    """How many documents are in each state."""

    status_counts: dict[str, int]


class WireChunk(Wire):
    """A part of a document that fits a question."""

    content: str
    file_path: str = ""


class WireFound(Wire):
    """What was found; empty in a failure."""

    chunks: list[WireChunk] = []


class WireReason(Wire):
    """Why nothing was found."""

    failure_reason: str = ""


class WireAnswer(Wire):
    """The answer to a question."""

    status: str
    data: WireFound
    metadata: WireReason = WireReason()


class WireHealth(Wire):
    """That it lives; it says so too when nothing works."""

    status: str
    core_version: str = ""


class WireError(Wire):
    """A refusal; `detail` is a list when the request had the wrong form."""

    detail: str | list[object] = ""
