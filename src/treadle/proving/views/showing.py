"""A scene put together: what a run kept of a variant, and what is computed again."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from treadle.kernel import InvalidInputError
from treadle.kernel.scene import Among, Scene, Tone
from treadle.proving.formats import staging
from treadle.proving.formats.scenarios import Compiled, Scenario
from treadle.proving.rules.result import ENDINGS, Result
from treadle.proving.rules.simulating import Options
from treadle.proving.views.origin import Origin

_TONES: dict[str, Tone] = {"COMPLETED": "good", "INCONCLUSIVE": "warn", "OUTSIDE": "plain"}
_LONGEST_TITLE = 80
_NOT_RUN = ENDINGS.index("not run")
_NOT_RUN_BECAUSE = "the authors' constraints leave it out; `--include-outside` runs it all the same"
_AGAIN = "Computed again from the run's own files, options and seed"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """What a run tells of its variants.

    Attributes
    ----------
    numbers, failing
        Variants that were simulated; those of them that are INCONCLUSIVE or touch.
    kept
        The part that has the variant; None where the run has none.
    """

    numbers: np.ndarray
    failing: np.ndarray
    variant: int
    kept: Result | None


def shown(origin: Origin, scenario: Scenario, parts: Iterable[Result], wanted: int | None) -> Scene:
    """Return a variant as a scene; the first that ran where none is wanted.

    Raises
    ------
    InvalidInputError
        There is no such variant.
    """
    if wanted is not None and not 0 <= wanted < scenario.count:
        text = f"there is no variant {wanted}; they are numbered 0 to {scenario.count - 1:,}"
        raise InvalidInputError(text)
    known = _known(parts, wanted)
    variant = known.variant
    compiled = scenario.compile(
        controllers=bool(origin.options.get("controllers", True)), drivers=origin.drivers
    )
    result, source = _result(origin, compiled, known)
    build, values = compiled.lowered(variant, origin.seed)
    # The verdict is the run's own: it knows what all of its variants left out, not this one alone.
    judged = known.kept or result
    row = _row(judged, variant)
    outcome, reason = str(judged.outcomes[row]), str(judged.reasons[row])
    ending = ENDINGS[int(judged.endings[row])]
    end_s = float(judged.end_times_s[row])
    movers = staging.movers(build, values, result, variant)
    names = [mover.name for mover in movers]
    tracks = staging.tracks(result, variant, names, staging.still(build))
    rows, steps = staging.steps(build)
    has_run = bool(np.isfinite(end_s))
    of = (compiled, build, result, _how(origin))
    return Scene(
        title=_title(scenario),
        thing=origin.thing,
        about=origin.about,
        verdict=outcome,
        tone=_TONES.get(outcome, "bad"),
        reasons=(reason,) if reason else (),
        ended=f"{ending} after {end_s:.6g} s" if has_run else ending,
        source=source,
        start_s=0.0,
        end_s=end_s if has_run else 0.0,
        among=_among(known, scenario.count, variant),
        movers=movers,
        contacts=staging.contacts(result, variant),
        firings=staging.firings(result, variant, build, rows, steps),
        steps=steps,
        settings=staging.settings(scenario, variant, origin.seed),
        elements=staging.told(compiled.manifest_of(result.motion)),
        conditions=staging.conditions(steps, rows, of, variant),
        signs=staging.signs(build, values.numbers(0), result, variant, origin.options["step_s"]),
        ground=staging.ground(build),
        tracks=tracks,
    )


def _how(origin: Origin) -> Options:
    """Return how the variant is run, to ask what would be if a trigger were another one."""
    return Options(
        step_s=origin.options["step_s"],
        time_limit_s=origin.options["time_limit_s"],
        threads=1,
        motion=origin.options.get("motion", "default"),
        seed=origin.seed,
        same_chance=bool(origin.options.get("same_chance", False)),
    )


def _title(scenario: Scenario) -> str:
    """Return what the files call themselves: the variation before the scenario that it varies."""
    varied = scenario.variation
    for document in [*([varied.document] if varied else []), scenario.document]:
        header = document.root.child("FileHeader")
        told = header.attributes.get("description", "").strip() if header else ""
        if 0 < len(told) <= _LONGEST_TITLE:
            return told
    return scenario.name.replace("_", " ")


def _known(parts: Iterable[Result], wanted: int | None) -> _Known:
    numbers, failing = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
    kept: Result | None = None
    started: int | None = None
    for part in parts:
        numbers.append(part.variants)
        ran = part.variants[part.endings != _NOT_RUN]
        if started is None and len(ran):
            started = int(ran[0])
        bad = part.variants[part.outcomes == "INCONCLUSIVE"]
        failing.append(np.union1d(bad, part.contacts["variant"]))
        if kept is None and np.any(part.variants == (started if wanted is None else wanted)):
            kept = part
    simulated = np.concatenate(numbers)
    first = started if started is not None else 0
    return _Known(
        numbers=simulated,
        failing=np.concatenate(failing),
        variant=first if wanted is None else wanted,
        kept=kept,
    )


def _among(known: _Known, n: int, variant: int) -> Among:
    simulated = known.numbers if len(known.numbers) else np.arange(n)
    before, after = neighbours(simulated, variant)
    failing_before, failing_after = neighbours(known.failing, variant)
    return Among(
        noun="variant",
        parameter="variant",
        number=variant,
        n=n,
        before=before,
        after=after,
        failing_before=failing_before,
        failing_after=failing_after,
        n_failing=len(known.failing) if len(known.numbers) else None,
    )


def neighbours(numbers: np.ndarray, variant: int) -> tuple[int | None, int | None]:
    """Return the nearest numbers before and after a variant."""
    below, above = numbers[numbers < variant], numbers[numbers > variant]
    return int(below.max()) if len(below) else None, int(above.min()) if len(above) else None


def _result(origin: Origin, compiled: Compiled, known: _Known) -> tuple[Result, str]:
    """Return a variant's result with its trajectories, and how it was come by."""
    kept, variant = known.kept, known.variant
    if kept is not None:
        mine = kept.samples["variant"] == variant
        told = kept.transitions["variant"] == variant
        if mine.any() and told.any():
            return kept, "As the run kept it"
    options = origin.options
    if kept is not None and kept.endings[_row(kept, variant)] == _NOT_RUN:
        return kept, f"Not run: {_NOT_RUN_BECAUSE}"
    result = compiled.run(
        [variant],
        step_s=options["step_s"],
        time_limit_s=options["time_limit_s"],
        motion=options.get("motion", "default"),
        include_outside=bool(options.get("include_outside", False)),
        trajectories="all",
        sample_s=staging.EVERY_S,
        transitions=True,
        seed=origin.seed,
        same_chance=bool(options.get("same_chance", False)),
        threads=1,
    )
    if not origin.is_run:
        return result, "Computed for this page with the usual options; nothing of it is kept"
    if kept is None:
        return result, f"{_AGAIN}; the run itself has not simulated this variant"
    if _is_same(kept, result, variant):
        return result, f"{_AGAIN}: it came out the same"
    return result, f"{_AGAIN}: it came out differently, so this Treadle is not the one that ran it"


def _is_same(kept: Result, now: Result, variant: int) -> bool:
    """Return whether a variant moved as it did then: how and when it ended, and its contacts."""

    def told(result: Result) -> tuple[object, ...]:
        row = _row(result, variant)
        touched = result.contacts[result.contacts["variant"] == variant]
        numbers = [n for n in touched.dtype.names or () if n.endswith(("_s", "_m", "_mps"))]
        return (
            int(result.endings[row]),
            float(np.nan_to_num(result.end_times_s[row], nan=-1.0)),
            *(np.nan_to_num(touched[name], nan=-1.0).tolist() for name in numbers),
        )

    return told(kept) == told(now)


def _row(result: Result, variant: int) -> int:
    return int(np.flatnonzero(result.variants == variant)[0])
