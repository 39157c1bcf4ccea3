"""Maps of campaigns and gates: cells counted by hand, the frontier, choices, ways to a variant."""

from pathlib import Path
from typing import Any

import pytest

from proving.views import campaigned, crossing
from proving.views.campaigned import Thread
from treadle.kernel import InvalidInputError, NotFoundError, ThingId
from treadle.kernel.mosaic import Mosaic
from treadle.proving.views.mapping import map as map_of
from treadle.proving.views.scene import scene

# Two gains for each of three targets; the last parameter varies fastest.
_TWO = """<DeterministicSingleParameterDistribution parameterName="Gain_mps"><DistributionSet>
<Element value="1"/><Element value="2"/></DistributionSet>
</DeterministicSingleParameterDistribution>
</Deterministic>"""
PAIRED = crossing.VARIATION.replace('<Element value="40"/>', "").replace("</Deterministic>", _TWO)
SINGLE = crossing.VARIATION.replace('<Element value="40"/>', "")


@pytest.fixture(autouse=True)
def _files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = crossing.written(tmp_path / "scenarios")
    for name in ("faster.xosc", "straight.xodr"):
        monkeypatch.setitem(campaigned.FILES, name, (folder / name).read_bytes())
    monkeypatch.setitem(campaigned.FILES, "one.xosc", PAIRED.encode())
    monkeypatch.setitem(campaigned.FILES, "two.xosc", SINGLE.encode())


def ask(thread: Thread, **wish: Any) -> Mosaic:
    answer: Mosaic = thread.app.ask(map_of, thing=thread.run, **wish)
    return answer


def kinds_of(told: Mosaic) -> dict[tuple[str, str], str]:
    return {(cell.x, cell.y): cell.kind for cell in told.cells}


def test_cells_and_frontier_are_as_worked_by_hand() -> None:
    told = ask(campaigned.campaign())
    assert (told.x.name, told.x.labels) == ("Target_mps", ("12", "14", "20"))
    assert (told.y.name, told.y.labels) == ("Gain_mps", ("1", "2"))
    # Targets are listed as 12, 20, 14: variant 2 (the driver crashes) is 20 with 1, variant 3 (the
    # reference does) is 20 with 2.
    assert kinds_of(told) == {
        ("12", "1"): "PASS",
        ("12", "2"): "PASS",
        ("14", "1"): "PASS",
        ("14", "2"): "PASS",
        ("20", "1"): "FAIL",
        ("20", "2"): "PASS",
    }
    assert [(kind.word, kind.n) for kind in told.kinds if kind.n] == [("FAIL", 1), ("PASS", 5)]
    (line,) = told.divides
    assert line.name == "cc"
    assert set(line.edges) == {(1, 1, 0), (2, 0, 1)}
    assert told.verdict == "FAIL"


def test_a_cell_of_several_variants_is_as_bad_as_the_worst() -> None:
    told = ask(campaigned.campaign(), x="Gain_mps", y="Gain_mps")
    assert told.y.name == ""
    assert kinds_of(told) == {("1", "all"): "FAIL", ("2", "all"): "PASS"}
    assert told.cells[0].n == (1, 0, 0, 2, 0)  # variants 0 and 4 pass, 2 fails
    (line,) = told.divides
    assert line.edges == ((0, 0, 0),)  # the reference crashes in variant 3 alone


def test_variants_may_be_held_to_one_value() -> None:
    told = ask(campaigned.campaign(lost=True), where="Gain_mps=2")
    open_ = {place: kind for place, kind in kinds_of(told).items() if kind != "PASS"}
    assert open_ == {("12", "all"): "INCONCLUSIVE"}  # variant 1 was lost
    assert sum(kind.n for kind in told.kinds) == 3


def test_a_click_opens_the_variant_that_the_cell_is_painted_for() -> None:
    told = ask(campaigned.campaign())
    (failed,) = (cell for cell in told.cells if cell.kind == "FAIL")
    (lead,) = failed.leads
    assert lead.query == "scene"
    assert (lead.asked["variant"], lead.asked["scenario"], lead.asked["role"]) == (
        "2",
        "one",
        "driver",
    )


def test_another_scenario_and_another_role_are_other_maps() -> None:
    thread = campaigned.campaign()
    assert set(kinds_of(ask(thread, scenario="two")).values()) == {"PASS"}
    assert ask(thread, scenario="two").y.name == ""
    # The reference against itself: what it does not avoid is not preventable.
    assert kinds_of(ask(thread, role="cc"))["20", "2"] == "UNPREVENTABLE"


def test_a_gate_shows_what_changes_and_either_side() -> None:
    thread = campaigned.gate()  # baseline crashes in 1 and 2, the candidate and the reference in 2
    told = ask(thread)
    assert kinds_of(told) == {
        ("12", "1"): "NO COLLISION",
        ("12", "2"): "COLLIDES NO LONGER",
        ("20", "1"): "STILL COLLIDES",
        ("20", "2"): "NO COLLISION",
    }
    figures = {figure.label: figure.value for figure in told.figures}
    assert figures["Only the baseline collides"] == "1"
    assert figures["Both collide"] == "1"
    assert [lead.asked["role"] for lead in told.cells[0].leads] == ["candidate", "baseline"]
    assert kinds_of(ask(thread, role="baseline"))["12", "2"] == "FAIL"
    assert kinds_of(ask(thread, role="candidate"))["12", "2"] == "PASS"


@pytest.mark.parametrize(
    ("wish", "told"),
    [
        ({"x": "Colour"}, "no parameter Colour varies here; there vary Target_mps, Gain_mps"),
        ({"where": "Gain_mps=7"}, "Gain_mps is never '7' here; it is 1, 2"),
        ({"scenario": "three"}, "no scenario three; it has one, two"),
        ({"role": "rival"}, "no role rival here; there are driver, cc"),
        ({"reference": "rss"}, "no reference rss here; there are cc, all"),
    ],
)
def test_what_is_not_there_is_refused_with_what_there_is(wish: dict[str, str], told: str) -> None:
    with pytest.raises(InvalidInputError, match=told):
        ask(campaigned.campaign(), **wish)


def test_what_is_no_campaign_has_no_map() -> None:
    thread = campaigned.campaign()
    with pytest.raises(NotFoundError, match="no campaign or gate"):
        thread.app.ask(map_of, thing=ThingId("urn:treadle:run:" + "cd" * 16))


def test_a_variant_is_replayed_with_the_driver_and_the_verdict_of_the_campaign() -> None:
    thread = campaigned.campaign()
    told = thread.app.ask(scene, thing=thread.run, scenario="one", role="cc", variant=3)
    assert told.verdict == "UNPREVENTABLE"
    assert told.reasons == ("it collides, and so does cc",)
    assert told.title.endswith("cc, a reference")
    here = {setting.name: setting.here for setting in told.settings}
    assert (here["Target_mps"], here["Gain_mps"]) == ("20", "2")
    assert told.tracks
    # These results were made up, and the scene says so: nothing is passed off as what was run.
    assert "it came out differently" in told.source
    with pytest.raises(InvalidInputError, match="there is no role rival"):
        thread.app.ask(scene, thing=thread.run, role="rival")
