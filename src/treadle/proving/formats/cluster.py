"""The parts of a campaign on a Ray cluster: the same bytes, in the same order, from anywhere.

A part is computed from files and options alone, so a worker that dies in the middle costs time and
nothing else: Ray gives its part to another one.
"""

import logging
import re
import socket
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from treadle.kernel import InvalidInputError, RefusedError
from treadle.kernel.bundle import Bundle
from treadle.kernel.plain import from_plain, to_plain
from treadle.proving.formats.campaigning import Campaign, Doing
from treadle.proving.rules.design import Design

_PLACE = re.compile(r"(ray://)?(?P<host>[^:/]+):(?P<port>\d{1,5})")
_REACH_S = 5.0
RETRIES = 5
"""How often a part is given to another worker before the campaign is given up."""
_AHEAD = 2
"""Parts that wait for each core, so that none is idle."""


def parts_on_ray(
    address: str,
    files: Bundle,
    told: Mapping[str, Any],
    numbers: Sequence[int],
    *,
    stopped: Callable[[], bool] = lambda: False,
) -> Iterator[bytes]:
    """Yield parts of a campaign in their order, computed on a cluster.

    Parameters
    ----------
    address
        Of the cluster: `ray://host:port`, or `host:port` of its head.
    files
        All that the campaign reads.
    told
        path, roles, seed, confidence, design, unread and kpis_unread, as Campaign and Doing take
        them.
    numbers
        Of the parts, in `Campaign.cuts`.

    Raises
    ------
    InvalidInputError
        Ray is not installed, or there is no cluster.
    RefusedError
        A part was lost more often than RETRIES.
    """
    ray = _ray(address)
    try:
        compute = ray.remote(num_cpus=1, max_retries=RETRIES)(_part)
        kept = ray.put(files)
        most = _AHEAD * max(1, int(ray.cluster_resources().get("CPU", 1)))
        plain = to_plain(told)
        waiting = list(numbers)
        running: list[Any] = []
        while waiting or running:
            while waiting and len(running) < most:
                running.append(compute.remote(kept, plain, waiting.pop(0)))
            if stopped():
                return
            yield ray.get(running.pop(0))
    except ray.exceptions.RayError as error:
        text = f"the cluster {address} lost a part of the campaign: {error}; resume it"
        raise RefusedError(text) from error
    finally:
        ray.shutdown()


def _ray(address: str) -> Any:
    """Return Ray, connected."""
    try:
        import ray  # noqa: PLC0415 - optional, and slow to import
    except ImportError as error:
        text = "computing on a cluster needs Ray: pip install 'treadle[ray]'"
        raise InvalidInputError(text) from error
    place = _PLACE.fullmatch(address)
    try:
        if place is None:
            text = "write ray://HOST:PORT or HOST:PORT"
            raise ValueError(text)  # noqa: TRY301 - told as all else that is wrong with it
        # Ray itself tries for minutes to reach a cluster that is not there.
        socket.create_connection((place["host"], int(place["port"])), _REACH_S).close()
        ray.init(address=address, logging_level=logging.ERROR, log_to_driver=False)
    except (OSError, ValueError, RuntimeError) as error:
        text = f"there is no Ray cluster at {address}: {error}"
        raise InvalidInputError(text) from error
    return ray


def _part(files: Bundle, told: Mapping[str, Any], number: int) -> bytes:
    """Compute a part, in whatever process this is."""
    roles = tuple(dict(told["roles"]).items())
    design = told.get("design")
    made = from_plain(Design, design) if design else None
    unread = tuple(tuple((told.get(name) or {}).items()) for name in ("unread", "kpis_unread"))
    campaign = _campaign(_Held(files), told["path"], roles, told["seed"], made, unread=unread)
    doing = Doing(threads=1, confidence=told["confidence"])
    return campaign.part(campaign.cuts[number], doing)


class _Held:
    """Files that are the same where their manifest is."""

    def __init__(self, files: Bundle) -> None:
        self.files = files
        self._manifest = files.manifest()

    def __hash__(self) -> int:
        return hash(self._manifest)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Held) and self._manifest == other._manifest


@lru_cache(maxsize=4)
def _campaign(
    held: _Held,
    path: str,
    roles: tuple[tuple[str, str], ...],
    seed: int,
    design: Design | None,
    *,
    unread: tuple[tuple[tuple[str, str], ...], ...],
) -> Campaign:
    """Return a campaign, read once in a process; `unread` is of scenarios and of KPI files."""
    scenarios, kpis = (dict(one) for one in unread)
    return Campaign(held.files, path, dict(roles), seed, design, unread=scenarios, kpis_unread=kpis)
