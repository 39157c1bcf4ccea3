"""Baselines are released only with the verdicts they need; cars, RXSWINs, records follow."""

import json

import pytest

from design_told import CAR, CATALOGUE, START, TRACK, Story, baseline
from epcis_told import into, seen, tell
from treadle.design.decide import requirements as of_requirements
from treadle.design.decide import software as decide
from treadle.design.formats.baselines import read_baseline
from treadle.design.views.cars_at_risk import cars_at_risk
from treadle.design.views.software import (
    baseline as baseline_sheet,
)
from treadle.design.views.software import (
    baselines,
    compare_baselines,
    installed_software,
    rxswin,
)
from treadle.design.views.software_record import software_record
from treadle.facts.design.requirements import requirement_id
from treadle.facts.design.software import baseline_id
from treadle.kernel import InvalidInputError, NotFoundError, RefusedError

HARDWARE = {"ADC": "HW1"}
DRIVER = "urn:treadle:software:driver"


@pytest.fixture
def story() -> Story:
    story = Story()
    story.reqif(("r-1", "Stop"), ("r-2", "Go"))
    story.draft()
    return story


@pytest.fixture
def released(story: Story) -> Story:
    story.link("r-1", TRACK)
    story.link("r-1", DRIVER, kind="implemented_by")
    story.verdict("PASS", driver="1.0")
    story.release()
    return story


def test_without_verdicts_a_release_is_refused_by_name(story: Story) -> None:
    with pytest.raises(RefusedError, match=r"r-1 \(Stop\) has no verdict: no link"):
        story.release()
    story.link("r-1", TRACK)
    with pytest.raises(RefusedError, match=r"r-1 .* has no verdict: urn:treadle:test:track"):
        story.release()
    story.verdict("PASS")
    with pytest.raises(RefusedError, match=r"stale: .* without saying for which software"):
        story.release()
    story.verdict("PASS", driver="0.9")
    with pytest.raises(RefusedError, match=r"stale: .* for driver 0\.9, not for 1\.0"):
        story.release()
    story.verdict("FAIL", driver="1.0")
    with pytest.raises(RefusedError, match=r"r-1 \(Stop\) failed: urn:treadle:test:track failed"):
        story.release()
    story.verdict("PASS", driver="0.9")
    with pytest.raises(RefusedError, match=r"r-1 \(Stop\) failed"):
        story.release()  # what passed before does not heal this version
    story.verdict("PASS", driver="1.0")
    assert len(story.release()) == 1


def test_a_requirement_that_changed_after_its_verdict_stops_a_release(story: Story) -> None:
    story.link("r-1", TRACK)
    story.verdict("PASS", driver="1.0")
    story.reqif(("r-1", "Stop at once"))
    with pytest.raises(RefusedError, match=r"r-1 .* is stale: r-1 changed"):
        story.release()


def test_a_waived_requirement_is_released_and_told_so(story: Story) -> None:
    until = START.date().replace(year=2027)
    told = {"until": until, "reason": "bench is late", "by": "Ada"}
    story.do(of_requirements.waive_requirement, requirement_id("r-1"), **told)
    story.release()
    (relied,) = story.ask(baseline_sheet, name="ads-1").relied
    assert relied.standing == "waived"
    assert "bench is late" in relied.verdicts[0]


def test_a_verdict_of_a_campaign_counts_for_the_build_that_it_drove(story: Story) -> None:
    story.link("r-1", CATALOGUE)
    story.campaign("1", "PASS", version="0.9")
    with pytest.raises(RefusedError, match=r"0\.9"):
        story.release()
    run = story.campaign("2", "ADMITTED", gate=True, version="1.0")
    story.release()
    assert story.ask(baseline_sheet, name="ads-1").relied[0].verdicts == (run,)


def test_a_baseline_without_requirements_cannot_be_released() -> None:
    story = Story()
    story.draft(requirements=())
    with pytest.raises(RefusedError, match="names no requirement"):
        story.release()
    story.draft("ads-2", requirements=["r-404"])
    with pytest.raises(RefusedError, match="no requirement or specification r-404"):
        story.release("ads-2")


