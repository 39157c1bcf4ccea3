"""KPI files: read and written back the same, and every fault with its line."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from treadle.kernel import InvalidInputError
from treadle.proving.formats.kpis import known_kpis, read_kpis, write_kpis
from treadle.proving.rules.metrics.kpi import Condition, Kpi

TOP = 'format = "treadle.kpis.1"\n\n'
GOOD = TOP + (
    '[[kpi]]\nname = "A"\nmetric = "min_ttc"\nthreshold = 1.5\nunit = "s"\n'
    'pass = "value >= threshold"\nfinish = "events >= 1"\nscore = [[0, 0], [1.5, 100]]\n'
)


def test_a_file_is_read_as_it_says() -> None:
    (kpi,) = read_kpis(GOOD.encode(), "a.toml")
    assert kpi == Kpi(
        name="A",
        metric="min_ttc",
        threshold=1.5,
        passes=Condition(subject="value", relation=">="),
        finishes=Condition(subject="events", relation=">=", number=1),
        score=((0, 0), (1.5, 100)),
    )


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("[[kpi]\n", r"a.toml: this is no TOML: .*line 1"),
        ("[[kpi]]\n", r"a.toml:1: write `format"),
        (TOP + "kpi = 3\n", r"a.toml: `kpi` is not known here"),
        (TOP + "other = 3\n", r"a.toml: 'other' is not known here"),
        (TOP + "[[kpi]]\n", r"a.toml:3: a KPI has no name"),
        (TOP + '[[kpi]]\nname = "A"\n', r"a.toml:3: KPI A has no metric"),
        (TOP + '[[kpi]]\nname = "A"\nmetric = "ttc"\n', r"a.toml:5: .*no metric 'ttc'"),
        (TOP + "[[kpi]]\nname = 3\n", r"a.toml:4: name must be a text"),
        (GOOD + '\n[[kpi]]\nname = "A"\nmetric = "tet"\n', r"a.toml:13: KPI A is here .*line 4"),
        (GOOD.replace("threshold = 1.5", "treshold = 1.5"), r"a.toml:6: 'treshold' is not known"),
        (GOOD.replace("1.5\nunit", '"1.5"\nunit'), r"a.toml:6: threshold of A is no number"),
        (GOOD.replace("threshold = 1.5", "threshold = nan"), r"a.toml:6: .*no number"),
        (GOOD.replace('"s"', '"ms"'), r"a.toml:7: .*min_ttc is in s, not in ms"),
        (GOOD.replace("value >= thr", "value => thr"), r"a.toml:8: .*is no condition"),
        (GOOD.replace("events >= 1", "events >= one"), r"a.toml:9: .*is no condition"),
        (GOOD.replace("[0, 0], ", "[0], "), r"a.toml:10: score of A must be pairs"),
        (GOOD.replace("[0, 0], ", "[9, 0], "), r"a.toml:10: .*must grow"),
        (GOOD.replace("threshold = 1.5\n", ""), r"a.toml:7: .*wants a threshold"),
    ],
)
def test_a_fault_is_told_with_its_line_and_the_way_out(text: str, fault: str) -> None:
    with pytest.raises(InvalidInputError) as told:
        read_kpis(text.encode(), "a.toml")
    assert re.match(fault, str(told.value)), told.value


def test_bytes_that_are_no_text_are_refused() -> None:
    with pytest.raises(InvalidInputError, match="no TOML"):
        read_kpis(b"\xff\xfe", "a.toml")


def test_the_known_names_are_read_and_written_back() -> None:
    known = known_kpis()
    assert read_kpis(write_kpis(known), "again.toml") == known
    assert {kpi.suite for kpi in known} >= {"Tencent TAD Sim", "CommonRoad-CriMe", "nuPlan"}
    assert all(kpi.note for kpi in known if not kpi.metric)


texts = st.text(max_size=12).filter(lambda t: not re.search(r"[\ud800-\udfff]", t))
numbers = st.floats(allow_nan=False)


@given(st.lists(st.tuples(texts.filter(bool), texts, numbers, numbers, texts), max_size=4))
def test_any_kpis_come_back_as_they_were_written(
    told: list[tuple[str, str, float, float, str]],
) -> None:
    kpis = {
        (suite, name): Kpi(
            name=name, metric="max_btn", suite=suite, threshold=threshold, note=note,
            passes=Condition(subject="value", relation="<", number=number), score=((0.5, number),),
        )
        for name, suite, threshold, number, note in told
    }  # fmt: skip
    assert read_kpis(write_kpis(kpis.values()), "x.toml") == tuple(kpis.values())
