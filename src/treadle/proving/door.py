"""What stands behind the front door of proving: everything that the doors offer of it."""

from treadle.facts import proving as facts
from treadle.kernel.domain import Door
from treadle.kernel.leaving import Save
from treadle.kernel.work import Telling, Work
from treadle.proving import state
from treadle.proving.decide import campaigns, credibility, probing, running
from treadle.proving.views.campaigns import campaigns as all_campaigns
from treadle.proving.views.campaigns import decision, gates, outcome
from treadle.proving.views.checking import check, count
from treadle.proving.views.comparison import comparison
from treadle.proving.views.coverage import coverage
from treadle.proving.views.credibility import steadiness
from treadle.proving.views.digesting import digest
from treadle.proving.views.evidence import evidence, verify_evidence
from treadle.proving.views.evidence_graph import evidence_graph
from treadle.proving.views.mapping import map as map_of
from treadle.proving.views.names import describe, names
from treadle.proving.views.pictures import pictures
from treadle.proving.views.probing import estimate, estimates, finding, searches
from treadle.proving.views.runs import run, runs
from treadle.proving.views.scene import scene
from treadle.proving.views.warming import warm

_PACKAGES = ("treadle.engine", "treadle.proving.rules", "treadle.proving.formats")
SIMULATE = Work(
    ask=running.simulate,
    compute=running.compute,
    sum_up=running.sum_up,
    answer=run,
    differences=running.differences,
    telling=Telling(
        registered=facts.ScenarioRegistered,
        asked=facts.RunAsked,
        part_finished=facts.RunPartFinished,
        resumed=facts.RunResumed,
        cancelled=facts.RunCancelled,
        failed=facts.RunFailed,
        finished=facts.RunFinished,
        repeated=facts.RunRepeated,
    ),
    about=facts.SCENARIO_PREFIX,
    libraries=("numpy", "numba", "llvmlite"),
    packages=_PACKAGES,
    words={
        "step_s": "step",
        "time_limit_s": "time-limit",
        "sample_every_s": "sample-every",
        "patience_s": "patience",
        "run_patience_s": "run-patience",
    },
    saves=(
        Save(
            option="trajectories",
            help="Write the trajectories to this file, .csv or .parquet; keeps all of them where "
            "nothing else is said.",
            suffixes=(".csv", ".parquet"),
            wish={"keep_trajectories": "all"},
            write=running.write_trajectories,
        ),
        Save(
            option="osi",
            help="Write the run of one variant to this file as an OSI trace, .osi or .mcap.",
            suffixes=(".osi", ".mcap"),
            wish={"keep_trajectories": "all"},
            write=running.write_osi,
        ),
        Save(
            option="replay",
            help="Write the run of one variant to this file as a scenario that replays it, .xosc.",
            suffixes=(".xosc",),
            wish={"keep_trajectories": "all"},
            write=running.write_replay,
        ),
    ),
)

CAMPAIGN = Work(
    ask=campaigns.campaign,
    compute=campaigns.compute,
    sum_up=campaigns.sum_up,
    answer=outcome,
    differences=campaigns.differences,
    telling=Telling(
        registered=facts.CatalogueRegistered,
        asked=facts.CampaignAsked,
        part_finished=facts.CampaignPartFinished,
        resumed=facts.CampaignResumed,
        cancelled=facts.CampaignCancelled,
        failed=facts.CampaignFailed,
        finished=facts.CampaignFinished,
        repeated=facts.CampaignRepeated,
    ),
    about=facts.CATALOGUE_PREFIX,
    libraries=("numpy", "numba", "llvmlite"),
    packages=_PACKAGES,
)
GATE = Work(
    ask=campaigns.gate,
    compute=campaigns.compute,
    sum_up=campaigns.decided,
    answer=decision,
    differences=campaigns.differences,
    telling=Telling(
        registered=facts.CatalogueRegistered,
        asked=facts.GateAsked,
        part_finished=facts.GatePartFinished,
        resumed=facts.GateResumed,
        cancelled=facts.GateCancelled,
        failed=facts.GateFailed,
        finished=facts.GateDecided,
        repeated=facts.GateRepeated,
    ),
    about=facts.CATALOGUE_PREFIX,
    libraries=("numpy", "numba", "llvmlite", "scipy"),
    packages=_PACKAGES,
    words={name: name for name in ("baseline", "candidate", "catalogue")},
)
CREDIBILITY = Work(
    ask=credibility.credibility,
    compute=credibility.compute,
    sum_up=credibility.sum_up,
    answer=steadiness,
    differences=credibility.differences,
    telling=Telling(
        registered=facts.CatalogueRegistered,
        asked=facts.CredibilityAsked,
        part_finished=facts.CredibilityPartFinished,
        resumed=facts.CredibilityResumed,
        cancelled=facts.CredibilityCancelled,
        failed=facts.CredibilityFailed,
        finished=facts.CredibilityMeasured,
        repeated=facts.CredibilityRepeated,
    ),
    about=facts.CATALOGUE_PREFIX,
    libraries=("numpy", "numba", "llvmlite"),
    packages=_PACKAGES,
)
SEARCH = Work(
    ask=probing.search,
    compute=probing.compute_search,
    sum_up=probing.sum_up,
    answer=finding,
    differences=probing.differences,
    telling=Telling(
        registered=facts.CatalogueRegistered,
        asked=facts.SearchAsked,
        part_finished=facts.SearchPartFinished,
        resumed=facts.SearchResumed,
        cancelled=facts.SearchCancelled,
        failed=facts.SearchFailed,
        finished=facts.SearchFinished,
        repeated=facts.SearchRepeated,
    ),
    about=facts.CATALOGUE_PREFIX,
    libraries=("numpy", "numba", "llvmlite", "scipy"),
    packages=_PACKAGES,
    saves=(
        Save(
            option="regressions",
            help="Write the failures to this file, .xosc, beside the scenario's own: each one is a "
            "variant of it.",
            suffixes=(".xosc",),
            wish={},
            write=probing.write_regressions,
        ),
    ),
    leaves=probing.leave_regressions,
)
PROBABILITY = Work(
    ask=probing.probability,
    compute=probing.compute_probability,
    sum_up=probing.sum_up,
    answer=estimate,
    differences=probing.differences,
    telling=Telling(
        registered=facts.CatalogueRegistered,
        asked=facts.ProbabilityAsked,
        part_finished=facts.ProbabilityPartFinished,
        resumed=facts.ProbabilityResumed,
        cancelled=facts.ProbabilityCancelled,
        failed=facts.ProbabilityFailed,
        finished=facts.ProbabilityEstimated,
        repeated=facts.ProbabilityRepeated,
    ),
    about=facts.CATALOGUE_PREFIX,
    libraries=("numpy", "numba", "llvmlite", "scipy"),
    packages=_PACKAGES,
)


DOOR = Door(
    fold=state.fold,
    works=(SIMULATE, CAMPAIGN, GATE, SEARCH, PROBABILITY, CREDIBILITY),
    readings=(check, count, verify_evidence),
    queries=(
        runs,
        run,
        scene,
        all_campaigns,
        outcome,
        gates,
        decision,
        comparison,
        map_of,
        coverage,
        searches,
        finding,
        estimates,
        estimate,
        steadiness,
        evidence_graph,
        evidence,
    ),
    warm=warm,
    names=names,
    describe=describe,
    digest=digest,
    pictures=pictures,
)