def test_a_baseline_goes_from_draft_to_released_to_superseded_or_withdrawn(released: Story) -> None:
    def states() -> dict[str, str]:
        return {line.baseline.rpartition(":")[2]: line.state for line in released.ask(baselines)}

    assert states() == {"ads-1": "released"}
    with pytest.raises(RefusedError, match="only a draft can be released"):
        released.release()
    with pytest.raises(RefusedError, match="was released and stays as it is"):
        released.draft(version="1.1")
    released.draft("ads-2", version="1.1", based_on="ads-1", rxswin="R157SWIN 0002")
    assert states() == {"ads-1": "released", "ads-2": "draft"}
    with pytest.raises(RefusedError, match=r"for driver 1\.0, not for 1\.1"):
        released.release("ads-2")
    released.verdict("PASS", driver="1.1")
    released.release("ads-2")
    assert states() == {"ads-1": "superseded", "ads-2": "released"}
    released.do(decide.withdraw_baseline, baseline_id("ads-2"), reason="brakes late")
    assert states() == {"ads-1": "superseded", "ads-2": "withdrawn"}
    with pytest.raises(RefusedError, match="may go into no car"):
        released.install("ads-2", hardware=HARDWARE)
    with pytest.raises(RefusedError, match="withdrawn already"):
        released.do(decide.withdraw_baseline, baseline_id("ads-2"), reason="x")


def test_changed_software_of_an_approval_needs_a_new_rxswin_or_an_assessment(
    released: Story,
) -> None:
    released.verdict("PASS", driver="1.1")
    released.draft("ads-2", version="1.1", based_on="ads-1")
    with pytest.raises(RefusedError, match=r"UN R157 .* RXSWIN is still R157SWIN 0001"):
        released.release("ads-2")
    difference = released.ask(compare_baselines, before="ads-1", after="ads-2")
    assert [(c.software, c.change) for c in difference.software] == [("driver", "changed")]
    (touched,) = difference.approvals  # UN R13H rests on the brakes, which are the same
    assert (touched.regulation, touched.is_open) == ("UN R157", True)
    released.draft("ads-2", version="1.1", based_on="ads-1", assessment="comments only")
    released.release("ads-2")


def test_drafts_fit_no_car_and_hardware_has_to_fit(story: Story) -> None:
    with pytest.raises(RefusedError, match="is a draft and may go into no car"):
        story.install(hardware=HARDWARE)


def test_software_goes_only_into_hardware_that_it_fits(released: Story) -> None:
    with pytest.raises(RefusedError, match="hardware of ADC is not known"):
        released.install()
    with pytest.raises(RefusedError, match="hardware of ADC is HW9; it may be HW1, HW2"):
        released.install(hardware={"ADC": "HW9"})
    with pytest.raises(InvalidInputError, match="no control unit XYZ"):
        released.install(hardware={"XYZ": "HW1"})
    released.install(hardware=HARDWARE)
    assert len(released.install(occasion="updated", only=("driver",))) == 1  # known by now


def test_a_car_has_its_rxswins_as_built_and_as_updated(released: Story) -> None:
    released.install(hardware=HARDWARE)
    built = released.now()
    released.verdict("PASS", driver="1.1")
    released.draft("ads-2", version="1.1", based_on="ads-1", rxswin="R157SWIN 0002")
    released.release("ads-2")
    released.install("ads-2", "updated", only=("brakes",))
    half = {line.regulation: line for line in released.ask(rxswin, thing=CAR)}
    assert half["UN R157"].deviations == ("driver is 1.0, not 1.1",)
    assert half["UN R13H"].consistent
    released.install("ads-2", "updated")
    now = {line.regulation: line for line in released.ask(rxswin, thing=CAR)}
    line = now["UN R157"]
    assert (line.as_built, line.now, line.consistent) == ("R157SWIN 0001", "R157SWIN 0002", True)
    then = {line.regulation: line for line in released.ask(rxswin, thing=CAR, as_of=built)}
    assert then["UN R157"].now == "R157SWIN 0001"
    driver = next(s for s in released.ask(installed_software, thing=CAR) if s.software == "driver")
    assert (driver.version_built, driver.version, driver.hardware) == ("1.0", "1.1", "HW1")
    with pytest.raises(NotFoundError, match="nobody told of software"):
        released.ask(rxswin, thing="urn:treadle:vin:OTHER")


def shipped(story: Story) -> None:
    tell(story.app, seen(CAR, bizStep="shipping"))


def test_cars_with_failed_software_are_listed_and_only_those_on_the_road(released: Story) -> None:
    released.install(hardware=HARDWARE)
    assert released.ask(cars_at_risk, only_on_the_road=False).cars == ()
    released.verdict("FAIL", driver="1.0")
    found = released.ask(cars_at_risk, only_on_the_road=False)
    assert [(row.car, row.standing, row.version) for row in found.cars] == [(CAR, "failed", "1.0")]
    assert released.ask(cars_at_risk).cars == ()
    shipped(released)
    assert released.ask(cars_at_risk).n_on_the_road == 1


