"""Everything that the kernel raises on purpose."""


class TreadleError(Exception):
    """Root of every error that Treadle raises on purpose; `status` is its HTTP face.

    The text is one sentence that names the thing, the place and the way out.
    """

    status = 500


class RefusedError(TreadleError):
    """A wish that the rules of the house or of a domain do not grant."""

    status = 409


class NotFoundError(TreadleError):
    """The thread holds no such thing."""

    status = 404


class InvalidInputError(TreadleError):
    """What was given cannot be read as what it should be."""

    status = 422


class StaleWriteError(TreadleError):
    """Somebody else wrote about this thing since it was read."""

    status = 409


class StoreError(TreadleError):
    """The store itself cannot do its work: full, locked, broken or of another version."""

    status = 503


class StoreFullError(StoreError):
    """No space is left where the store is kept; nothing of the request was written."""

    status = 507
