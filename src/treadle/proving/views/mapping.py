"""The map of a campaign, or of what a release changes: verdicts over two parameters."""

from treadle.kernel import Store, ThingId
from treadle.kernel.blob import BlobStore
from treadle.kernel.mosaic import Mosaic


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
    reference model does not avoid every collision. A gate shows what the candidate changes.

    Parameters
    ----------
    thing
        The campaign or the gate; the start of its number will do.
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
        There is no such campaign or gate.
    InvalidInputError
        Nothing is computed yet, or there is no such scenario, role, parameter or value.
    """
    from treadle.proving.views.laying import Wish, laid  # noqa: PLC0415 - numpy, and the files
    from treadle.proving.views.proved import proved  # noqa: PLC0415 - numpy

    wish = Wish(x=x, y=y, scenario=scenario, role=role, where=where, reference=reference)
    return laid(proved(store, thing, blobs), wish)
