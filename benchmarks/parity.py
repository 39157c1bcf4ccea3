"""How far our trajectories are from those of an independent simulator, scenario by scenario.

    python benchmarks/parity.py [PART OF A NAME ...] [--all-times]

Compared is what the standard defines: not entities under the other simulator's own driver models,
nor those whose way it draws by chance, nor variants outside of their authors' constraints: the
standard lets no motion follow from them. Those are printed with their reason, and not counted.
Within: 0.05 m, and 0.02 s times the speed where a trigger
may lawfully act up to two steps later; 0.01 rad. The speed is the largest so far: what began two
steps later at that speed stays that far behind when it has slowed down. Source and caveats:
../shared/data/scenarios.
"""

import csv
import gzip
import json
import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from treadle.kernel import TreadleError
from treadle.proving import Scenario
from treadle.proving.formats.scenarios import Compiled

DATA = Path(__file__).parents[2] / "shared/data/scenarios"
POSITION_M, HEADING_RAD, LATE_S = 0.05, 0.01, 0.02
STEP_S, SAMPLE_S, FURTHER_S = 0.01, 0.05, 1.0
_SHARED = "shared/data/scenarios/"
_OUTSIDE = (
    "class ParameterDeclaration: if none of the constraint groups is satisfied, "
    "the scenario should not be evaluated"
)


