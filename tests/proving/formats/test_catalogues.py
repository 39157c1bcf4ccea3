"""Catalogues: every mistake is named, and nothing that a catalogue cannot mean is let through."""

import pytest

from treadle.kernel import InvalidInputError
from treadle.proving.formats.catalogues import read_catalogue

GOOD = """
name = "n"
version = "1"
references = ["cc"]
[odd]
road = ["motorway", "town"]
[[requirement]]
id = "r"
text = "t"
[[criterion]]
id = "c"
requirement = "r"
claim = "k"
metric = "collisions"
most = 0
[[scenario]]
id = "s"
file = "s.xosc"
requirements = ["r"]
odd = { road = "motorway" }
sample = 5
"""


def test_a_catalogue_is_read_as_it_is_written() -> None:
    it = read_catalogue(GOOD.encode(), "c.toml")
    assert (it.name, it.references, it.proofs[0].sample) == ("n", ("cc",), 5)
    assert it.criteria[0].most == 0.0
    assert it.odd == {"road": ("motorway", "town")}


def test_what_counts_as_covered_is_read_and_its_shares_are_criteria() -> None:
    told = GOOD.replace(
        'metric = "collisions"\nmost = 0', 'metric = "coverage.parameter"\nleast = 0.9'
    )
    told = told.replace(
        "[[requirement]]",
        """[coverage]
intervals = 5
strength = 3
behaviours = ["stopped", "braked hard"]
[[requirement]]""",
    )
    it = read_catalogue(told.encode(), "c.toml")
    assert (it.criteria[0].metric, it.criteria[0].over) == ("coverage.parameter", "share")
    assert (it.coverage.intervals, it.coverage.strength) == (5, 3)
    assert it.coverage.behaviours == ("stopped", "braked hard")


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ('name = "n"', "name = n", "c.toml is no TOML: .*line 2"),
        ('name = "n"', "", "the catalogue: name is missing"),
        ('version = "1"', "version = 1", "version must be a text"),
        ('id = "c"', 'id = "c"\nmist = 1', "criterion c: mist means nothing here"),
        ("most = 0", "", "neither `least` nor `most`"),
        ("most = 0", "most = nan", "most must be a finite number"),
        ("most = 0", 'most = "0"', "most must be of the kind float"),
        ('requirement = "r"', 'requirement = "q"', "there is no requirement q"),
        ('requirements = ["r"]', 'requirements = ["r", "z"]', "there is no requirement z"),
        ('road = "motorway" }', 'road = "moor" }', "outside the catalogue's own odd"),
        ('"collisions"', '"colisions"', "there is no metric 'colisions'; there are collisions, "),
        ('"collisions"', '"coverage.everything"', "no coverage.everything; there are coverage.par"),
        ('"collisions"', '"coverage.odd"\nover = "mean"', "is a share of what is asked; leave"),
        ('"collisions"', '"min_ttc"', "counts values of min_ttc beyond a limit; say which"),
        (
            "[odd]",
            '[coverage]\nbehaviours = ["flew"]\n[odd]',
            "coverage: there is no behaviour flew",
        ),
        ("[odd]", "[coverage]\nstrength = 0\n[odd]", "strength = 0 covers nothing"),
        ("sample = 5", "sample = 0", "a sample of 0 variants proves nothing"),
        ('file = "s.xosc"', "", "scenario s: file is missing"),
        ('references = ["cc"]', "step_s = 0.0", "the step of 0.0 s is no length of time"),
        ("most = 0", 'most = 0\nover = "most"', "is no way to sum up"),
        (GOOD[GOOD.index("[[scenario]]") :], "", "names no scenario"),
        ('id = "s"', 'id = "s"\nset = 3', "set must be a table"),
    ],
)
def test_a_mistake_is_told_with_its_place(old: str, new: str, why: str) -> None:
    with pytest.raises(InvalidInputError, match=why):
        read_catalogue(GOOD.replace(old, new, 1).encode(), "c.toml")


def test_two_of_one_id_are_refused() -> None:
    twice = GOOD + GOOD[GOOD.index("[[scenario]]") :]
    with pytest.raises(InvalidInputError, match="several scenarios called s"):
        read_catalogue(twice.encode(), "c.toml")