def test_cars_with_a_part_of_a_failed_requirement_are_found_by_its_part_number(
    story: Story,
) -> None:
    number = "https://id.gs1.org/01/09521011000205"
    story.link("r-1", TRACK)
    story.link("r-1", number, kind="implemented_by")
    story.verdict("FAIL")
    axle = "https://id.gs1.org/01/09521011000212/21/A1"
    tell(story.app, into(axle, f"{number}/21/S1"), into(CAR, axle), seen(CAR, bizStep="shipping"))
    (row,) = story.ask(cars_at_risk).cars
    assert (row.car, row.holds, row.standing) == (CAR, f"{number}/21/S1", "failed")
    assert story.ask(cars_at_risk, requirement="r-2").cars == ()


def test_software_that_passed_in_a_newer_version_has_not_passed_in_the_car(released: Story) -> None:
    released.install(hardware=HARDWARE)
    released.verdict("PASS", driver="1.1")
    assert released.ask(cars_at_risk, only_on_the_road=False).cars == ()  # 1.0 passed, too
    released.reqif(("r-1", "Stop at once"))
    released.do(
        of_requirements.confirm_link, requirement_id("r-1"), to=TRACK, kind="verified_by", by="A"
    )
    released.verdict("PASS", driver="1.1")
    (row,) = released.ask(cars_at_risk, only_on_the_road=False).cars
    assert row.standing == "stale"
    assert "for driver 1.1, not for 1.0" in row.reason


def test_the_record_tells_before_and_after_targets_and_what_nobody_told(released: Story) -> None:
    released.install(hardware=HARDWARE)
    released.verdict("PASS", driver="1.1")
    released.draft("ads-2", version="1.1", based_on="ads-1", rxswin="R157SWIN 0002")
    released.release("ads-2")
    told = json.loads(released.ask(software_record, name="ads-2").content)
    (entry,) = [one for one in told["register"] if one["regulation"] == "UN R157"]
    assert (entry["rxswin_before"], entry["rxswin_after"]) == ("R157SWIN 0001", "R157SWIN 0002")
    assert [(s["version_before"], s["version_after"]) for s in entry["software"]] == [
        ("1.0", "1.1")
    ]
    assert told["targets"] == [
        {"vehicle": CAR, "installed": "ads-1", "state": "compatible", "reasons": []}
    ]
    assert [e["verdicts"] for e in told["evidence"]] == [[TRACK]]
    assert any(text.startswith("7.1.2.5 (a)") for text in told["not_told"])
    page = released.ask(software_record, name="ads-2", form="html").content.decode()
    assert "R157SWIN 0002" in page
    assert "Not in this record" in page


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ('ecu = "BCU"', 'ecu = "XXX"', "software brakes: there is no control unit XXX"),
        ('software = ["brakes"]', 'software = ["x"]', "there is no software x here"),
        ("b" * 64, "b" * 63, "no SHA-256"),
        ('version = "3.1"', 'versoin = "3.1"', "'versoin' is not known here"),
        ('name = "brakes"', 'name = "driver"', "the software driver stands twice"),
        ("ADC hardware HW1 | HW2", "fog >= 1", "there is no software fog"),
        ("ADC hardware HW1 | HW2", "brakes => 1", "is no need"),
        ('name = "ads-1"', 'nome = "ads-1"', "a baseline has no 'nome'"),
        ('name = "ads-1"', 'name = "ads 1"', "is no name here"),
        ('name = "ads-1"', "name = ads-1", "no TOML"),
    ],
)
def test_a_baseline_that_does_not_hold_together_is_refused(old: str, new: str, reason: str) -> None:
    text = baseline("ads-1").decode()
    assert old in text
    with pytest.raises(InvalidInputError, match=reason):
        read_baseline(text.replace(old, new, 1).encode())


def test_an_unknown_word_is_refused_with_the_line_of_its_table() -> None:
    text = baseline("ads-1").decode().replace('version = "3.1"', 'versoin = "3.1"')
    line = [n for n, one in enumerate(text.splitlines(), 1) if one == "[[software]]"][1]
    with pytest.raises(InvalidInputError, match=f"line {line}: "):
        read_baseline(text.encode())


def test_what_does_not_fit_together_can_be_drafted_but_not_released(story: Story) -> None:
    report = story.draft("ads-2", needs="brakes >= 4")
    assert any("brakes is 3.1" in remark for remark in report.remarks)
    story.link("r-1", TRACK)
    story.verdict("PASS", driver="1.0")
    with pytest.raises(RefusedError, match=r"driver 1\.0 needs brakes >= 4: brakes is 3\.1"):
        story.release("ads-2")
