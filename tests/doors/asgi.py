"""A client of an application in this process, by httpx alone.

Starlette's own test client wants another package; this is all that these tests need of it.
"""

import asyncio
from typing import Any

import httpx
from fastapi import FastAPI


class Client:
    """Asks an application; keeps headers and cookies as a browser does."""

    def __init__(self, http: FastAPI, address: str, headers: dict[str, str]) -> None:
        transport = httpx.ASGITransport(http, raise_app_exceptions=False)
        self._client = httpx.AsyncClient(transport=transport, base_url=address, headers=headers)
        self.headers = self._client.headers

    @property
    def address(self) -> str:
        """Where the application is asked."""
        return str(self._client.base_url)

    @address.setter
    def address(self, url: str) -> None:
        self._client.base_url = httpx.URL(url)

    def ask(self, method: str, path: str, **said: Any) -> httpx.Response:
        """Return the answer to one request."""
        return asyncio.run(self._client.request(method, path, **said))

    def get(self, path: str, **said: Any) -> httpx.Response:
        """Return the answer to a GET."""
        return self.ask("GET", path, **said)

    def post(self, path: str, **said: Any) -> httpx.Response:
        """Return the answer to a POST."""
        return self.ask("POST", path, **said)
