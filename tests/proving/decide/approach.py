"""A catalogue of one scenario: Ego at a speed behind a car that stands a gap ahead, both varied.

Whoever brakes with 6 m/s2 from the first step on touches where speed^2 / 12 is above the gap.
"""

from pathlib import Path
from typing import Any

from proving.scenarios import small
from treadle.app import App
from treadle.kernel.bundle import Disk
from treadle.kernel.work import Life, Work
from treadle.proving import DOMAIN

CATALOGUE = """name = "approach"
version = "1"
time_limit_s = 60.0
standstill_s = 0.5
[[requirement]]
id = "r"
text = "It does not collide."
[[criterion]]
id = "c"
requirement = "r"
claim = "No collision."
metric = "collisions"
most = 0
[[scenario]]
id = "approach"
requirements = ["r"]
"""
DRIVERS = """
import numpy as np

def brakes(own, others):
    return np.where(own["speed"] > 0.0, -6.0, 0.0)

def lost(own, others):
    return np.full(len(own), np.nan)
"""
PARAMETERS = """<ParameterDeclarations>
  <ParameterDeclaration name="Speed_mps" parameterType="double" value="20"/>
  <ParameterDeclaration name="Gap_m" parameterType="double" value="50"/>
  <ParameterDeclaration name="Colour" parameterType="string" value="red"/>
  <ParameterDeclaration name="Lights" parameterType="int" value="2"/>
</ParameterDeclarations>"""
RANGES = """<Deterministic>
  <DeterministicSingleParameterDistribution parameterName="Speed_mps">
    <DistributionRange stepWidth="5"><Range lowerLimit="10" upperLimit="30"/></DistributionRange>
  </DeterministicSingleParameterDistribution>
  <DeterministicSingleParameterDistribution parameterName="Gap_m">
    <DistributionRange stepWidth="20"><Range lowerLimit="20" upperLimit="80"/></DistributionRange>
  </DeterministicSingleParameterDistribution>
  <DeterministicSingleParameterDistribution parameterName="Colour">
    <DistributionSet><Element value="red"/><Element value="grey"/></DistributionSet>
  </DeterministicSingleParameterDistribution></Deterministic>"""
CHANCES = """<Stochastic numberOfTestRuns="10" randomSeed="3">
  <StochasticDistribution parameterName="Speed_mps">
    <NormalDistribution expectedValue="20" variance="4"/></StochasticDistribution>
  <StochasticDistribution parameterName="Gap_m">
    <NormalDistribution expectedValue="60" variance="36"/></StochasticDistribution>
  </Stochastic>"""


def write(folder: Path, more: str = "", *, varied: str = RANGES) -> Path:
    """Write the catalogue, what it refers to, and drivers; return the folder.

    Parameters
    ----------
    more
        Of the scenario's table in the catalogue.
    varied
        Inside of the variation file; empty: the scenario alone.
    """
    (folder / "r.xodr").write_text(small.network(small.road(1, "0 0 0 <line/>", 900)))
    text = small.text_of(
        [small.entity("Ego"), small.entity("Other")],
        [
            small.placed("Ego", small.lane("1", -1, 10), 20.0),
            small.placed("Other", small.lane("1", -1, 70.0), 0.0),
        ],
        60.0,
    )
    text = text.replace("<CatalogLocations/>", PARAMETERS + "<CatalogLocations/>")
    text = text.replace('value="20.0"', 'value="$Speed_mps"').replace('"70.0"', '"${$Gap_m + 15}"')
    (folder / "approach.xosc").write_text(text)
    file = "approach.xosc"
    if varied:
        file = "varied.xosc"
        (folder / file).write_text(
            '<OpenSCENARIO><FileHeader revMajor="1" revMinor="3" author="t" '
            'date="2024-01-01T00:00:00" description="d"/><ParameterValueDistribution>'
            f'<ScenarioFile filepath="approach.xosc"/>{varied}'
            "</ParameterValueDistribution></OpenSCENARIO>"
        )
    (folder / "c.toml").write_text(f'{CATALOGUE}file = "{file}"\n{more}\n')
    (folder / "drivers.py").write_text(DRIVERS)
    return folder


def ask(app: App, work: Work, folder: Path, driver: str = "brakes", **wish: Any) -> Life:
    """Ask for a work on the catalogue; a driver without dots is one of the folder's own."""
    named = f"{folder}/drivers.py:{driver}"
    life, _ = app.works.ask(
        DOMAIN, work, Disk(), catalogue=str(folder / "c.toml"), driver=named, **wish
    )
    return life


def summary(life: Life) -> dict[str, Any]:
    """Return what came of a finished work."""
    assert life.finished is not None, life.error
    return life.finished.summary
