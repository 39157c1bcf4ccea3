"""The map of a campaign, of what a release changes, or of what a search tried."""

from treadle.kernel import Store, ThingId
from treadle.kernel.blob import BlobStore
from treadle.kernel.mosaic import Mosaic
from treadle.proving.state import probes


def map(  # noqa: A001 - its word on the doors
    store: Store,
    *,
    thing: ThingId,
    x: str = "",
    y: str = "",
    scenario: str = "",
    role: str = "",
    where: str = "",
    reference: str = "",
    blobs: BlobStore,
) -> Mosaic:
    """Return the verdicts of a campaign or gate over two parameters, and the frontier.

    A cell is painted as the worst verdict in it. The frontier is the line beyond which the
    reference model does not avoid every collision. A gate shows what the candidate changes. A
    search or an estimate shows all that it ran, and where the driver begins to fail.

    Parameters
    ----------
    thing
        The campaign, gate, search or estimate; the start of its number will do.
    x, y
        The parameters along the two axes; the first ones that vary where nothing is said.
    scenario
        Of the catalogue; the first where nothing is said.
    role
        Whose verdicts: driver, baseline, candidate, a reference model, or change.
    where
        Only variants of which this is so, as NAME=VALUE, several with commas between.
    reference
        Whose frontier; that of the first reference where nothing is said, or all.

    Raises
    ------
    NotFoundError
        There is no such campaign, gate, search or estimate.
    InvalidInputError
        Nothing is computed yet, or there is no such scenario, role, parameter or value.
    """
    from treadle.proving.views.laying import Wish, laid  # noqa: PLC0415 - numpy, and the files
    from treadle.proving.views.proved import proved  # noqa: PLC0415 - numpy

    wish = Wish(x=x, y=y, scenario=scenario, role=role, where=where, reference=reference)
    if probes(store, thing):
        from treadle.proving.views.laying_tried import laid_tried  # noqa: PLC0415 - numpy
        from treadle.proving.views.tried import tried  # noqa: PLC0415 - numpy

        return laid_tried(tried(store, thing, blobs), wish)
    return laid(proved(store, thing, blobs), wish)
