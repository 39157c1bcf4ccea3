"""What happens in proving: scenarios are run, drivers proved in campaigns, releases let through."""

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
CATALOGUE_PREFIX = "urn:treadle:catalogue:"
"""A catalogue is its own file and all that it refers to, drivers' files included."""


@named("proving.scenario_registered")
@dataclass(frozen=True, kw_only=True)
class ScenarioRegistered(InputsRegistered):
    """A scenario came: its file, its catalogs and its roads, and the file that varies it."""


@named("proving.catalogue_registered")
@dataclass(frozen=True, kw_only=True)
class CatalogueRegistered(InputsRegistered):
    """A catalogue came, with its scenarios and the files of the drivers that are proved on it."""


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


@named("proving.campaign_asked")
@dataclass(frozen=True, kw_only=True)
class CampaignAsked(WorkAsked):
    """A driver was to be proved on a catalogue of scenarios."""


@named("proving.campaign_part_finished")
@dataclass(frozen=True, kw_only=True)
class CampaignPartFinished(WorkPartFinished):
    """Some variants of a campaign were simulated."""


@named("proving.campaign_resumed")
@dataclass(frozen=True, kw_only=True)
class CampaignResumed(WorkResumed):
    """A campaign that had stopped was taken up again."""


@named("proving.campaign_cancelled")
@dataclass(frozen=True, kw_only=True)
class CampaignCancelled(WorkCancelled):
    """Somebody cancelled a campaign."""


@named("proving.campaign_failed")
@dataclass(frozen=True, kw_only=True)
class CampaignFailed(WorkFailed):
    """A campaign could not go on."""


@named("proving.campaign_finished")
@dataclass(frozen=True, kw_only=True)
class CampaignFinished(WorkFinished):
    """Every variant of a campaign was simulated, and judged."""


@named("proving.campaign_repeated")
@dataclass(frozen=True, kw_only=True)
class CampaignRepeated(WorkRepeated):
    """A campaign was computed once more, and came out the same or not."""


@named("proving.gate_asked")
@dataclass(frozen=True, kw_only=True)
class GateAsked(WorkAsked):
    """A candidate was to be compared with the release before it, on one catalogue."""


@named("proving.gate_part_finished")
@dataclass(frozen=True, kw_only=True)
class GatePartFinished(WorkPartFinished):
    """Some variants of a gate were simulated, with both releases."""


@named("proving.gate_resumed")
@dataclass(frozen=True, kw_only=True)
class GateResumed(WorkResumed):
    """A release gate that had stopped was taken up again."""


@named("proving.gate_cancelled")
@dataclass(frozen=True, kw_only=True)
class GateCancelled(WorkCancelled):
    """Somebody cancelled a release gate."""


@named("proving.gate_failed")
@dataclass(frozen=True, kw_only=True)
class GateFailed(WorkFailed):
    """A release gate could not go on."""


@named("proving.gate_decided")
@dataclass(frozen=True, kw_only=True)
class GateDecided(WorkFinished):
    """The gate decided whether a release may go to cars; the summary says which, and why."""


@named("proving.gate_repeated")
@dataclass(frozen=True, kw_only=True)
class GateRepeated(WorkRepeated):
    """A release gate was computed once more, and came out the same or not."""


@named("proving.credibility_asked")
@dataclass(frozen=True, kw_only=True)
class CredibilityAsked(WorkAsked):
    """A sample of a catalogue's variants was to be run at half the step, and with other seeds."""


@named("proving.credibility_part_finished")
@dataclass(frozen=True, kw_only=True)
class CredibilityPartFinished(WorkPartFinished):
    """The sample of one scenario was run each way, and compared."""


@named("proving.credibility_resumed")
@dataclass(frozen=True, kw_only=True)
class CredibilityResumed(WorkResumed):
    """A measurement of credibility that had stopped was taken up again."""


@named("proving.credibility_cancelled")
@dataclass(frozen=True, kw_only=True)
class CredibilityCancelled(WorkCancelled):
    """Somebody cancelled a measurement of credibility."""


@named("proving.credibility_failed")
@dataclass(frozen=True, kw_only=True)
class CredibilityFailed(WorkFailed):
    """A measurement of credibility could not go on."""


@named("proving.credibility_measured")
@dataclass(frozen=True, kw_only=True)
class CredibilityMeasured(WorkFinished):
    """How much verdicts and figures depend on the step and on the seed."""


@named("proving.credibility_repeated")
@dataclass(frozen=True, kw_only=True)
class CredibilityRepeated(WorkRepeated):
    """A measurement of credibility was made once more, and came out the same or not."""


@named("proving.search_asked")
@dataclass(frozen=True, kw_only=True)
class SearchAsked(WorkAsked):
    """A scenario was to be searched for failures of a driver."""


@named("proving.search_part_finished")
@dataclass(frozen=True, kw_only=True)
class SearchPartFinished(WorkPartFinished):
    """Some runs of a search were simulated."""


@named("proving.search_resumed")
@dataclass(frozen=True, kw_only=True)
class SearchResumed(WorkResumed):
    """A search that had stopped was taken up again."""


@named("proving.search_cancelled")
@dataclass(frozen=True, kw_only=True)
class SearchCancelled(WorkCancelled):
    """Somebody cancelled a search."""


@named("proving.search_failed")
@dataclass(frozen=True, kw_only=True)
class SearchFailed(WorkFailed):
    """A search could not go on."""


@named("proving.search_finished")
@dataclass(frozen=True, kw_only=True)
class SearchFinished(WorkFinished):
    """A search ended; the summary tells the failures, each reduced to its plainest case."""


@named("proving.search_repeated")
@dataclass(frozen=True, kw_only=True)
class SearchRepeated(WorkRepeated):
    """A search was made once more, and came out the same or not."""


@named("proving.probability_asked")
@dataclass(frozen=True, kw_only=True)
class ProbabilityAsked(WorkAsked):
    """It was to be estimated how likely a driver fails in a scenario."""


@named("proving.probability_part_finished")
@dataclass(frozen=True, kw_only=True)
class ProbabilityPartFinished(WorkPartFinished):
    """Some runs of an estimate were simulated."""


@named("proving.probability_resumed")
@dataclass(frozen=True, kw_only=True)
class ProbabilityResumed(WorkResumed):
    """An estimate that had stopped was taken up again."""


@named("proving.probability_cancelled")
@dataclass(frozen=True, kw_only=True)
class ProbabilityCancelled(WorkCancelled):
    """Somebody cancelled an estimate."""


@named("proving.probability_failed")
@dataclass(frozen=True, kw_only=True)
class ProbabilityFailed(WorkFailed):
    """An estimate could not go on."""


@named("proving.probability_estimated")
@dataclass(frozen=True, kw_only=True)
class ProbabilityEstimated(WorkFinished):
    """A failure probability with its interval, and every reason not to trust it."""


@named("proving.probability_repeated")
@dataclass(frozen=True, kw_only=True)
class ProbabilityRepeated(WorkRepeated):
    """An estimate was made once more, and came out the same or not."""
