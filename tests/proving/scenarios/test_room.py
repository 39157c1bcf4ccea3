"""What a run has no room for is said: more transitions than are kept are no pass."""

import numpy as np
import pytest

from proving.scenarios.coming import Coming, later

AGAIN = '<Event name="e" priority="parallel" maximumExecutionCount="{}">'
SET = """<GlobalAction><VariableAction variableRef="v"><SetAction value="1"/></VariableAction>
  </GlobalAction>"""


@pytest.mark.parametrize(("times", "outcome"), [(800, "COMPLETED"), (1200, "INCONCLUSIVE")])
def test_more_transitions_than_are_kept_are_said(times: int, outcome: str) -> None:
    # each execution of the event is four transitions: it and its action start and end
    story = later(0.0, SET).replace('<Event name="e" priority="parallel">', AGAIN.format(times))
    whole = Coming(stories=(story,), until_s=30.0)
    declared = """<CatalogLocations/><VariableDeclarations><VariableDeclaration name="v"
      variableType="double" value="0"/></VariableDeclarations>"""
    whole.files["s.xosc"] = whole.text.replace("<CatalogLocations/>", declared).encode()
    for kept in (True, False):
        result = whole.run(transitions=kept, trajectories="none")
        assert result.outcomes[0] == outcome, result.reasons[0]
        said = "more than 4,096 transitions; those after are missing" in result.reasons[0]
        assert said == (outcome == "INCONCLUSIVE")
        assert len(result.transitions) <= 4096
        assert np.isfinite(result.end_times_s[0])
