"""What running scenarios costs: a step, the UN R157 space, memory, first results, many roads.

`python benchmarks/engine.py [part...]`; parts are steps, roads, sweep, alks, start, plot.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import numpy as np
from measure import Figure, table
from roads import town

from treadle.proving import Scenario
from treadle.proving.formats.openscenario.files import FromContents
from treadle.proving.formats.scenarios import Compiled

ROOT = Path(__file__).parents[1]
DATA = Path(os.environ.get("TREADLE_SHARED", ROOT.parent / "shared")) / "data" / "scenarios"
LOGICAL = DATA / "alks" / "logical_scenarios"
CUT_IN = LOGICAL / "alks_scenario_4_4_1_cut_in_no_collision_variation.xosc"
PARTS = ("steps", "roads", "sweep", "alks", "start", "plot")

_CAR = """<ScenarioObject name="C{k}"><Vehicle name="car" vehicleCategory="car">
<BoundingBox><Center x="1.4" y="0" z="0.75"/><Dimensions width="2" length="5" height="1.5"/>
</BoundingBox><Performance maxSpeed="70" maxAcceleration="10" maxDeceleration="10"/>
<Axles><FrontAxle maxSteering="0.5" wheelDiameter="0.8" trackWidth="1.7" positionX="3"
positionZ="0.4"/><RearAxle maxSteering="0.5" wheelDiameter="0.8" trackWidth="1.7" positionX="0"
positionZ="0.4"/></Axles></Vehicle></ScenarioObject>"""
_INIT = """<Private entityRef="C{k}"><PrivateAction><TeleportAction><Position>
<LanePosition roadId="0" laneId="-1" s="{s}"/></Position></TeleportAction></PrivateAction>
<PrivateAction><LongitudinalAction><SpeedAction><SpeedActionDynamics dynamicsShape="step"
dynamicsDimension="time" value="0"/><SpeedActionTarget><AbsoluteTargetSpeed value="$speed"/>
</SpeedActionTarget></SpeedAction></LongitudinalAction></PrivateAction></Private>"""
_EVENT = """<ManeuverGroup name="g{k}" maximumExecutionCount="1">
<Actors selectTriggeringEntities="false"><EntityRef entityRef="C{k}"/></Actors>
<Maneuver name="m"><Event name="e" priority="parallel"><Action name="a"><PrivateAction>
<LongitudinalAction><SpeedAction><SpeedActionDynamics dynamicsShape="step" dynamicsDimension="time"
value="0"/><SpeedActionTarget><AbsoluteTargetSpeed value="1"/></SpeedActionTarget></SpeedAction>
</LongitudinalAction></PrivateAction></Action><StartTrigger><ConditionGroup>
<Condition name="c1" delay="0" conditionEdge="none"><ByEntityCondition>
<TriggeringEntities triggeringEntitiesRule="any"><EntityRef entityRef="C{k}"/></TriggeringEntities>
<EntityCondition><RelativeDistanceCondition entityRef="C{other}" freespace="true" value="0.1"
rule="lessThan" relativeDistanceType="longitudinal" coordinateSystem="lane"/></EntityCondition>
</ByEntityCondition></Condition>
<Condition name="c2" delay="0" conditionEdge="none"><ByEntityCondition>
<TriggeringEntities triggeringEntitiesRule="any"><EntityRef entityRef="C{k}"/></TriggeringEntities>
<EntityCondition><SpeedCondition value="100" rule="greaterThan"/></EntityCondition>
</ByEntityCondition></Condition></ConditionGroup></StartTrigger></Event></Maneuver>
</ManeuverGroup>"""
_WHEN = """<{tag}><ConditionGroup><Condition name="c" delay="0" conditionEdge="none">
<ByValueCondition><SimulationTimeCondition value="{value}" rule="greaterOrEqual"/>
</ByValueCondition></Condition></ConditionGroup></{tag}>"""


def lane_following(n: int, roads: bytes, seconds: float, *, apart: float = 50.0) -> Compiled:
    """Return n cars that follow a lane, each with an event that waits for two conditions."""
    cars = "".join(_CAR.format(k=k) for k in range(n))
    init = "".join(_INIT.format(k=k, s=10 + apart * k) for k in range(n))
    groups = "".join(_EVENT.format(k=k, other=(k + 1) % n) for k in range(n))
    text = f"""<OpenSCENARIO><FileHeader revMajor="1" revMinor="2" author="t" description="d"
