"""A finished campaign or gate as evidence: every claim with all that it rests on."""

import posixpath
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any

import numpy as np

from treadle.kernel.plain import to_plain
from treadle.proving.rules.catalogue import Catalogue
from treadle.proving.rules.deciding import (
    BASELINE,
    CANDIDATE,
    DRIVER,
    campaign_summary,
    uncovered,
    verdicts_by,
)
from treadle.proving.rules.evidence.graph import Graph
from treadle.proving.rules.evidence.wording import (
    Told,
    digest_of,
    finite,
    from_files,
    ranges,
    reasons,
    repeated,
)
from treadle.proving.rules.exercised import gaps_of
from treadle.proving.rules.judging import INCONCLUSIVE, VERDICTS, Ruling, Runs, rule

UNDER_TEST = (DRIVER, BASELINE, CANDIDATE)
"""Roles that are judged; the others are reference models."""


def told_of(told: Told, it: Catalogue, runs: Mapping[str, Runs]) -> tuple[Graph, str]:
    """Return the evidence of a campaign or a gate, and the name of its root.

    Parameters
    ----------
    runs
        What came of the runs, by role, read from the parts of the result.
    """
    return _Telling(told, it, runs).whole()


class _Telling:
    """A graph while it is told, from what rests on nothing up to the root."""

    def __init__(self, told: Told, it: Catalogue, runs: Mapping[str, Runs]) -> None:
        self.told, self.it, self.runs = told, it, runs
        self.graph = Graph()
        self.sides: dict[str, dict[str, Any]] = {}
        self.roles = [role for role in UNDER_TEST if role in runs]
        self.main = CANDIDATE if CANDIDATE in runs else DRIVER
        self.commands = {
            "repeat": f"treadle proving repeat {told.number}",
            "from_files": from_files(told),
        }

    def whole(self) -> tuple[Graph, str]:
        """Tell everything; return the graph and the name of its root."""
        graph, it, told = self.graph, self.it, self.told
        self.files = {
            path: graph.add("file", {"path": path, "sha256": digest_of(name)})
            for path, name in told.files.items()
        }
        self.computing = graph.add("computing", self._computing())
        self.builds = {role: self._build(role, one) for role, one in told.options["builds"].items()}
        self.requirements = {r.id: graph.add("requirement", to_plain(r)) for r in it.requirements}
        self.odd = {
            (name, value): graph.add("odd", {"attribute": name, "value": value})
            for name, values in it.odd.items()
            for value in values
        }
        self.criteria = {
            c.id: graph.add("criterion", finite(to_plain(c)), requirement=self._known(c))
            for c in it.criteria
        }
        self.parts = [
            graph.add("part", {"first": a, "until": b, "sha256": digest_of(name)})
            for a, b, name in told.parts
        ]
        self.scenarios = [self._scenario(n) for n in range(len(it.proofs))]
        self.variants = {role: self._variants(role) for role in self.runs}
        claims = [self._claim(role, n) for role in self.roles for n in range(len(it.criteria))]
        claims += [self._decision(claims)] if self.main == CANDIDATE else []
        root = graph.add(
            "evidence",
            self._root(),
            claims=claims,
            gaps=[graph.add("gap", {"what": what}) for what in self._gaps()],
            coverage=[self._coverage(role) for role in self.roles],
            credibility=self._credibility(),
            requirements=self.requirements.values(),
            odd=self.odd.values(),
            files=self.files.values(),
            builds=self.builds.values(),
            variants=[name for names in self.variants.values() for name in names],
            result=self.parts,
        )
        return graph, root

    def _known(self, criterion: Any) -> list[str]:
        """Return the node of a criterion's requirement, where the catalogue has it."""
        found = self.requirements.get(criterion.requirement)
        return [found] if found else []

    def _computing(self) -> dict[str, Any]:
        it, told = self.it, self.told
        return {
            "seed": str(told.seed),
            "step_s": it.step_s,
            "time_limit_s": it.time_limit_s,
            "standstill_s": it.standstill_s,
            "entity": it.entity,
            "references": list(it.references),
            "versions": dict(told.versions),
            "platform": told.platform,
        }

    def _build(self, role: str, build: Mapping[str, Any]) -> str:
        named = str(self.told.options["roles"].get(role, role))
        own = posixpath.basename(named.partition(":")[0])  # FILE.py:NAME, FILE.fmu
        path = next((p for p in self.told.files if posixpath.basename(p) == own), "")
        files = [self.files[path]] if path else []
        return self.graph.add("build", {"role": role, "named": named, **build}, file=files)

    def _scenario(self, n: int) -> str:
        proof = self.it.proofs[n]
        folder = posixpath.dirname(self.told.entry)
        path = posixpath.normpath(posixpath.join(folder, proof.file))
        return self.graph.add(
            "scenario",
            to_plain(proof) | ({"unread": why} if (why := self.it.unread.get(proof.id)) else {}),
            requirements=[self.requirements[r] for r in proof.requirements],
            odd=[self.odd[pair] for pair in proof.odd.items() if pair in self.odd],
            file=[self.files[path]] if path in self.files else [],
        )

    def _variants(self, role: str) -> list[str]:
        """Tell what came of the variants of each scenario with one driver."""
        runs = self.runs[role]
        found = []
        judged = verdicts_by(self.it, self.runs, role) if role in self.roles else None
        for n, proof in enumerate(self.it.proofs):
            rows = np.flatnonzero(runs.proofs == n)
            numbers = runs.variants[rows]
            content: dict[str, Any] = {
                "scenario": proof.id,
                "driver": role,
                "n_variants": len(rows),
                "numbers": ranges(numbers),
                "seed": str(self.told.seed),
                "collisions": ranges(numbers[runs.crashed[rows] == 1]),
            }
            if judged is not None:
                mine = judged[rows]
                content["verdicts"] = {
                    word: ranges(numbers[mine == k])
                    for k, word in enumerate(VERDICTS)
                    if (mine == k).any() and word != "PASS"
                }
                content["counts"] = {
                    word: int((mine == k).sum())
                    for k, word in enumerate(VERDICTS)
                    if (mine == k).any()
                }
                content["reasons"] = reasons(runs.reasons[rows[mine == INCONCLUSIVE]])
                content["verdicts_sha256"] = sha256(mine.tobytes()).hexdigest()
            name = self.graph.add(
                "variants",
                content,
                scenario=[self.scenarios[n]],
                build=[self.builds[role]] if role in self.builds else [],
                computing=[self.computing],
                parts=self._parts_of(rows),
            )
            found.append(name)
        return found

    def _parts_of(self, rows: np.ndarray) -> list[str]:
        if not len(rows):
            return []
        first, last = int(rows[0]), int(rows[-1])
        return [
            name
            for name, (a, b, _) in zip(self.parts, self.told.parts, strict=True)
            if a <= last and b > first
        ]

    def _claim(self, role: str, n: int) -> str:
        criterion = self.it.criteria[n]
        runs = self.runs[role]
        found: Ruling = rule(criterion, self.it, runs, verdicts_by(self.it, self.runs, role))
        scenarios = [
            k for k, p in enumerate(self.it.proofs) if criterion.requirement in p.requirements
        ]
        rests = [self.variants[role][k] for k in scenarios]
        reference = self.it.references[:1] if criterion.metric == "preventable_collisions" else ()
        finding = self.graph.add(
            "finding",
            finite(
                {
                    "driver": role,
                    "criterion": criterion.id,
                    "metric": criterion.metric,
                    "over": criterion.over,
                    "figure": found.figure,
                    "verdict": found.verdict,
                    "reason": found.reason,
                }
            ),
            criterion=[self.criteria[criterion.id]],
            variants=rests,
            reference=[self.variants[name][k] for name in reference for k in scenarios],
        )
        return self.graph.add(
            "claim",
            {
                "driver": role,
                "claim": criterion.claim,
                "requirement": criterion.requirement,
                "criterion": criterion.id,
                "verdict": found.verdict,
                "recompute": self.commands["repeat"],
            },
            finding=[finding],
        )

    def _decision(self, claims: Sequence[str]) -> str:
        summary = self.told.summary
        finding = self.graph.add(
            "finding",
            finite(
                {
                    "driver": CANDIDATE,
                    "criterion": "release",
                    "metric": "paired comparison of the two releases",
                    "over": "variants",
                    "figure": None,
                    "verdict": summary["decision"],
                    "reason": "; ".join(summary["grounds"]),
                    "comparison": summary["comparison"],
                    "changed": summary["changed"],
                }
            ),
            claims=claims,
            variants=[name for role in self.roles for name in self.variants[role]],
        )
        return self.graph.add(
            "claim",
            {
                "driver": CANDIDATE,
                "claim": "The candidate may follow the baseline into cars.",
                "requirement": "",
                "criterion": "release",
                "verdict": summary["decision"],
                "recompute": self.commands["repeat"],
            },
            finding=[finding],
        )

    def _coverage(self, role: str) -> str:
        """Tell which parameters' values and which behaviours variants with a verdict exercise."""
        told = self._side(role)["exercised"]
        return self.graph.add("coverage", finite({"driver": role, **told}))

    def _side(self, role: str) -> dict[str, Any]:
        """Return what a driver's runs came to, judged once."""
        if role not in self.sides:
            self.sides[role] = campaign_summary(self.it, self.runs, role)
        return self.sides[role]

    def _gaps(self) -> list[str]:
        found = uncovered(self.it)
        for role in self.roles:
            side = self._side(role)
            found += [f"{role}: {gap}" for gap in gaps_of(side["exercised"])]
            counts = side["outcomes"]
            if n := counts.get("INCONCLUSIVE", 0):
                why = "; ".join(
                    f"{r or 'no reason told'} ({k:,})" for r, k in side["reasons"].items()
                )
                found.append(f"{role}: {n:,} variants are inconclusive: {why}")
            if n := counts.get("OUTSIDE", 0):
                text = "are outside the authors' constraints and were not run"
                found.append(f"{role}: {n:,} variants {text}")
        found += [
            f"scenario {p.id}: a sample of {p.sample:,} variants was run, not all"
            for p in self.it.proofs
            if p.sample is not None
        ]
        return found

    def _credibility(self) -> list[str]:
        told = self.told
        repeats = self.graph.add(
            "credibility",
            {
                "what": "repeatability",
                "state": repeated(told.repeats),
                "repeats": [dict(one) for one in told.repeats],
                "recompute": self.commands["repeat"],
            },
        )
        parity = self.graph.add(
            "credibility",
            {
                "what": "parity with an independent simulator",
                "state": "measured apart",
                "text": "Measured on scenarios of their own, not on these variants: "
                "docs/benchmarks.md of Treadle has the figures.",
            },
        )
        return [*self._steady(), repeats, parity]

    def _steady(self) -> list[str]:
        steady = self.told.steady
        if steady is not None:
            return [self.graph.add("credibility", finite(one)) for one in steady["figures"]]
        words = ("step convergence", "seed stability")
        text = "Nobody measured it for this driver on these files: treadle proving credibility "
        text += f"{self.told.entry} --driver {self.told.options['roles'][self.main]}"
        return [
            self.graph.add("credibility", {"what": what, "state": "not measured", "text": text})
            for what in words
        ]

    def _root(self) -> dict[str, Any]:
        told = self.told
        return {
            "work": told.work,
            "run": told.number,
            "about": told.about,
            "asked": told.asked,
            "catalogue": {"name": self.it.name, "version": self.it.version},
            "verdict": told.summary.get("decision", told.summary.get("verdict", "")),
            "n_variants": len(self.runs[self.main].variants),
            "manifest": digest_of(told.manifest),
            "result": digest_of(told.result),
            "recompute": self.commands,
        }
