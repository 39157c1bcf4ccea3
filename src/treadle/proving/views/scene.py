"""A variant of a run or of a scenario as a scene: a moving picture, and why it went so."""

from typing import TYPE_CHECKING

from treadle.facts.proving import SCENARIO_PREFIX
from treadle.kernel import InvalidInputError, Store, ThingId
from treadle.kernel.blob import BlobStore
from treadle.kernel.scene import Scene
from treadle.proving.formats.opening import read_scenario
from treadle.proving.state import probes, proves
from treadle.proving.views.origin import Origin, origin_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from treadle.proving.rules.result import Result


def scene(
    store: Store,
    *,
    thing: ThingId,
    variant: int | None = None,
    scenario: str = "",
    role: str = "",
    blobs: BlobStore,
) -> Scene:
    """Return a variant as it moved, with its storyboard, parameters and manifest.

    What the run did not keep is computed again from its own files, options and seed, which gives
    the same; the answer says which it was, and whether it came out the same.

    Parameters
    ----------
    thing
        The run, campaign, gate, search or estimate, or a scenario that was registered; the start
        of a run's number will do.
    variant
        Its number, from 0; the first of the run where none is given. Of a search or an estimate
        the number of the run, in their order; the first that failed where none is given.
    scenario
        Of a campaign's catalogue; its first where nothing is said.
    role
        Of a campaign, whose run: driver, baseline, candidate, or a reference model.

    Raises
    ------
    NotFoundError
        There is no such run or scenario.
    InvalidInputError
        There is no such variant, scenario or role.
    """
    if not thing.startswith(SCENARIO_PREFIX) and proves(store, thing):
        from treadle.proving.views.proved import proved  # noqa: PLC0415 - numpy
        from treadle.proving.views.replaying import replayed  # noqa: PLC0415 - numpy

        return replayed(proved(store, thing, blobs), scenario, role, variant, blobs)
    if not thing.startswith(SCENARIO_PREFIX) and probes(store, thing):
        from treadle.proving.views.replaying_tried import replayed_case  # noqa: PLC0415 - numpy
        from treadle.proving.views.tried import tried  # noqa: PLC0415 - numpy

        return replayed_case(tried(store, thing, blobs), scenario, role, variant, blobs)
    if scenario or role:
        text = f"{thing} is no campaign, so it has no scenario or role to choose; leave them out"
        raise InvalidInputError(text)
    origin = origin_of(store, thing, blobs)
    from treadle.proving.views.showing import shown  # noqa: PLC0415 - numpy, and the roads

    made = read_scenario(
        origin.files, origin.files.entries["scenario"], origin.options.get("set") or {}
    )
    return shown(origin, made, _kept(origin), variant)


def _kept(origin: Origin) -> "Iterable[Result]":
    """Yield what the run kept, part by part."""
    from treadle.proving.formats import results  # noqa: PLC0415 - numpy

    for part in origin.parts:
        yield results.read(origin.blobs.get(part.content))[0]
