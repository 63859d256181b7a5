"""What the interface takes and gives, as its description (`/api/openapi.json`) shows it."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from cli.service.options import Kind


class Fault(BaseModel):
    """One thing that is wrong: a cell of a workbook (or a field of a request), what is there, and what would be right."""

    sheet: Annotated[str, Field(examples=["materials"])] = ""
    cell: Annotated[str, Field(examples=["B3"])] = ""
    code: Annotated[str, Field(examples=["must-be"])] = ""
    found: Annotated[str, Field(examples=["abc"])] = ""
    expected: Annotated[str, Field(examples=["a number in USD/kg"])] = ""


class Problem(BaseModel):
    """Why a request was not done (RFC 9457)."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    errors: list[Fault] = []


class Finding(Fault):
    """What the check of a workbook found: an error stops a plan, a warning may be meant, a note only tells."""

    level: Annotated[str, Field(examples=["error"])]
    column: str = ""
    message: str


class CaseStatus(StrEnum):
    """What is known of an uploaded workbook."""

    CHECKING = "checking"
    READY = "ready"
    INVALID = "invalid"


class Case(BaseModel):
    """An uploaded workbook; its id is the SHA-256 of its bytes."""

    id: str
    name: Annotated[str, Field(description="The file's name as it was uploaded, for people to read.")]
    bytes: int
    created: str
    status: CaseStatus
    errors: int
    warnings: int
    links: dict[str, str]


class Cases(BaseModel):
    """The uploaded workbooks, the newest first."""

    cases: list[Case]


class Findings(BaseModel):
    """What the check of a workbook found; empty while it is being checked."""

    case: str
    status: CaseStatus
    findings: list[Finding]


class RunStatus(StrEnum):
    """What has become of a run."""

    QUEUED = "queued"
    RUNNING = "running"
    SOLVED = "solved"
    INFEASIBLE = "infeasible"
    INVALID = "invalid"
    FAILED = "failed"
    CANCELLED = "cancelled"
    LOST = "lost"

    @property
    def over(self) -> bool:
        """Whether nothing more happens by itself."""
        return self not in (RunStatus.QUEUED, RunStatus.RUNNING)


class Progress(BaseModel):
    """How far a run is: its stage, and where it counts (sweeps) the points done and all."""

    stage: str = ""
    done: int | None = None
    total: int | None = None


class Artifact(BaseModel):
    """A file that a run made."""

    name: str
    media_type: str
    bytes: int
    href: str


class Run(BaseModel):
    """A run: its status and progress, seconds left where they are known, and links to what it made."""

    id: str
    case: str
    kind: Kind
    options: dict[str, Any]
    name: str
    notes: str
    pinned: bool
    status: RunStatus
    progress: Progress
    seconds_left: float | None
    message: Annotated[str, Field(description="What came of it, in words.")]
    errors: Annotated[list[Fault], Field(description="The cells at fault, where the case is invalid.")]
    created: str
    started: str | None
    ended: str | None
    artifacts: list[Artifact]
    links: dict[str, str]


class Runs(BaseModel):
    """The runs, the newest first."""

    runs: list[Run]


class Change(BaseModel):
    """What people say of a run or a case."""

    model_config = ConfigDict(extra="forbid")

    name: Annotated[str | None, Field(max_length=200)] = None
    notes: Annotated[str | None, Field(max_length=10_000)] = None
    pinned: bool | None = None
