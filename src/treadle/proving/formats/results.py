"""Results as bytes: one archive a part, the same bytes for the same numbers, and back.

A zip file without compression and without times: `about.json` has the names, each `*.npy` one array
in numpy's own form (NEP 1). A result's hash therefore tells whether every number is the same.
"""

import io
import json
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any, get_args

import numpy as np

from treadle.kernel.plain import from_plain, to_plain
from treadle.proving.rules.node import Line
from treadle.proving.rules.result import ENDINGS, GUEST, SHAPE, Element, Outcome, Result

_OUTCOMES: tuple[str, ...] = get_args(Outcome)
_ARRAYS = (
    "variants",
    "end_times_s",
    "endings",
    "contacts",
    "transitions",
    "samples",
    "guests",
    "measures",
    "shapes",
)
_OPTIONAL = {
    "guests": np.zeros(0, GUEST),
    "measures": np.zeros((0, 0)),
    "shapes": np.zeros(0, SHAPE),
}
"""Arrays that are written only where they have rows, and what they are where not."""
_START_OF_TIME = (1980, 1, 1, 0, 0, 0)
_MOST_REASONS = 50
_MOST_DIFFERENCES = 20


def written(result: Result, not_supported: Sequence[Line] = ()) -> bytes:
    """Return a result as bytes.

    Parameters
    ----------
    not_supported
        The lines of the manifest that the run left out.
    """
    reasons, of_variant = np.unique(result.reasons.astype(str), return_inverse=True)
    codes = np.array([_OUTCOMES.index(str(o)) for o in result.outcomes], dtype="u1")
    about = {
        "entities": result.entities,
        "elements": result.elements,
        "reasons": [str(reason) for reason in reasons],
        "step_s": result.step_s,
        "seed": result.seed,
        "motion": result.motion,
        "not_supported": list(not_supported),
    }
    arrays = {name: getattr(result, name) for name in _ARRAYS}
    arrays = {name: rows for name, rows in arrays.items() if len(rows) or name not in _OPTIONAL}
    arrays |= {"outcomes": codes, "reasons": of_variant.reshape(-1).astype("i4")}
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        text = json.dumps(to_plain(about), ensure_ascii=False, separators=(",", ":"))
        _add(archive, "about.json", text.encode())
        for name in sorted(arrays):
            array = io.BytesIO()
            np.lib.format.write_array(array, np.ascontiguousarray(arrays[name]), version=(1, 0))
            _add(archive, f"{name}.npy", array.getvalue())
    return buffer.getvalue()


def _add(archive: zipfile.ZipFile, name: str, content: bytes) -> None:
    member = zipfile.ZipInfo(name, _START_OF_TIME)
    member.create_system, member.external_attr = 3, 0o644 << 16
    archive.writestr(member, content)


