"""The levels of a scenario's parameters in a part: found, kept as bytes, and read."""

import io
import json
from collections.abc import Sequence

import numpy as np

from treadle.proving.formats.scenarios import Scenario
from treadle.proving.rules.catalogue import Coverage
from treadle.proving.rules.choosing import chosen
from treadle.proving.rules.levels import Levels, levelled

LEVELS = "levels"
"""The name of what is kept, in a part."""
MOST = 200_000
"""Of a scenario of more variants, the levels are those of so many that are drawn."""


def levels_of(scenario: Scenario, variants: Sequence[int], coverage: Coverage, seed: int) -> Levels:
    """Return the levels of a scenario's parameters, and which of them some variants have.

    Levels are those of all variants inside the authors' constraints on parameters, be they run or
    not, or of the cases of its design; of more than MOST those of a sample, and of the variants.
    """
    are_all = scenario.count <= MOST
    numbers: Sequence[int] = range(scenario.count)
    if not are_all:
        numbers = sorted({*chosen(scenario.count, None, MOST, 0), *map(int, variants)})
    table = scenario.table(np.asarray(numbers), seed)
    inside = scenario.document.outside(table, len(numbers)) == 0
    if (
        scenario.variation is None and scenario.designed is None
    ):  # one variant, with what was set by hand
        table, inside = {}, np.ones(len(numbers), np.bool_)
    some = scenario.table(np.asarray(variants), seed) if table else {}
    return levelled(
        {name: column[inside] for name, column in table.items()},
        some,
        n=len(variants),
        intervals=coverage.intervals,
        strength=coverage.strength,
        are_all=are_all,
    )


def levels_written(levels: Levels) -> bytes:
    """Return levels as bytes: the same for the same levels."""
    about = {"names": levels.names, "labels": levels.labels, "strength": levels.strength}
    text = json.dumps(about, ensure_ascii=False, sort_keys=True).encode()
    buffer = io.BytesIO()
    for array in (np.frombuffer(text, np.uint8), levels.asked, levels.of):
        np.lib.format.write_array(buffer, np.ascontiguousarray(array), version=(1, 0))
    return buffer.getvalue()


def levels_read(content: bytes) -> Levels:
    """Return levels from their bytes."""
    buffer = io.BytesIO(content)
    text, asked, of = (np.lib.format.read_array(buffer) for _ in range(3))
    about = json.loads(text.tobytes())
    return Levels(
        names=tuple(about["names"]),
        labels=tuple(tuple(labels) for labels in about["labels"]),
        strength=about["strength"],
        asked=asked,
        of=of,
    )
