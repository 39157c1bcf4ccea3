"""How fast one address may ask what takes computing: a bucket of questions that fills again."""

from collections import OrderedDict
from collections.abc import Callable
from time import monotonic

from starlette.types import ASGIApp, Receive, Scope, Send

from treadle.api.problem import Problem

_ADDRESSES = 10_000


class Pace:
    """Refuses questions of an address that asks faster than anybody can click.

    Parameters
    ----------
    paths
        Beginnings of the paths that it is about; all others pass.
    per_s
        Questions that an address may ask for long [1/s].
    burst
        Questions that it may ask at once.
    """

    def __init__(
        self,
        app: ASGIApp,
        paths: tuple[str, ...],
        per_s: float = 50.0,
        burst: int = 200,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self._app = app
        self._paths = paths
        self._per_s, self._burst, self._clock = per_s, burst, clock
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a question on, or refuse it with the time to wait."""
        if scope["type"] == "http" and scope["path"].startswith(self._paths):
            wait = self.wait_s((scope.get("client") or ("",))[0])
            if wait > 0:
                text = f"this address asks too fast; ask again in {wait:.2f} s"
                headers = {"Retry-After": f"{max(1, round(wait))}"}
                problem = Problem(status=429, detail=text, headers=headers)
                await problem.response(scope["path"])(scope, receive, send)
                return
        await self._app(scope, receive, send)

    def wait_s(self, address: str) -> float:
        """Take a question out of an address's bucket; return how long it is to wait [s], or 0."""
        now = self._clock()
        left, at = self._left.pop(address, (float(self._burst), now))
        left = min(self._burst, left + (now - at) * self._per_s)
        allowed = left >= 1
        self._left[address] = (left - 1 if allowed else left), now
        if len(self._left) > _ADDRESSES:
            self._left.popitem(last=False)
        return 0.0 if allowed else (1 - left) / self._per_s
