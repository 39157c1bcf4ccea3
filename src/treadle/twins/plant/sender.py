"""The way out: documents are captured over HTTP, or written to a folder."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import httpx

from treadle.twins.plant.play import Document

CAPTURE_PATH = "/standards/epcis/capture"
ACCEPTED = 202
LOOPBACK = ("localhost", "127.0.0.1", "::1")
TIMEOUT_S = 300.0
WAITS_S = (0.5, 1.0, 2.0, 4.0, 8.0)
"""Pauses before each new attempt when the connection fails; after them the twin gives up."""
REASONS_SHOWN = 5
ANSWER_SHOWN = 400


class RefusedError(Exception):
    """A document that Treadle did not take, or an API that cannot be reached."""


@dataclass(frozen=True)
class Report:
    """What became of a document's events."""

    n_ok: int
    n_duplicate: int
    n_rejected: int
    rejections: list[dict[str, Any]] = field(default_factory=list)


class Exit(Protocol):
    """Where documents go."""

    event: str
    """What the progress line of a document is called."""

    def send(self, document: Document) -> Report:
        """Give what became of a document; raise RefusedError when it cannot go out."""
        ...


class Folder:
    """Writes documents as files, in order."""

    event = "written"

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def send(self, document: Document) -> Report:
        """Write a document as ``NNNNN.jsonld``."""
        (self.folder / f"{document.number:05d}.jsonld").write_bytes(document.content)
        return Report(document.n_events, 0, 0)


def client_for(api: str) -> httpx.Client:
    """Give the HTTP client for an API; one on this machine is never asked through a proxy."""
    try:
        host = httpx.URL(api).host
    except httpx.InvalidURL:
        host = ""
    return httpx.Client(timeout=TIMEOUT_S, trust_env=host not in LOOPBACK)


class Capture:
    """Sends documents to the EPCIS capture interface (EPCIS 2.0, section 12.6) of an API."""

    event = "captured"

    def __init__(
        self,
        client: httpx.Client,
        api: str,
        key: str,
        *,
        pause: Callable[[float], object] = time.sleep,
    ) -> None:
        self.client, self.pause = client, pause
        self.url = api.rstrip("/") + CAPTURE_PATH
        self.headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}

    def send(self, document: Document) -> Report:
        """Capture a document; connections that fail are tried again, answers never are."""
        answer = self._post(document)
        where = f"document {document.number}: {self.url} answered {answer.status_code}"
        if answer.status_code != ACCEPTED:
            shown = " ".join(answer.text.split())[:ANSWER_SHOWN]
            way_out = "check --key" if answer.status_code in (401, 403) else "mend the cause"
            raise RefusedError(f"{where}: {shown or 'no text'}; {way_out} and start again")
        if "Location" not in answer.headers:
            raise RefusedError(f"{where} without a Location header; is this Treadle's API?")
        return _report(answer, where, document.n_events)

    def _post(self, document: Document) -> httpx.Response:
        problem: Exception | None = None
        for wait in (0.0, *WAITS_S):
            if wait:
                self.pause(wait)
            try:
                return self.client.post(self.url, content=document.content, headers=self.headers)
            except (httpx.InvalidURL, httpx.UnsupportedProtocol) as error:
                raise RefusedError(f"{self.url} is no address ({error}); mend --api") from None
            except httpx.TransportError as error:
                problem = error
        raise RefusedError(
            f"document {document.number}: no connection to {self.url} after "
            f"{len(WAITS_S) + 1} attempts ({problem}); start the API or mend --api"
        )


def _report(answer: httpx.Response, where: str, n_events: int) -> Report:
    """Give the report in an answer; one that does not account for every event is refused.

    Duplicates may be counted among ``n_ok`` (the thread has them) or beside it.
    """
    try:
        content = answer.json()
        n_in, n_ok, n_duplicate, n_rejected = (
            int(content[key]) for key in ("n_in", "n_ok", "n_duplicate", "n_rejected")
        )
        rejections = list(content.get("rejections") or content.get("rejected") or [])
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise RefusedError(f"{where}, but not with a capture report ({error!r})") from None
    accounted = n_in - n_ok - n_rejected in (0, n_duplicate)
    if n_in != n_events or not accounted:
        raise RefusedError(
            f"{where}: {n_events} events were sent, the report counts n_in={n_in} n_ok={n_ok} "
            f"n_duplicate={n_duplicate} n_rejected={n_rejected}; events would be lost"
        )
    return Report(n_ok, n_duplicate, n_rejected, rejections)
