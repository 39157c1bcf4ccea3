"""A variant of a run or of a scenario as a scene: a moving picture, and why it went so."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from treadle.facts.proving import SCENARIO_PREFIX, ScenarioRegistered
from treadle.kernel import InvalidInputError, NotFoundError, Store, ThingId
from treadle.kernel.blob import BlobStore
from treadle.kernel.bundle import Bundle
from treadle.kernel.scene import Scene
from treadle.kernel.work import WorkPartFinished
from treadle.proving.formats.opening import read_scenario
from treadle.proving.state import life_of

if TYPE_CHECKING:
    from treadle.proving.rules.result import Result

STEP_S, TIME_LIMIT_S = 0.01, 400.0
"""Of a scenario that nobody ran yet, as of `simulate`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where a scene comes from: files and options, and what a run kept of it.

    Attributes
    ----------
    parts
        What the run computed so far.
    """

    thing: ThingId
    about: ThingId
    files: Bundle
    options: Mapping[str, Any]
    seed: int
    is_run: bool
    parts: tuple[WorkPartFinished, ...] = ()
    blobs: BlobStore = field(repr=False)


def scene(store: Store, *, thing: ThingId, variant: int | None = None, blobs: BlobStore) -> Scene:
    """Return a variant as it moved, with its storyboard, parameters and manifest.

    What the run did not keep is computed again from its own files, options and seed, which gives
    the same; the answer says which it was, and whether it came out the same.

    Parameters
    ----------
    thing
        The run, or a scenario that was registered; the start of a run's number will do.
    variant
        Its number, from 0; the first of the run where none is given.

    Raises
    ------
    NotFoundError
        There is no such run or scenario.
    InvalidInputError
        There is no such variant.
    """
    origin = _origin(store, thing, blobs)
    from treadle.proving.views.showing import shown  # noqa: PLC0415 - numpy, and the roads

    scenario = read_scenario(origin.files, _entry(origin), origin.options.get("set") or {})
    if variant is not None and not 0 <= variant < scenario.count:
        text = f"there is no variant {variant}; they are numbered 0 to {scenario.count - 1:,}"
        raise InvalidInputError(text)
    return shown(origin, scenario, _kept(origin), variant)


def _origin(store: Store, thing: ThingId, blobs: BlobStore) -> Origin:
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


def _entry(origin: Origin) -> str:
    return origin.files.entries["scenario"]


def _kept(origin: Origin) -> "Iterable[Result]":
    """Yield what the run kept, part by part."""
    from treadle.proving.formats import results  # noqa: PLC0415 - numpy

    for part in origin.parts:
        yield results.read(origin.blobs.get(part.content))[0]
