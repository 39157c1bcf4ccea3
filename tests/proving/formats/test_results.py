"""Results as bytes: back as they were, the same bytes for the same numbers."""

import io
import zipfile

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from proving.fake_engine import Scenario
from treadle.kernel.bundle import Bundle
from treadle.proving.formats import results
from treadle.proving.rules.node import Line
from treadle.proving.rules.result import Result

LEFT_OUT = Line(
    tag="Fog", file="a.xosc", line=3, outcome="not supported", may_change=True, reason="no eyes"
)


def made(variants: list[int], *, seed: int = 0) -> Result:
    scenario = Scenario.read("a", open_file=Bundle(files={"a": b"count=1000\noutside=5"}))
    return scenario.compile().run(variants, trajectories="all", transitions=True, seed=seed)


def same(one: Result, other: Result) -> bool:
    arrays = ("variants", "outcomes", "reasons", "end_times_s", "endings")
    rows = ("contacts", "transitions", "samples")
    return (
        (one.entities, one.elements, one.step_s, one.seed)
        == (other.entities, other.elements, other.step_s, other.seed)
        and all(
            np.array_equal(getattr(one, a), getattr(other, a), equal_nan=a == "end_times_s")
            for a in arrays
        )
        and all(getattr(one, r).tobytes() == getattr(other, r).tobytes() for r in rows)
    )


@settings(max_examples=25)
@given(st.lists(st.integers(0, 999), unique=True, max_size=30))
def test_a_result_comes_back_as_it_was_and_gives_the_same_bytes_again(variants: list[int]) -> None:
    result = made(variants)
    content = results.written(result, [LEFT_OUT])
    back, left_out = results.read(content)
    assert same(back, result)
    assert left_out == (LEFT_OUT,)
    assert results.written(back, left_out) == content


def test_bytes_do_not_depend_on_when_they_were_written() -> None:
    with zipfile.ZipFile(io.BytesIO(results.written(made([1])))) as archive:
        assert {member.date_time for member in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert {member.compress_type for member in archive.infolist()} == {zipfile.ZIP_STORED}


@given(st.lists(st.integers(0, 999), unique=True, min_size=2, max_size=30), st.data())
@settings(max_examples=25)
def test_parts_together_are_the_whole(variants: list[int], data: st.DataObject) -> None:
    cut = data.draw(st.integers(1, len(variants) - 1))
    whole, parts = made(variants), [made(variants[:cut]), made(variants[cut:])]
    joined = results.together(parts)
    assert joined.samples.tobytes() == whole.samples.tobytes()
    assert joined.contacts.tobytes() == whole.contacts.tobytes()
    assert joined.outcomes.tolist() == whole.outcomes.tolist()
    contents = [results.written(part) for part in parts]
    assert results.sum_up(contents) == results.sum_up([results.written(whole)])


def test_parts_that_name_other_entities_keep_their_rows_straight() -> None:
    from dataclasses import replace  # noqa: PLC0415 - only here

    one, other = made([1]), replace(made([4]), entities=("Target, slow", "Bus"))
    joined = results.together([one, other])
    assert joined.entities == ("Ego", "Target, slow", "Bus")
    named = [(joined.entities[c["entity"]], joined.entities[c["other"]]) for c in joined.contacts]
    assert named == [("Ego", "Target, slow"), ("Target, slow", "Bus")]


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("end_times_s", np.array([7.0]), "variant 1 ended after 11.0 s, it ends after 7.0 s"),
        ("outcomes", np.array(["INCONCLUSIVE"]), "variant 1 was COMPLETED, it is INCONCLUSIVE"),
        ("variants", np.array([2]), "other variants were run"),
        ("entities", ("Ego", "Bus"), "entities were Ego, Target, slow, they are Ego, Bus"),
    ],
)
def test_differences_are_told_in_words(field: str, value: object, told: str) -> None:
    from dataclasses import replace  # noqa: PLC0415 - only here

    changes: dict[str, object] = {field: value}
    other = replace(made([1]), **changes)  # type: ignore[arg-type]
    found = results.differences(results.written(made([1])), results.written(other))
    assert found[0] == told


def test_the_last_bit_of_a_position_is_a_difference() -> None:
    other = made([1])
    other.samples["x_m"][2] = np.nextafter(other.samples["x_m"][2], 9.0)
    found = results.differences(results.written(made([1])), results.written(other))
    assert found[0].startswith("samples differ first at row 2")
