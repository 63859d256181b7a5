"""What may be asked of each kind of run: the options of the doors, within bounds."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

ID = r"^[0-9a-f]{64}$"
RUN = r"^[0-9a-f]{16}$"

Text = Annotated[str, Field(min_length=1, max_length=500)]
Seconds = Annotated[float | None, Field(gt=0, le=1e6, description="Stop each solve after so many seconds of the solver.")]


class Kind(StrEnum):
    """What a run does with its case."""

    PLAN = "plan"
    SWEEP = "sweep"
    EXPLAIN = "explain"
    FRONTIER = "frontier"
    COMPARE = "compare"
    ALTERNATIVES = "alternatives"
    WORTH = "worth"
    STRESS = "stress"


class Options(BaseModel):
    """Options of a run; what is not known is refused."""

    model_config = ConfigDict(extra="forbid")


class PlanOptions(Options):
    """Of a plan."""

    time_limit: Seconds = None
    solver: Literal["choose", "simplex", "ipm", "hipo"] = "choose"
    threads: Annotated[int, Field(ge=1, le=64)] = 1
    quick: Annotated[bool, Field(description="Leave out what solving again says of the plan.")] = False
    any_optimum: Annotated[bool, Field(description="Take whichever plan of least cost is found first.")] = False


class SweepOptions(Options):
    """Of a sweep; without `vary` the sheet `sweeps` of the case says what varies."""

    vary: Annotated[list[Text], Field(max_length=50, examples=[["materials[Dy].price*=0.5:2:7"]])] = []
    kind: Literal["grid", "one-at-a-time", "monte-carlo", "latin-hypercube", "sobol", "morris", "sobol-indices"] | None = None
    points: Annotated[int, Field(ge=1, le=100_000)] = 100
    seed: Annotated[int, Field(ge=0, le=2**31)] = 1
    workers: Annotated[int, Field(ge=1, le=64, description="Processes on the machine of the service.")] = 1
    cluster: Annotated[bool, Field(description="Solve on the cluster that the service was started with.")] = False
    plan_of: Annotated[int | None, Field(ge=0, le=10**7, description="Also write the whole plan of this point.")] = None
    time_limit: Seconds = None


class ExplainOptions(Options):
    """Of an explanation of why there is no plan."""

    changes: Annotated[list[Text], Field(max_length=50, examples=[["materials[Dy].purchase_limit=1"]])] = []
    keep: Annotated[list[Text], Field(max_length=50, examples=[["sectors[defense].coverage"]])] = []
    mend: Annotated[bool, Field(description="Also write a copy of the workbook with the least change made in it; not with `changes`.")] = (
        True
    )
    time_limit: Seconds = None


class FrontierOptions(Options):
    """Of a frontier."""

    along: Annotated[str, Field(min_length=1, max_length=500, examples=["sectors[defense].coverage=0:1"])]
    points: Annotated[int, Field(ge=2, le=10_000)] = 100


class CompareOptions(Options):
    """Of a comparison: with which other cases, and with the plans of which runs."""

    cases: Annotated[list[Annotated[str, Field(pattern=ID)]], Field(max_length=9)] = []
    runs: Annotated[list[Annotated[str, Field(pattern=RUN)]], Field(max_length=9)] = []
    plans_alone: Annotated[bool, Field(description="Compare the plans of `runs` with each other, not with a plan of the case.")] = False
    names: Annotated[
        list[Text], Field(max_length=10, description="What those that are compared are called, in their order; none: case, 2, 3.")
    ] = []
    regret: bool = False


class AlternativesOptions(Options):
    """Of what plans have that cost hardly more."""

    within: Annotated[float, Field(gt=0, le=1, description="How much more: a share of what the programme can move.")] = 0.02


class WorthOptions(Options):
    """Of what knowledge and time are worth: none."""


class StressOptions(Options):
    """Of a plan in futures that it was not made for: that of a run, else one that is made first."""

    plan: Annotated[str | None, Field(pattern=RUN, description="The run whose plan it is; without it the case is planned first.")] = None
    futures: Annotated[int, Field(ge=1, le=100_000, description="How many futures are drawn.")] = 1000
    seed: Annotated[int, Field(ge=0, le=2**31)] = 1
    listed: Annotated[bool, Field(description="Draw only the futures that the case lists.")] = False
    workers: Annotated[int, Field(ge=1, le=64, description="Processes on the machine of the service.")] = 1
    cluster: Annotated[bool, Field(description="Replay them on the cluster that the service was started with.")] = False


def runs_named(options: Mapping[str, Any]) -> list[str]:
    """The runs whose plans a run reads."""
    return [*options.get("runs", ()), *filter(None, [options.get("plan")])]


class Asked(Options):
    """What every request for a run has: of which case, and what people call it."""

    case: Annotated[str, Field(pattern=ID, description="The id of an uploaded case.")]
    name: Annotated[str, Field(max_length=200)] = ""
    notes: Annotated[str, Field(max_length=10_000)] = ""


class PlanRequest(Asked):
    """The finished plan of a case."""

    kind: Literal[Kind.PLAN]
    options: PlanOptions = PlanOptions()


class SweepRequest(Asked):
    """Many what-ifs."""

    kind: Literal[Kind.SWEEP]
    options: SweepOptions = SweepOptions()


class ExplainRequest(Asked):
    """Why there is no plan, and the least change that gives one."""

    kind: Literal[Kind.EXPLAIN]
    options: ExplainOptions = ExplainOptions()


class FrontierRequest(Asked):
    """The least cost along one number."""

    kind: Literal[Kind.FRONTIER]
    options: FrontierOptions


class CompareRequest(Asked):
    """How plans differ."""

    kind: Literal[Kind.COMPARE]
    options: CompareOptions = CompareOptions()


class AlternativesRequest(Asked):
    """What plans that cost hardly more than the best must, may and never have."""

    kind: Literal[Kind.ALTERNATIVES]
    options: AlternativesOptions = AlternativesOptions()


class WorthRequest(Asked):
    """What knowledge, time, emergency offers and tariffs are worth."""

    kind: Literal[Kind.WORTH]
    options: WorthOptions = WorthOptions()


class StressRequest(Asked):
    """A plan in many futures that are drawn, without foresight."""

    kind: Literal[Kind.STRESS]
    options: StressOptions = StressOptions()


RunRequest = Annotated[
    PlanRequest | SweepRequest | ExplainRequest | FrontierRequest | CompareRequest | AlternativesRequest | WorthRequest | StressRequest,
    Field(discriminator="kind"),
]
"""A request for a run, told apart by its kind."""
