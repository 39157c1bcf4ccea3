"""A finished run computed once more, from blobs alone, and compared byte for byte."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from treadle.kernel.blob import blob_id
from treadle.kernel.errors import RefusedError
from treadle.kernel.fact import ThingId
from treadle.kernel.work import Hands, Life, Part, Work
from treadle.kernel.working import Works, listed, this_platform, versions


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeat:
    """What came of computing a run once more.

    Attributes
    ----------
    identical
        Whether every byte of the result is the same.
    differences
        What is not: versions first, then part by part.
    result, result_then
        The results by their hash: now, and as the run had it.
    """

    run: ThingId
    identical: bool
    differences: tuple[str, ...]
    result: str
    result_then: str

    @property
    def good(self) -> bool:
        """Whether a door may answer with 0."""
        return self.identical


def repeat(works: Works, run: str, hands: Hands, *, how: Mapping[str, Any] | None = None) -> Repeat:
    """Compute a finished run once more and tell the thread whether it came out the same.

    Raises
    ------
    RefusedError
        It is not finished, or this was told to stop.
    """
    life = works.life(run)
    if life.finished is None:
        text = f"{life.run} is not finished ({life.state}); resume it first"
        raise RefusedError(text)
    work = works.work_of(life.asked.work)
    kept = {(part.first, part.until): part.content for part in life.parts}
    parts: list[tuple[int, int, str]] = []
    differences: list[str] = []
    for part in work.compute(works.working(replace(life, parts=()), hands, how or {})):
        if hands.stopped():
            break
        name = blob_id(part.content)
        parts.append((part.first, part.until, name))
        differences += _differences(works, work, part, kept.get((part.first, part.until)), name)
    if not parts or parts[-1][1] < life.asked.n_items:
        text = f"{life.run} was stopped while it was repeated; nothing was compared to the end"
        raise RefusedError(text)
    result = blob_id(listed(parts))
    identical = result == life.finished.result
    told = work.telling.repeated(
        result=result,
        identical=identical,
        differences=() if identical else (*_other_versions(life, work), *differences),
        versions=versions(work),
        platform=this_platform(),
    )
    works.tell(life, told)
    return Repeat(
        run=life.run,
        identical=identical,
        differences=told.differences,
        result=result,
        result_then=life.finished.result,
    )


def _differences(works: Works, work: Work, part: Part, kept: str | None, name: str) -> list[str]:
    if kept is None:
        return [f"items {part.first} to {part.until} were cut into other parts then"]
    if kept == name:
        return []
    return list(work.differences(works.blobs.get(kept), part.content))


def _other_versions(life: Life, work: Work) -> Iterator[str]:
    now = versions(work) | {"platform": this_platform()}
    then = life.asked.versions | {"platform": life.asked.platform}
    for what in sorted({*now, *then}):
        if now.get(what) != then.get(what):
            yield f"{what} was {then.get(what, 'absent')}, it is {now.get(what, 'absent')}"
