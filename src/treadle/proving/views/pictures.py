"""Which queries draw a thing of proving."""

from collections.abc import Callable
from typing import Any

from treadle.facts.proving import (
    CampaignAsked,
    GateAsked,
    ProbabilityAsked,
    RunAsked,
    ScenarioRegistered,
    SearchAsked,
)
from treadle.kernel import Event
from treadle.proving.views.comparison import comparison
from treadle.proving.views.coverage import coverage
from treadle.proving.views.evidence_graph import evidence_graph
from treadle.proving.views.mapping import map as map_of
from treadle.proving.views.scene import scene


def pictures(event: Event) -> tuple[Callable[..., Any], ...]:
    """Return the queries that draw a scenario, a run, a campaign, a gate, or what was tried."""
    match event.fact:
        case GateAsked():
            return (comparison, map_of, coverage, evidence_graph, scene)
        case CampaignAsked():
            return (map_of, coverage, evidence_graph, scene)
        case SearchAsked() | ProbabilityAsked():
            return (map_of, scene)
        case ScenarioRegistered() | RunAsked():
            return (scene,)
    return ()
