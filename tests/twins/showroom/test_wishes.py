"""What a programme tells by command: rows of files, moments, and what cannot be meant."""

import datetime as dt
import tomllib
from pathlib import Path

import pytest

from treadle.twins.plant.tables import ProgrammeError, Toml
from treadle.twins.showroom.wishes import told

VERDICTS = """thing,verdict,software.driver,claim
urn:treadle:test:a,PASS,2.4,stops
urn:treadle:test:b,FAIL,,
"""


def read(folder: Path, text: str) -> Toml:
    (folder / "verdicts.csv").write_text(VERDICTS, encoding="utf-8")
    return Toml(tomllib.loads(f"[[told]]\n{text}"))


def test_each_row_is_told_a_second_after_the_last_with_what_all_share(tmp_path: Path) -> None:
    text = 'command = "design.give-verdict"\nfile = "verdicts.csv"\nby = "Ana"\nat = 2024-02-12\n'
    first, second = told(tmp_path, read(tmp_path, text))
    noon = dt.datetime(2024, 2, 12, tzinfo=dt.UTC)
    assert (first.thing, first.at, first.is_late) == ("urn:treadle:test:a", noon, False)
    assert first.wishes == {
        "verdict": "PASS",
        "software": {"driver": "2.4"},
        "claim": "stops",
        "by": "Ana",
    }
    assert second.at == noon + dt.timedelta(seconds=1)
    assert second.wishes == {"verdict": "FAIL", "by": "Ana"}
    assert second.place == "verdicts.csv line 3"


def test_one_telling_needs_no_file_and_may_come_after_the_deliveries(tmp_path: Path) -> None:
    text = 'command = "design.link"\nthing = "t"\nto = "x"\nat = 2024-02-12\nafter = "deliveries"\n'
    (one,) = told(tmp_path, read(tmp_path, text))
    assert (one.thing, one.wishes, one.is_late) == ("t", {"to": "x"}, True)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('command = "design.link"\nthing = "t"', "say when it happened"),
        ('command = "design.link"\nat = 2024-02-12', "names no thing"),
        ('command = "link"\nthing = "t"\nat = 2024-02-12', 'write "design.link"'),
        ('command = "d.l"\nfile = "no.csv"\nat = 2024-02-12', "file no.csv cannot be read"),
        ('command = "d.l"\nthing = "t"\nat = 2024-02-12\nafter = "lunch"', "after is 'lunch'"),
    ],
)
def test_what_cannot_be_told_is_refused(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(ProgrammeError, match=said):
        told(tmp_path, read(tmp_path, text))