date="2024-01-01T00:00:00"/><ParameterDeclarations><ParameterDeclaration name="speed"
parameterType="double" value="20"/></ParameterDeclarations><CatalogLocations/>
<RoadNetwork><LogicFile filepath="r.xodr"/></RoadNetwork>
<Entities>{cars}</Entities><Storyboard><Init><Actions>{init}</Actions></Init>
<Story name="s"><Act name="a">{groups}{_WHEN.format(tag="StartTrigger", value=0)}</Act></Story>
{_WHEN.format(tag="StopTrigger", value=seconds)}</Storyboard></OpenSCENARIO>"""
    files = FromContents({"s.xosc": text.encode(), "r.xodr": roads})
    return Scenario.read("s.xosc", open_file=files).compile()


def one_road(curve: str, length: float = 20_000.0) -> bytes:
    """Return a network of one road of lanes 3.5 m wide."""
    width = '<width sOffset="0" a="3.5" b="0" c="0" d="0"/>'
    lane = f'<lane id="{{}}" type="driving" level="false">{width}</lane>'
    return f"""<OpenDRIVE><header revMajor="1" revMinor="6"/><road id="0" length="{length}"
junction="-1"><planView><geometry s="0" x="0" y="0" hdg="0" length="{length}">{curve}</geometry>
</planView><lanes><laneSection s="0"><left>{lane.format(1)}</left><center><lane id="0" type="none"
level="false"/></center><right>{lane.format(-1)}</right></laneSection></lanes></road></OpenDRIVE>
""".encode()


def per_step(compiled: Compiled, n: int, seconds: float, *, single: bool, variants: int) -> float:
    """Return the cost of an entity and step on one core [ns]: least of three."""
    taken = []
    speeds = np.linspace(15.0, 16.0, variants)
    for _ in range(3):
        start = time.process_time()
        compiled.run(
            parameters={"speed": speeds}, threads=1, single_steps=single, time_limit_s=seconds + 1
        )
        taken.append(time.process_time() - start)
    return min(taken) / (variants * n * seconds / 0.01) * 1e9


def steps() -> None:
    """Print what an entity and step cost."""
    figures = []
    shapes = (
        ("straight", one_road("<line/>")),
        ("bent", one_road('<arc curvature="0.0005"/>')),
        ("clothoid", one_road('<spiral curvStart="0" curvEnd="0.002"/>', 2000.0)),
    )
    for name, road in shapes:
        compiled = lane_following(4, road, 60.0)
        compiled.run(parameters={"speed": np.array([15.0])}, threads=1)
        for single in (True, False):
            cost = per_step(compiled, 4, 60.0, single=single, variants=20) / 1000.0
            how = "each step taken" if single else "as run"
            figures.append(
                Figure(f"entity and step, {name} road, {how}", cost, "us", "<= 0.3 us", cost <= 0.3)
            )
    table("Lane following with two conditions an entity, one core", figures)


def roads() -> None:
    """Print what 1,400 roads cost at a step, and to read."""
    text, n = town(11, 11)
    start = time.perf_counter()
    large = lane_following(1, text, 4.0, apart=5.0)
    large.run(parameters={"speed": np.array([15.0])}, threads=1)
    read = time.perf_counter() - start
    small = lane_following(1, town(2, 2)[0], 4.0, apart=5.0)
    small.run(parameters={"speed": np.array([15.0])}, threads=1)
    few = per_step(small, 1, 4.0, single=True, variants=400)
    many = per_step(large, 1, 4.0, single=True, variants=400)
    table(
        f"A network of {n:,} roads",
        [
            Figure("read, lowered and first run", read, "s", "< 5 s", read < 5.0),
            Figure("a step there, against 12 roads", many / few, "x", "<= 1.5", many / few <= 1.5),
            Figure("an entity and step there", many / 1000.0, "us", ""),
        ],
    )


def _sweep(path: Path) -> tuple[float, int, Counter[str], int]:
    """Run all variants of a file; return seconds, their number, outcomes, contacts."""
    start = time.perf_counter()
    compiled = Scenario.read(str(path)).compile(controllers=False)
    result = compiled.run(include_outside=True)
    seconds = time.perf_counter() - start
    return seconds, len(result.variants), Counter(result.outcomes.tolist()), len(result.contacts)


def sweep() -> None:
    """Print rate and memory of the 52,500 variants of 4.4.1, in a process of its own."""
    told = subprocess.run(
        [sys.executable, __file__, "sweep-alone"], capture_output=True, text=True, check=True
    )
    seconds, n, outcomes, contacts, rss = json.loads(told.stdout.splitlines()[-1])
    timing = json.loads((DATA / "esmini_timing.json").read_text())
    alone = next(
        row["user_s"]
        for name, row in timing["i_alks_templates_one_process_each"].items()
        if "4_4_1" in name
    )
    cores = os.cpu_count() or 1
    rate, theirs = n / seconds, cores / alone
    table(
        f"ALKS 4.4.1, all {n:,} variants, inside and outside the constraints, {cores} cores",
        [
            Figure("time, reading and all", seconds, "s", ""),
            Figure("rate", rate, "variants/s", ""),
            Figure("against a process each", rate / theirs, "x", ">= 300", rate / theirs >= 300),
            Figure("memory at most", rss / 1024.0, "MiB", "< 2048", rss < 2 * 1024 * 1024),
            Figure("first contacts", contacts, "", ""),
        ],
    )
    print(
        f"\noutcomes: {outcomes}; a process each: {alone} s of one core, as in esmini_timing.json"
    )


def alks() -> None:
    """Print the time of all variants of all ALKS files."""
    figures, total, count = [], 0.0, 0
    for path in sorted(LOGICAL.glob("*variation*.xosc")):
        seconds, n, outcomes, contacts = _sweep(path)
        total, count = total + seconds, count + n
        words = ", ".join(f"{k:,} {v.lower()}" for v, k in outcomes.items())
        figures.append(Figure(f"{path.stem} ({n:,}: {words})", seconds, "s", ""))
        del contacts
    figures.append(Figure(f"all {count:,}", total, "s", "< 600 s", total < 600))
    table("All ALKS variants at step 0.01, collisions checked", figures)


def start() -> None:
    """Print how long a first result takes in a new process, nothing kept and all kept."""
    path = LOGICAL / "concrete_scenarios" / "alks_scenario_4_4_1_cut_in_no_collision_template.xosc"
    code = (
        "from treadle.proving import Scenario;"
        f"print(Scenario.read({str(path)!r}).compile(controllers=False).run().outcomes)"
    )
    figures = []
    with tempfile.TemporaryDirectory() as folder:
        for name, target in (("nothing kept", 40.0), ("all kept", 2.0), ("all kept, again", 2.0)):
            begin = time.perf_counter()
            subprocess.run(
                [sys.executable, "-c", code],
                env={**os.environ, "TREADLE_CACHE": folder},
                check=True,
                capture_output=True,
            )
            taken = time.perf_counter() - begin
            words = f"<= {target:g} s"
            figures.append(Figure(f"first result, {name}", taken, "s", words, taken <= target))
    table("First result of one ALKS scenario, a new process", figures)


def plot() -> None:
    """Write docs/images/proving-cost.svg: cost against variants, entities, roads and step."""
    curves: list[tuple[str, list[float], list[float], str]] = []
    compiled = Scenario.read(str(CUT_IN)).compile(controllers=False)
    compiled.run([0])
    sizes = [10, 100, 1000, 10_000]
    taken = []
    for n in sizes:
        begin = time.perf_counter()
        compiled.run(np.linspace(0, 52_499, n).astype(int), include_outside=True)
        taken.append((time.perf_counter() - begin) / n * 1000.0)
    curves.append(("variants of 4.4.1", [float(n) for n in sizes], taken, "ms a variant"))
    some = [1, 2, 4, 8, 16, 32]
    taken = []
    for n in some:
        compiled = lane_following(n, one_road("<line/>"), 20.0)
        compiled.run(parameters={"speed": np.array([15.0])})
        taken.append(per_step(compiled, n, 20.0, single=True, variants=10))
    curves.append(("entities", [float(n) for n in some], taken, "ns an entity and step"))
    taken, sizes = [], []
    for side in (2, 4, 7, 11):
        text, n = town(side, side)
        compiled = lane_following(1, text, 4.0)
        compiled.run(parameters={"speed": np.array([15.0])})
        taken.append(per_step(compiled, 1, 4.0, single=True, variants=200))
        sizes.append(n)
    curves.append(("roads", [float(n) for n in sizes], taken, "ns an entity and step"))
    compiled = lane_following(4, one_road("<line/>"), 20.0)
    widths, taken = [0.001, 0.01, 0.05, 0.1], []
    for width in widths:
        compiled.run(parameters={"speed": np.array([15.0])}, step_s=width)
        begin = time.process_time()
        compiled.run(
            parameters={"speed": np.linspace(15, 16, 10)},
            step_s=width,
            single_steps=True,
            threads=1,
        )
        taken.append((time.process_time() - begin) / (10 * 4 * 20.0) * 1e6)
    curves.append(("step [s]", widths, taken, "us an entity and simulated second"))
    (ROOT / "docs" / "images" / "proving-cost.svg").write_text(drawn(curves))
    for name, at, cost, unit in curves:
        print(name, [f"{x:g}: {y:.3g} {unit}" for x, y in zip(at, cost, strict=True)])


def drawn(curves: list[tuple[str, list[float], list[float], str]]) -> str:
    """Return four small charts, both axes logarithmic, beside each other as SVG."""
    wide, high, left, top = 260, 200, 46, 34
    parts = []
    for k, (name, at, cost, unit) in enumerate(curves):
        x, y = np.log10(at), np.log10(cost)
        low, span = (
            np.floor(y.min() - 0.2),
            max(1.0, np.ceil(y.max() + 0.2) - np.floor(y.min() - 0.2)),
        )
        px = k * 320 + left + (x - x[0]) / (x[-1] - x[0]) * (wide - 20)
        py = top + high - (y - low) / span * high
        line = " ".join(f"{a:.1f},{b:.1f}" for a, b in zip(px, py, strict=True))
        parts.append(f'<polyline points="{line}" fill="none" stroke="#2f6fde" stroke-width="2"/>')
        for a, b, v, w in zip(px, py, at, cost, strict=True):
            parts.append(f'<circle cx="{a:.1f}" cy="{b:.1f}" r="3" fill="#2f6fde"/>')
            parts.append(
                f'<text x="{a:.1f}" y="{top + high + 16}" text-anchor="middle">{v:g}</text>'
            )
            parts.append(f'<text x="{a:.1f}" y="{b - 8:.1f}" text-anchor="middle">{w:.3g}</text>')
        parts.append(
            f'<text x="{k * 320 + left}" y="16" font-weight="600">{unit}, by {name}</text>'
            f'<line x1="{k * 320 + left - 8}" y1="{top + high}" x2="{k * 320 + left + wide}" '
            f'y2="{top + high}" stroke="#99a"/>'
        )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{len(curves) * 320 + 20}" height="270" '
        'font-family="sans-serif" font-size="11" fill="#445">'
        f'<rect width="100%" height="100%" fill="white"/>{"".join(parts)}</svg>\n'
    )


def main() -> None:
    """Run the parts that are asked for; all of them where none is."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", default=PARTS)
    for part in parser.parse_args().parts:
        if part == "sweep-alone":
            told = _sweep(CUT_IN)
            print(json.dumps([*told, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss]))
        elif part in PARTS:
            globals()[part]()
        else:
            parser.error(f"{part} is none of {', '.join(PARTS)}")


if __name__ == "__main__":
    main()
