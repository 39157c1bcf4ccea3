"""Open streams end with the server: to them its closing is as if the client had left."""

import asyncio
from threading import Event

from starlette.types import ASGIApp, Message, Receive, Scope, Send

_LOOK_S = 0.2
_GONE: Message = {"type": "http.disconnect"}


class Closing:
    """ASGI middleware: a server waits for every answer, and a stream would make it wait long."""

    def __init__(self, app: ASGIApp, closing: Event) -> None:
        self._app = app
        self._closing = closing

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on; one that only reads learns of the closing."""
        if scope["type"] != "http" or scope["method"] != "GET":
            await self._app(scope, receive, send)
            return

        async def receive_or_closing() -> Message:
            if self._closing.is_set():
                return _GONE
            waiting = asyncio.ensure_future(receive())
            try:
                while not self._closing.is_set():
                    done, _ = await asyncio.wait({waiting}, timeout=_LOOK_S)
                    if done:
                        return waiting.result()
                return _GONE
            finally:
                waiting.cancel()

        is_open = False

        async def send_on(message: Message) -> None:
            nonlocal is_open
            is_open = message["type"] == "http.response.start" or message.get("more_body", False)
            await send(message)

        await self._app(scope, receive_or_closing, send_on)
        if is_open and self._closing.is_set():
            await send({"type": "http.response.body", "body": b""})  # the stream was cut off
