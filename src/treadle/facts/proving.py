"""What happens in proving: scenarios are registered, and runs of them are asked for and end."""

from dataclasses import dataclass

from treadle.kernel.fact import named
from treadle.kernel.work import (
    InputsRegistered,
    WorkAsked,
    WorkCancelled,
    WorkFailed,
    WorkFinished,
    WorkPartFinished,
    WorkRepeated,
    WorkResumed,
)

SCENARIO_PREFIX = "urn:treadle:scenario:"
"""A scenario is its files: the start of the hash of the list of them."""


@named("proving.scenario_registered")
@dataclass(frozen=True, kw_only=True)
class ScenarioRegistered(InputsRegistered):
    """A scenario came: its file, its catalogs and its roads, and the file that varies it."""


@named("proving.run_asked")
@dataclass(frozen=True, kw_only=True)
class RunAsked(WorkAsked):
    """A scenario was to be simulated, in one variant or many."""


@named("proving.run_part_finished")
@dataclass(frozen=True, kw_only=True)
class RunPartFinished(WorkPartFinished):
    """Some variants of a run were simulated."""


@named("proving.run_resumed")
@dataclass(frozen=True, kw_only=True)
class RunResumed(WorkResumed):
    """A run that had stopped was taken up again."""


@named("proving.run_cancelled")
@dataclass(frozen=True, kw_only=True)
class RunCancelled(WorkCancelled):
    """Somebody cancelled a run."""


@named("proving.run_failed")
@dataclass(frozen=True, kw_only=True)
class RunFailed(WorkFailed):
    """A run could not go on."""


@named("proving.run_finished")
@dataclass(frozen=True, kw_only=True)
class RunFinished(WorkFinished):
    """Every variant of a run was simulated."""


@named("proving.run_repeated")
@dataclass(frozen=True, kw_only=True)
class RunRepeated(WorkRepeated):
    """A run was simulated once more, and came out the same or not."""
