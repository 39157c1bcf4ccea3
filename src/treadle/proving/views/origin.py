"""Where a scene comes from: a run, or a scenario that nobody ran yet."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from treadle.facts.proving import SCENARIO_PREFIX, ScenarioRegistered
from treadle.kernel import NotFoundError, Store, ThingId
from treadle.kernel.blob import BlobStore
from treadle.kernel.bundle import Bundle
from treadle.kernel.work import Life, WorkPartFinished
from treadle.proving.state import life_of

if TYPE_CHECKING:
    from treadle.proving.rules.driver import Driver

STEP_S, TIME_LIMIT_S = 0.01, 400.0
"""Of a scenario that nobody ran yet, as of `simulate`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where a scene comes from: files and options, and what a run kept of it.

    Attributes
    ----------
    parts
        What the run computed so far.
    drivers
        Who is under test.
    """

    thing: ThingId
    about: ThingId
    files: Bundle
    options: Mapping[str, Any]
    seed: int
    is_run: bool
    parts: tuple[WorkPartFinished, ...] = ()
    drivers: tuple["Driver", ...] = ()
    blobs: BlobStore = field(repr=False)


def _drivers(life: Life, blobs: BlobStore) -> tuple["Driver", ...]:
    """Return who drove in a run that was asked for with a driver."""
    name = life.asked.options.get("driver")
    if name is None:
        return ()
    from treadle.proving.formats.drivers.naming import driver_of  # noqa: PLC0415 - numpy

    files = Bundle.kept(blobs, life.asked.manifest)
    return (driver_of(str(name), files, entity=str(life.asked.options["entity"])),)


def origin_of(store: Store, thing: ThingId, blobs: BlobStore) -> Origin:
    """Return where the scenes of a run or of a scenario come from.

    Raises
    ------
    NotFoundError
        There is no such run or scenario.
    """
    if not thing.startswith(SCENARIO_PREFIX):
        life = life_of(store, thing)
        return Origin(
            thing=life.run,
            about=life.asked.about,
            files=Bundle.kept(blobs, life.asked.manifest),
            options=life.asked.options,
            seed=life.asked.seed,
            is_run=True,
            parts=life.parts,
            drivers=_drivers(life, blobs),
            blobs=blobs,
        )
    facts = (event.fact for event in store.history(thing))
    manifest = next((f.manifest for f in facts if isinstance(f, ScenarioRegistered)), None)
    if manifest is None:
        text = f"the thread holds no scenario {thing}; `treadle proving runs` lists what was run"
        raise NotFoundError(text)
    return Origin(
        thing=thing,
        about=thing,
        files=Bundle.kept(blobs, manifest),
        options={"step_s": STEP_S, "time_limit_s": TIME_LIMIT_S},
        seed=0,
        is_run=False,
        blobs=blobs,
    )
