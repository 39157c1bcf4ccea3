"""Campaigns and searches on a Ray cluster: the same bytes, in the same order, from anywhere.

A campaign's part is computed from files and options alone, and a case of a search or an estimate
from these and its coordinates. So a worker that dies in the middle costs time and nothing else: Ray
gives what it had to another one. What a search asks next is decided here.
"""

import json
import logging
import re
import socket
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

import numpy as np

from treadle.kernel import InvalidInputError, RefusedError
from treadle.kernel.bundle import Bundle
from treadle.kernel.plain import from_plain, to_plain
from treadle.proving.formats.campaigning import Campaign, Doing
from treadle.proving.formats.probing import Probe, Ran, joined
from treadle.proving.rules.design import Design

_PLACE = re.compile(r"(ray://)?(?P<host>[^:/]+):(?P<port>\d{1,5})")
_REACH_S = 5.0
RETRIES = 5
"""How often a part is given to another worker before the whole is given up."""
_AHEAD = 2
"""Parts that wait for each core, so that none is idle."""
_FEWEST = 4
"""Cases that are worth the way to a worker."""
_LOOK_S = 0.5
"""How often it is asked whether to stop."""


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
    with _connected(address, "the campaign") as ray:
        compute = ray.remote(num_cpus=1, max_retries=RETRIES)(_part)
        kept = ray.put(files)
        most = _AHEAD * _cores(ray)
        plain = to_plain(told)
        waiting = list(numbers)
        running: list[Any] = []
        while waiting or running:
            while waiting and len(running) < most:
                running.append(compute.remote(kept, plain, waiting.pop(0)))
            if stopped():
                return
            yield ray.get(running.pop(0))


@contextmanager
def cases_on_ray(
    address: str, files: Bundle, told: Mapping[str, Any], *, apart: bool
) -> Iterator[Callable[[np.ndarray, Doing], Ran | None]]:
    """Give what runs cases of a search or an estimate on a cluster.

    Parameters
    ----------
    told
        path, options and seed, as Probe.asked takes them.
    apart
        Whether the cases of a round may be shared out among workers; else one worker runs them all,
        as a driver that is asked for all of them at once wants it.

    Raises
    ------
    InvalidInputError
        Ray is not installed, or there is no cluster.
    RefusedError
        Cases were lost more often than RETRIES.
    """
    with _connected(address, "the cases") as ray:
        compute = ray.remote(num_cpus=1, max_retries=RETRIES)(_cases)
        kept, plain = ray.put(files), ray.put(to_plain(told))
        most = _cores(ray) if apart else 1

        def run(values: np.ndarray, doing: Doing) -> Ran | None:
            shares = np.array_split(values, min(most, max(1, len(values) // _FEWEST)))
            running = [compute.remote(kept, plain, share) for share in shares]
            found: list[Ran] = []
            for one in running:
                while not ray.wait([one], timeout=_LOOK_S)[0]:
                    if doing.stopped():
                        return None
                found.append(ray.get(one))
                doing.progress(sum(len(part.margins) for part in found))
            return joined(found)

        yield run


@contextmanager
def _connected(address: str, what: str) -> Iterator[Any]:
    """Give Ray, connected, and tell in a sentence what it could not mend."""
    ray = _ray(address)
    try:
        yield ray
    except ray.exceptions.RayError as error:
        text = f"the cluster {address} lost a part of {what}: {error}; resume it"
        raise RefusedError(text) from error
    finally:
        ray.shutdown()


def _cores(ray: Any) -> int:
    return max(1, int(ray.cluster_resources().get("CPU", 1)))


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


def _cases(files: Bundle, told: Mapping[str, Any], values: np.ndarray) -> Ran | None:
    """Run cases, in whatever process this is."""
    options = json.dumps(told["options"], sort_keys=True)
    probe = _probe(_Held(files), told["path"], options, told["seed"])
    return probe.ran(values, Doing(threads=1))


@lru_cache(maxsize=4)
def _probe(held: _Held, path: str, options: str, seed: int) -> Probe:
    """Return a probe, read once in a process."""
    return Probe.asked(held.files, path, json.loads(options), seed)
