"""Versions are ordered as Semantic Versioning 2.0 orders its own examples, and needs hold so."""

import pytest

from treadle.design.rules.versions import compare, key, need
from treadle.kernel import InvalidInputError

# Semantic Versioning 2.0.0, section 11, its own examples; rising.
RISING = ("1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.beta", "1.0.0-beta", "1.0.0-beta.2",
          "1.0.0-beta.11", "1.0.0-rc.1", "1.0.0", "2.0.0", "2.1.0", "2.1.1")  # fmt: skip


def test_the_examples_of_semantic_versioning_stand_in_their_order() -> None:
    falling = RISING[::-1]
    assert sorted(falling, key=key) == list(RISING)


@pytest.mark.parametrize(("one", "other"), [("2", "2.0.0"), ("1.0+a", "1.0+b"), ("01.2", "1.2")])
def test_the_same_version_written_otherwise_is_the_same(one: str, other: str) -> None:
    assert compare(one, "==", other)


@pytest.mark.parametrize(
    ("text", "version", "holds"),
    [
        ("b >= 1.2, < 2", "1.2", True),
        ("b >= 1.2, < 2", "1.10", True),
        ("b >= 1.2, < 2", "2.0", False),
        ("b != 1.5", "1.5", False),
        ("b", "0.1", True),
        ("c > 1", "1", False),
    ],
)
def test_needs_hold_within_their_bounds(text: str, version: str, holds: bool) -> None:
    assert (need(text).holds({"b": version}, {}) == "") is holds


def test_hardware_has_to_be_known_and_one_of_those() -> None:
    asked = need("ADC hardware A1 | A2")
    assert asked.holds({}, {"ADC": ("A1",)}) == ""
    assert asked.holds({}, {"ADC": ("A1", "A3")}) == "ADC may have the hardware A3"
    assert "not known" in asked.holds({}, {"ADC": ()})
    assert "no control unit" in asked.holds({}, {})


@pytest.mark.parametrize("text", ["", ">= 1", "a >= ", "a => 1", "ADC hardware", "a 1.2"])
def test_what_is_no_need_is_refused(text: str) -> None:
    with pytest.raises(InvalidInputError, match="is no need"):
        need(text)
