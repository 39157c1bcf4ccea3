"""The public API, as an office asks it: documents in, wishes told, questions asked."""

import datetime as dt
from typing import Any

import httpx

from treadle.twins.plant.sender import RefusedError

CREATED = 201
FORBIDDEN = 409
MISSING = 404
_ANSWER_SHOWN = 600


class ForbiddenError(RefusedError):
    """A wish that Treadle understood and refused."""


class Office:
    """Speaks to one API with its key."""

    def __init__(self, client: httpx.Client, api: str, key: str) -> None:
        self._client = client
        self._base = api.rstrip("/") + "/v1/"
        self._headers = {"Authorization": f"Bearer {key}"}

    def take_in(self, intake: str, content: bytes, wishes: dict[str, Any]) -> dict[str, Any]:
        """Give a document to an intake such as `design.release-model`; return its report."""
        headers = {"Content-Type": "application/octet-stream"}
        told: dict[str, Any] = self._asked(
            "POST", intake.replace(".", "/"), content=content, params=wishes, headers=headers
        )
        return told

    def wish(self, command: str, wish: dict[str, Any]) -> None:
        """Tell a wish to a command such as `sales.quote`."""
        self._asked("POST", command.replace(".", "/"), json=wish)

    def ask(self, query: str, **question: Any) -> Any:
        """Return the answer of a query such as `sales.order`, None where there is nothing."""
        return self._asked("GET", query.replace(".", "/"), params=question, may_miss=True) or None

    def was_told(self, command: str, thing: str, at: dt.datetime) -> bool:
        """Return whether the domain of a command told something of a thing at a moment."""
        thread = self._asked("GET", "things/thread", params={"thing": thing}, may_miss=True)
        domain = f"{command.partition('.')[0]}."
        return any(
            event["thing"] == thing
            and event["stored_as"].startswith(domain)
            and dt.datetime.fromisoformat(event["happened_at"]) == at
            for event in (knot["event"] for knot in thread.get("knots", ()))
        )

    def _asked(
        self,
        method: str,
        path: str,
        *,
        headers: dict[str, str] | None = None,
        may_miss: bool = False,
        **more: Any,
    ) -> Any:
        url = self._base + path
        try:
            answer = self._client.request(
                method, url, headers=self._headers | (headers or {}), **more
            )
        except httpx.TransportError as error:
            raise RefusedError(f"no connection to {url} ({error}); start the API") from None
        if may_miss and answer.status_code == MISSING:
            return {}
        if not answer.is_success:
            kind = ForbiddenError if answer.status_code == FORBIDDEN else RefusedError
            raise kind(f"{url} answered {answer.status_code}: {_reason(answer)}")
        return answer.json()


def _reason(answer: httpx.Response) -> str:
    """Return what an answer says in words: an RFC 9457 problem's detail, or its text."""
    try:
        told = answer.json()
    except ValueError:
        told = None
    text = str(told["detail"]) if isinstance(told, dict) and "detail" in told else answer.text
    return " ".join(text.split())[:_ANSWER_SHOWN] or "no text"