def read(content: bytes) -> tuple[Result, tuple[Line, ...]]:
    """Return a result from its bytes, with what the run left out."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        about: dict[str, Any] = json.loads(archive.read("about.json"))
        there = set(archive.namelist())
        arrays = {
            name: np.lib.format.read_array(io.BytesIO(archive.read(f"{name}.npy")))
            for name in (*_ARRAYS, "outcomes", "reasons")
            if name not in _OPTIONAL or f"{name}.npy" in there
        }
    arrays |= {name: none for name, none in _OPTIONAL.items() if name not in arrays}
    reasons = np.array(about["reasons"], dtype=str)
    outcomes = np.array(_OUTCOMES)
    result = Result(
        entities=tuple(about["entities"]),
        elements=tuple(from_plain(Element, element) for element in about["elements"]),
        variants=arrays["variants"],
        outcomes=outcomes[arrays["outcomes"]],
        reasons=reasons[arrays["reasons"]] if reasons.size else reasons,
        end_times_s=arrays["end_times_s"],
        endings=arrays["endings"],
        contacts=arrays["contacts"],
        transitions=arrays["transitions"],
        samples=arrays["samples"],
        measures=arrays["measures"],
        guests=arrays["guests"],
        shapes=arrays["shapes"],
        step_s=about["step_s"],
        seed=about["seed"],
        motion=about.get("motion", "default"),
    )
    return result, tuple(from_plain(Line, line) for line in about["not_supported"])


def together(results: Sequence[Result]) -> Result:
    """Return several parts as one result; names that only some of them have are kept."""
    entities = tuple(dict.fromkeys(name for r in results for name in r.entities))
    elements = tuple(dict.fromkeys(element for r in results for element in r.elements))
    renamed = [_renamed(r, entities, elements) for r in results]
    joined: dict[str, Any] = {
        name: np.concatenate([getattr(r, name) for r in renamed])
        for name in (*_ARRAYS, "outcomes", "reasons")
    }
    return replace(renamed[0], **joined)


def _renamed(result: Result, entities: tuple[str, ...], elements: tuple[Element, ...]) -> Result:
    """Return a result whose rows point into these names."""
    if (result.entities, result.elements) == (entities, elements):
        return result
    of_entity = np.array([entities.index(name) for name in result.entities], dtype="i4")
    of_element = np.array([elements.index(element) for element in result.elements], dtype="i4")
    contacts, transitions = result.contacts.copy(), result.transitions.copy()
    samples, guests, shapes = (getattr(result, n).copy() for n in ("samples", "guests", "shapes"))
    for rows, field, names in (
        (contacts, "entity", of_entity),
        (contacts, "other", of_entity),
        (samples, "entity", of_entity),
        (guests, "entity", of_entity),
        (shapes, "entity", of_entity),
        (transitions, "element", of_element),
    ):
        if rows.size:
            rows[field] = names[rows[field]]
    return replace(
        result,
        entities=entities,
        elements=elements,
        contacts=contacts,
        transitions=transitions,
        samples=samples,
        guests=guests,
        shapes=shapes,
    )


def sum_up(parts: Iterable[bytes]) -> dict[str, Any]:
    """Return what came of a run in a few figures, part by part."""
    outcomes: Counter[str] = Counter()
    endings: Counter[str] = Counter()
    reasons: Counter[str] = Counter()
    n_contacts = n_touched = 0
    latest_s = 0.0
    for content in parts:
        result, _ = read(content)
        outcomes.update(result.outcomes.tolist())
        endings.update(ENDINGS[code] for code in result.endings.tolist())
        reasons.update(reason for reason in result.reasons.tolist() if reason)
        n_contacts += len(result.contacts)
        n_touched += len(np.unique(result.contacts["variant"]))
        ended = result.end_times_s[np.isfinite(result.end_times_s)]
        latest_s = max(latest_s, float(ended.max(initial=0.0)))
    return {
        "n_variants": outcomes.total(),
        "outcomes": dict(sorted(outcomes.items())),
        "endings": dict(sorted(endings.items())),
        "reasons": dict(reasons.most_common(_MOST_REASONS)),
        "n_collisions": n_contacts,
        "n_variants_with_collision": n_touched,
        "latest_end_s": latest_s,
    }


def differences(kept: bytes, now: bytes) -> list[str]:
    """Return in what two parts that should be the same differ, the first few in words."""
    then, left_out_then = read(kept)
    new, left_out_now = read(now)
    found = list(_different(then, new))
    if left_out_then != left_out_now:
        found.append("the list of what is not supported is another one")
    if len(found) > _MOST_DIFFERENCES:
        found = [*found[:_MOST_DIFFERENCES], f"and {len(found) - _MOST_DIFFERENCES} more"]
    return found or ["the same numbers, kept in other bytes"]


def _different(then: Result, new: Result) -> Iterator[str]:
    if then.entities != new.entities:
        yield f"entities were {', '.join(then.entities)}, they are {', '.join(new.entities)}"
    if then.motion != new.motion:
        yield f"the motion was {then.motion}, it is {new.motion}"
    if then.variants.tolist() != new.variants.tolist():
        yield "other variants were run"
        return
    for n, variant in enumerate(then.variants.tolist()):
        if then.outcomes[n] != new.outcomes[n]:
            yield f"variant {variant} was {then.outcomes[n]}, it is {new.outcomes[n]}"
        elif then.end_times_s[n].tobytes() != new.end_times_s[n].tobytes():
            was, now = then.end_times_s[n], new.end_times_s[n]
            yield f"variant {variant} ended after {was} s, it ends after {now} s"
    for name in ("contacts", "transitions", "samples", "guests", "measures", "shapes"):
        was, now = getattr(then, name), getattr(new, name)
        if len(was) != len(now):
            yield f"there were {len(was)} {name}, there are {len(now)}"
        elif was.tobytes() != now.tobytes():
            first = next(i for i in range(len(was)) if was[i].tobytes() != now[i].tobytes())
            yield f"{name} differ first at row {first}: {was[first]}, now {now[first]}"


def lean(result: Result) -> Result:
    """Return a result without what judging does not need."""
    return replace(
        result,
        samples=result.samples[:0],
        transitions=result.transitions[:0],
        guests=result.guests[:0],
        shapes=result.shapes[:0],
    )
