"""Two releases beside each other, as a release gate ran them."""

from treadle.kernel import Store, ThingId
from treadle.kernel.blob import BlobStore
from treadle.kernel.report import Report


def comparison(
    store: Store,
    *,
    thing: ThingId,
    scenario: str = "",
    change: str = "",
    page: int = 1,
    blobs: BlobStore,
) -> Report:
    """Return two releases beside each other: who collides where, every criterion, every change.

    Parameters
    ----------
    thing
        The release gate; the start of its number will do.
    scenario
        Only variants of this scenario of the catalogue.
    change
        Only variants that changed so: collides-now, collides-no-longer, still-collides, undecided,
        no-collision or outside; all whose verdict is another one where nothing is said.
    page
        Of the changed variants, from 1.

    Raises
    ------
    NotFoundError
        There is no such gate.
    InvalidInputError
        Nothing is computed yet, or there is no such scenario, change or page.
    """
    from treadle.proving.views.comparing import Wish, compared  # noqa: PLC0415 - numpy
    from treadle.proving.views.proved import proved  # noqa: PLC0415 - numpy

    wish = Wish(scenario=scenario, change=change, page=page)
    return compared(proved(store, thing, blobs), wish)