@dataclass(frozen=True, kw_only=True)
class Case:
    """One comparison."""

    name: str
    scenario: str
    reference: str
    controllers: bool
    left_out: frozenset[str]
    end_time_s: float | None
    values: dict[str, str]


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What came of a comparison."""

    case: Case
    position_m: float = np.nan
    heading_rad: float = np.nan
    over: float = np.nan  # the worst distance as a share of what is allowed there
    where: str = ""
    end_time_s: float = np.nan
    trouble: str = ""
    not_compared: str = ""

    @property
    def within(self) -> bool:
        """Whether all of it is within the tolerances."""
        return not self.trouble and self.over <= 1.0 and self.heading_rad <= HEADING_RAD


def cases() -> Iterator[Case]:
    """Yield all comparisons that the shared data allows."""
    index = json.loads((DATA / "reference/index.json").read_text())
    for it in index["scenarios"]:
        for kind in dict.fromkeys((it["recommended_reference"], "reference_no_controller")):
            if not it.get(kind):
                continue
            bare = kind == "reference_no_controller"
            yield Case(
                name=f"{it['file']}{' (no controllers)' if bare else ''}",
                scenario=it.get("base_file") or it["file"],
                reference=it[kind],
                controllers=not bare,
                left_out=_left_out(it, bare=bare),
                end_time_s=it["no_controller"]["end_time_s"] if bare else it["end_time_s"],
                values={k: str(v) for k, v in (it.get("parameters") or {}).items()},
            )
    samples = json.loads((DATA / "variation_samples/index.json").read_text())
    for it in samples["samples"]:
        for kind in ("reference", "reference_no_controller"):
            if it.get(kind):
                yield _sampled(it, kind)


def _left_out(it: dict, *, bare: bool) -> frozenset[str]:
    found = set(it["seed_dependent_entities"])
    return frozenset(found if bare else found | set(it["esmini_controlled_entities"]))


def _sampled(it: dict, kind: str) -> Case:
    bare = kind == "reference_no_controller"
    return Case(
        name=f"{it['file']} #{it['permutation_index']}{' (no controllers)' if bare else ''}",
        scenario=it["scenario_file"].removeprefix(_SHARED),
        reference=it[kind].removeprefix(_SHARED),
        controllers=not bare,
        left_out=frozenset() if bare else frozenset(it.get("esmini_controlled_entities", ())),
        end_time_s=None,
        values={k: str(v) for k, v in it["parameters"].items()},
    )


def compare(case: Case) -> Verdict:
    """Run a case and compare it with its reference."""
    wanted = _read(DATA / case.reference)
    last = max(t for rows in wanted.values() for t in rows)
    limit = last + FURTHER_S
    try:
        scenario = Scenario.read(str(DATA / case.scenario), overrides=case.values)
        compiled = scenario.compile(controllers=case.controllers)
        result = compiled.run(
            step_s=STEP_S,
            time_limit_s=limit,
            include_outside=True,
            trajectories="all",
            sample_s=SAMPLE_S,
            threads=1,
        )
    except (TreadleError, ArithmeticError, LookupError, ValueError, TypeError) as error:
        return Verdict(case=case, trouble=f"{type(error).__name__}: {error}")
    ours: dict[str, dict[int, np.void]] = defaultdict(dict)
    for row in result.samples:
        ours[result.entities[row["entity"]]][round(row["time_s"] / STEP_S)] = row
    worst = _worst(case, _renamed(wanted, compiled), ours)
    reason = str(result.reasons[0])
    lost = reason if result.endings[0] == 4 else ""
    end = float(result.end_times_s[0])
    trouble = worst.pop("trouble")
    outside = f"{reason}; {_OUTSIDE}" if result.outcomes[0] == "OUTSIDE" else ""
    return Verdict(
        case=case, end_time_s=end, trouble=lost or trouble, not_compared=outside, **worst
    )


def _renamed(wanted: dict, compiled: Compiled) -> dict:
    """Call trailers what the scenario calls them; the other simulator adds a + to the vehicle."""
    build, _ = compiled.lowered(0, 0)
    names = {row: name for name, row in build.entity_rows.items()}
    drawn = {name: names.get(build.entities.get(row)["trailer"]) for row, name in names.items()}
    found = {}
    for name, rows in wanted.items():
        told = name.rstrip("+")
        for _ in range(len(name) - len(told)):
            told = drawn.get(told) or f"{told}+"
        found[told] = rows
    return found


def _worst(case: Case, wanted: dict, ours: dict) -> dict:
    found = {"position_m": 0.0, "heading_rad": 0.0, "over": 0.0, "where": "", "trouble": ""}
    top = 0.0
    for entity, rows in wanted.items():
        if entity in case.left_out:
            continue
        if entity not in ours:
            return {**found, "trouble": f"{entity} is not there"}
        missing, fastest = 0, 0.0
        for time, (x, y, _, heading, speed) in rows.items():
            fastest = max(fastest, abs(speed))
            row = ours[entity].get(round(time / STEP_S))
            if row is None:
                missing += time < max(rows) - 0.1
                continue
            far = float(np.hypot(row["x_m"] - x, row["y_m"] - y))
            turned = abs((row["heading_rad"] - heading + np.pi) % (2 * np.pi) - np.pi)
            share = far / (POSITION_M + LATE_S * fastest)
            found["position_m"] = max(found["position_m"], far)
            found["over"] = max(found["over"], share)
            found["heading_rad"] = max(found["heading_rad"], float(turned))
            if max(share, turned / HEADING_RAD) > max(1.0, top) and not found["where"]:
                found["where"] = f"{entity} at {time:g} s: {far:.3f} m, {turned:.4f} rad"
        if missing > 1:
            found["trouble"] = f"{entity}: {missing} samples are missing"
    return found


def _read(path: Path) -> dict[str, dict[float, tuple[float, ...]]]:
    rows: dict[str, dict[float, tuple[float, ...]]] = defaultdict(dict)
    with gzip.open(path, "rt") as file:
        for row in csv.DictReader(file):
            rows[row["entity"]][float(row["time_s"])] = tuple(
                float(row[k]) for k in ("x_m", "y_m", "z_m", "heading_rad", "speed_mps")
            )
    return rows


def main() -> None:
    """Compare, and print the table."""
    parts = [a for a in sys.argv[1:] if not a.startswith("-")]
    verdicts = []
    for case in cases():
        if parts and not any(part in case.name for part in parts):
            continue
        it = compare(case)
        verdicts.append(it)
        mark = "out" if it.not_compared else "ok " if it.within else "-- "
        print(f"{mark}{it.position_m:9.4f} m {it.heading_rad:7.4f} rad  {case.name.split('/')[-1]}")
        if it.not_compared:
            print(f"      not compared: {it.not_compared}", flush=True)
        elif not it.within:
            end = f"ends {it.end_time_s:g} s, there {case.end_time_s} s"
            print(f"      {it.trouble or it.where}; {end}", flush=True)
    compared = [v for v in verdicts if not v.not_compared]
    within = sum(v.within for v in compared)
    share = within / max(1, len(compared))
    print(f"within: {within} of {len(compared)} ({share:.1%}); target 95 %")
    print(f"not compared: {len(verdicts) - len(compared)} of {len(verdicts)}, marked out")


if __name__ == "__main__":
    main()
