"""A finished campaign and a finished gate on a thread, as no engine ever ran them."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import numpy as np

from treadle.app import App, open_app
from treadle.engine.measuring.tables import INDEX
from treadle.facts import proving as facts
from treadle.kernel import ThingId
from treadle.kernel.bundle import Bundle
from treadle.kernel.work import Telling
from treadle.kernel.working import listed
from treadle.proving import CAMPAIGN, GATE
from treadle.proving.formats.campaigning import Done, gathered, written
from treadle.proving.rules.catalogue import Catalogue, Criterion, Proof, Requirement
from treadle.proving.rules.deciding import campaign_summary, gate_summary
from treadle.proving.rules.levels import levelled
from treadle.proving.rules.result import CONTACT, GUEST, SAMPLE, TRANSITION, Result

NOW = datetime(2026, 11, 25, tzinfo=UTC)
CATALOGUE = Catalogue(
    name="Two scenarios",
    version="3",
    requirements=(
        Requirement(id="safe", text="No <collision> & no harm.", source="UN R157, 5.2.5"),
        Requirement(id="quiet", text="Nobody asks how loud it is."),
    ),
    criteria=(
        Criterion(
            id="crash",
            requirement="safe",
            claim="No collision that the reference avoids.",
            metric="preventable_collisions",
            most=0,
        ),
        Criterion(
            id="braking",
            requirement="safe",
            claim="It never brakes with more than 9 m/s2.",
            metric="max_deceleration",
            over="maximum",
            most=9.0,
        ),
    ),
    proofs=(
        Proof(id="one", file="one.xosc", requirements=("safe",), odd={"road": "motorway"}),
        Proof(id="two", file="two.xosc", requirements=("safe",), odd={"road": "motorway"}),
    ),
    references=("cc",),
    odd={"road": ("motorway", "town")},
)
FILES = {
    "catalogue.toml": b"its own words",
    "one.xosc": b"<one/>",
    "two.xosc": b"<two/>",
    "mine.py": b"def drive(): ...",
}


def result(numbers: range, crashed: set[int], *, lost: frozenset[int] = frozenset()) -> Result:
    """Return what came of variants of which some crashed and some were lost."""
    n = len(numbers)
    contacts = np.zeros(len(crashed), CONTACT)
    contacts["variant"] = sorted(crashed)
    contacts["other"] = 1
    is_lost = np.isin(list(numbers), sorted(lost))
    measures = np.full((n, len(INDEX)), np.nan)
    measures[:, INDEX["max_deceleration"]] = 4.5
    return Result(
        entities=("Ego", "Other"),
        elements=(),
        variants=np.array(numbers, np.int64),
        outcomes=np.where(is_lost, "INCONCLUSIVE", "COMPLETED"),
        reasons=np.where(is_lost, "the driver answered nothing", ""),
        end_times_s=np.full(n, 5.0),
        endings=np.zeros(n, np.int64),
        contacts=contacts,
        transitions=np.zeros(0, TRANSITION),
        samples=np.zeros(0, SAMPLE),
        measures=measures,
        guests=np.zeros(0, GUEST),
        step_s=0.01,
        seed=7,
    )


@dataclass(frozen=True, slots=True)
class Thread:
    """A thread with one finished run."""

    app: App
    run: ThingId


def campaign(*, crashed: frozenset[int] = frozenset({2}), lost: bool = False) -> Thread:
    """Return a campaign of three parts: variants 0 to 3, 4 and 5 of one, 0 to 2 of two."""
    gone = frozenset({1}) if lost else frozenset[int]()
    parts = [
        _part(
            0, {"driver": result(range(4), set(crashed), lost=gone), "cc": result(range(4), {3})}
        ),
        _part(0, {"driver": result(range(4, 6), set()), "cc": result(range(4, 6), set())}),
        _part(1, {"driver": result(range(3), set()), "cc": result(range(3), {0})}),
    ]
    it, _, runs = gathered(parts)
    return _finished(
        CAMPAIGN.telling, parts, {"driver": "mine.py:drive"}, campaign_summary(it, runs)
    )


def gate() -> Thread:
    """Return a gate whose candidate crashes once less."""
    sides = {"baseline": result(range(4), {1, 2}), "candidate": result(range(4), {2})}
    parts = [_part(0, sides | {"cc": result(range(4), {2})})]
    parts.append(_part(1, dict.fromkeys((*sides, "cc"), result(range(3), set()))))
    summary = gate_summary(*gathered(parts))
    return _finished(GATE.telling, parts, {"baseline": "a", "candidate": "b"}, summary)


def _part(proof: int, found: dict[str, Result]) -> bytes:
    (first, *_) = found.values()
    gaps = np.arange(6.0) if proof == 0 else np.array([1.0, 1.0, 2.0])
    levels = levelled(
        {"gap": gaps}, {"gap": gaps[first.variants]}, n=len(first.variants), intervals=3,
        strength=2, are_all=True,
    )  # fmt: skip
    return written(Done(CATALOGUE, proof, 0.95, found, levels))


def _finished(
    telling: Telling, parts: list[bytes], roles: dict[str, str], summary: dict[str, Any]
) -> Thread:
    app = replace(open_app("memory://"), clock=lambda: NOW)
    bundle = Bundle(files=FILES, entries={"catalogue": "catalogue.toml"})
    manifest = bundle.keep(app.blobs)
    builds = {
        role: {"name": role, "version": "1", "identity": f"{n:064x}"}
        for n, role in enumerate((*roles, "cc"))
    }
    asked = telling.asked(
        work="proving.gate" if "candidate" in roles else "proving.campaign",
        about=ThingId(facts.CATALOGUE_PREFIX + "0" * 32),
        manifest=manifest,
        options={"roles": roles, "builds": builds},
        seed=7,
        n_items=sum(len(next(iter(gathered([p])[2].values())).variants) for p in parts),
        versions={"treadle": "1", "numpy": "2"},
        platform="Linux-x86_64",
    )
    told, n = [], 0
    for part in parts:
        until = n + len(next(iter(gathered([part])[2].values())).variants)
        told.append((n, until, app.blobs.put(part)))
        n = until
    name = app.blobs.put(listed(told))
    history = [
        asked,
        *(telling.part_finished(first=a, until=b, content=c) for a, b, c in told),
        telling.finished(result=name, summary=summary),
    ]
    run = ThingId("urn:treadle:run:" + "ab" * 16)
    app.store.append(run, history, happened_at=NOW, recorded_at=NOW, expected_version=0)
    return Thread(app, run)
