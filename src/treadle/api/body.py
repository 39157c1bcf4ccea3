"""Request bodies: read piece by piece, never beyond the limit, only of the sorts that are read."""

from dataclasses import dataclass

from fastapi import Request

from treadle.api.problem import stop

JSON = ("application/json",)
DOCUMENTS = (
    "application/json",
    "application/ld+json",
    "application/xml",
    "text/xml",
    "text/plain",
    "application/octet-stream",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much one request may take.

    Attributes
    ----------
    command_bytes
        Largest JSON body of a command [B].
    document_bytes
        Largest document [B].
    bundle_bytes
        Largest archive of files for a work [B].
    jobs
        How many works are computed at once; the others wait.
    stream_s
        How long one stream of events stays open; a client then comes again by itself [s].
    poll_s
        How often a stream looks for new events [s].
    """

    command_bytes: int = 1024 * 1024
    document_bytes: int = 256 * 1024 * 1024
    bundle_bytes: int = 64 * 1024 * 1024
    jobs: int = 2
    stream_s: float = 900.0
    poll_s: float = 0.5


async def read_body(request: Request, limit: int, media_types: tuple[str, ...]) -> bytes:
    """Return a request's body; refuse another sort (415) and more than the limit (413)."""
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type not in media_types:
        said = media_type or "no Content-Type"
        raise stop(415, f"{said} is not read here; send {' or '.join(media_types)}")
    if (coding := request.headers.get("content-encoding", "identity").lower()) != "identity":
        raise stop(415, f"not supported: Content-Encoding {coding}; send the body as it is")
    too_large = stop(413, f"the body is larger than {limit} bytes, the most that is read here")
    if request.headers.get("content-length", "0").isdigit() and (
        int(request.headers.get("content-length", "0")) > limit
    ):
        raise too_large
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > limit:
            raise too_large
    return bytes(body)
