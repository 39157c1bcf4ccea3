"""Requirements: what they say when, links that turn suspect, waivers, and how each stands."""

from datetime import date, timedelta

import pytest

from design_told import CATALOGUE, START, TRACK, Story
from treadle.design.decide import requirements as decide
from treadle.design.state.requirements import Register
from treadle.design.views.requirements import (
    coverage,
    export_requirements,
    requirement,
    requirements,
    specifications,
    suspects,
)
from treadle.facts.design.changes import ChangeEffected, ChangeProposed, Effectivity
from treadle.facts.design.material import Line
from treadle.facts.design.models import ModelReleased
from treadle.facts.design.requirements import requirement_id
from treadle.kernel import InvalidInputError, NotFoundError, RefusedError

R1 = requirement_id("r-1")


@pytest.fixture
def story() -> Story:
    story = Story()
    story.reqif(("r-1", "Stop"), ("r-2", "Go"))
    return story


def standing(story: Story, identifier: str = "r-1") -> tuple[str, str]:
    sheet = story.ask(requirement, thing=identifier)
    return sheet.standing, sheet.reason


def changes(story: Story, identifier: str = "r-1") -> list[str]:
    return [
        t.change for t in Register(story.app.store).requirement(requirement_id(identifier)).turns
    ]


def test_a_version_states_changes_withdraws_and_takes_up_again(story: Story) -> None:
    story.reqif(("r-1", "Stop at once"), ("r-3", "Wait"))
    assert changes(story) == ["stated", "changed"]
    assert changes(story, "r-2") == ["stated", "withdrawn"]
    assert standing(story, "r-2")[0] == "withdrawn"
    story.reqif(("r-1", "Stop"), ("r-2", "Go"))
    assert changes(story) == ["stated", "changed", "changed"]
    assert story.ask(requirement, thing="r-1").text == "Stop"
    assert changes(story, "r-2") == ["stated", "withdrawn", "taken up again"]


def test_what_counts_is_when_a_version_was_made_not_when_it_came(story: Story) -> None:
    story.reqif(("r-1", "Newest"), day=90)
    story.reqif(("r-1", "Between"), day=50)
    assert story.ask(requirement, thing="r-1").text == "Newest"
    assert changes(story) == ["stated", "changed", "changed"]
    then = START + timedelta(days=60)
    assert story.ask(requirement, thing="r-1", as_of=then).text == "Between"


def test_the_same_file_twice_is_once(story: Story) -> None:
    before = story.app.store.head().position
    again = story.reqif(("r-1", "Stop"), ("r-2", "Go"), day=1)
    assert again.n_duplicate == 2
    assert story.app.store.head().position == before
    assert story.ask(specifications)[0].versions == 1


def test_a_requirement_of_two_specifications_stands_while_one_has_it(story: Story) -> None:
    story.reqif(("r-1", "Stop"), name="brakes")
    story.reqif(("r-2", "Go"))
    assert not Register(story.app.store).requirement(R1).is_withdrawn
    story.reqif(("r-9", "x"), name="brakes")
    assert Register(story.app.store).requirement(R1).is_withdrawn


def test_nothing_is_passed_before_something_verified_it(story: Story) -> None:
    assert standing(story) == ("missing", "no link says what verifies it")
    story.link("r-1", TRACK)
    assert standing(story)[0] == "missing"
    story.verdict("PASS")
    assert standing(story) == ("passed", "")
    story.verdict("FAIL")
    assert standing(story)[0] == "failed"
    story.verdict("INCONCLUSIVE")
    assert standing(story)[0] == "inconclusive"


def test_the_worst_of_several_links_decides(story: Story) -> None:
    story.link("r-1", TRACK)
    story.verdict("PASS")
    story.link("r-1", CATALOGUE)
    assert standing(story)[0] == "missing"
    story.campaign("1", "FAIL")
    assert standing(story)[0] == "failed"
    story.campaign("2", "PASS")
    assert standing(story)[0] == "passed"


def test_campaigns_and_gates_of_a_catalogue_give_verdicts_of_their_criteria(story: Story) -> None:
    story.link("r-1", CATALOGUE, claim="gap")
    story.campaign("1", "PASS", gap="FAIL", speed="PASS")
    assert standing(story)[0] == "failed"
    story.link("r-2", CATALOGUE, claim="speed")
    assert standing(story, "r-2")[0] == "passed"
    story.campaign("2", "REFUSED", gate=True, gap="PASS", speed="INCONCLUSIVE")
    assert standing(story)[0] == "passed"
    assert standing(story, "r-2")[0] == "inconclusive"


def test_a_link_is_suspect_when_the_requirement_changed_until_it_is_confirmed(story: Story) -> None:
    story.link("r-1", TRACK)
    story.verdict("PASS")
    assert story.ask(suspects) == ()
    story.reqif(("r-1", "Stop at once"), ("r-2", "Go"))
    (found,) = story.ask(suspects)
    assert (found.number, found.to) == ("r-1", TRACK)
    assert "changed since" in found.reason
    assert standing(story)[0] == "stale"
    story.do(decide.confirm_link, R1, to=TRACK, kind="verified_by", by="Ada")
    assert story.ask(suspects) == ()
    assert standing(story)[0] == "stale"  # the verdict is still of what it said before
    story.verdict("PASS")
    assert standing(story)[0] == "passed"


def test_a_link_is_suspect_when_its_other_end_changed(story: Story) -> None:
    story.link("r-1", requirement_id("r-2"), kind="refined_by")
    story.reqif(("r-1", "Stop"), ("r-2", "Go slowly"))
    (found,) = story.ask(suspects)
    assert "r-2 changed" in found.reason


def test_a_link_is_suspect_when_a_change_of_its_part_or_a_version_of_its_model_came(
    story: Story,
) -> None:
    number = "https://id.gs1.org/01/09521011000205"
    story.link("r-1", number, kind="implemented_by")
    story.link("r-2", "urn:treadle:feature:one:Brake", kind="realised_by")
    line = Line(position="10", variant="", part="B-7", gtin="09521011000205")
    proposal = ChangeProposed(
        bill="one",
        number="C1",
        version="1",
        title="x",
        reason="x",
        by="Ada",
        removes=(),
        adds=(line,),
        effectivity=Effectivity(),
    )
    story.tell("urn:treadle:bom:one", proposal)
    assert story.ask(suspects) == ()  # proposed is not effective
    effected = ChangeEffected(bill="one", number="C1", effectivity=Effectivity(), by="Ada")
    story.tell("urn:treadle:bom:one", effected)
    assert [found.to for found in story.ask(suspects)] == [number]
    released = ModelReleased(
        model="one",
        version="2",
        source="",
        form="uvl",
        rulebook="",
        diagram="",
        options=1,
        rules=0,
        cars="1",
    )
    story.tell("urn:treadle:model:one", released)
    assert [found.number for found in story.ask(suspects)] == ["r-1", "r-2"]


def test_nothing_to_confirm_no_such_link_and_a_link_twice_are_refused(story: Story) -> None:
    story.link("r-1", TRACK)
    with pytest.raises(RefusedError, match="nothing changed"):
        story.do(decide.confirm_link, R1, to=TRACK, kind="verified_by", by="Ada")
    with pytest.raises(RefusedError, match="is not verified by"):
        story.do(decide.confirm_link, R1, to=CATALOGUE, kind="verified_by", by="Ada")
    with pytest.raises(RefusedError, match="already"):
        story.link("r-1", TRACK)
    with pytest.raises(InvalidInputError, match="a catalogue, a campaign"):
        story.link("r-1", "urn:treadle:vin:X")
    with pytest.raises(NotFoundError, match="no requirement"):
        story.link("r-7", TRACK)
    story.do(decide.remove_link, R1, to=TRACK, kind="verified_by", reason="wrong track")
    assert story.ask(requirement, thing="r-1").links == ()


def test_a_waiver_holds_to_its_last_day_and_hides_no_reason(story: Story) -> None:
    story.link("r-1", TRACK)
    story.verdict("FAIL")
    until = story.now().date() + timedelta(days=3)
    story.do(decide.waive_requirement, R1, until=until, reason="winter only", by="Ada")
    word, reason = standing(story)
    assert word == "waived"
    assert "failed" in reason
    last = START + timedelta(days=(until - START.date()).days)
    assert story.ask(requirement, thing="r-1", as_of=last).standing == "waived"
    after = story.ask(requirement, thing="r-1", as_of=last + timedelta(days=1))
    assert after.standing == "failed"
    assert "its waiver ended" in after.reason
    with pytest.raises(RefusedError, match="over before it begins"):
        story.do(decide.waive_requirement, R1, until=date(2026, 1, 1), reason="x", by="Ada")


def test_a_waiver_ends_on_a_thread_that_hears_nothing_more(story: Story) -> None:
    story.link("r-1", TRACK)
    story.verdict("FAIL")
    until = story.now().date() + timedelta(days=3)
    story.do(decide.waive_requirement, R1, until=until, reason="winter only", by="Ada")
    while story.now().date() < until:
        assert standing(story)[0] == "waived"
        story.day += 1
    assert story.ask(coverage).standings == {"missing": 1, "waived": 1}
    story.day += 1
    assert standing(story)[0] == "failed"
    assert story.ask(coverage).standings == {"failed": 1, "missing": 1}


def test_withdrawn_requirements_are_asked_nothing(story: Story) -> None:
    story.do(decide.withdraw_requirement, R1, reason="merged")
    assert standing(story)[0] == "withdrawn"
    with pytest.raises(RefusedError, match="withdrawn"):
        story.link("r-1", TRACK)
    assert story.ask(coverage).n_asked == 1


def test_coverage_counts_what_has_ends_and_how_it_stands(story: Story) -> None:
    story.link("r-1", TRACK)
    story.link("r-1", "urn:treadle:feature:heddle-one:Brake", kind="realised_by")
    story.link("r-2", "urn:treadle:software:driver", kind="implemented_by")
    story.verdict("PASS")
    found = story.ask(coverage)
    assert (found.n_asked, found.n_realised, found.n_verified, found.n_implemented) == (2, 1, 1, 1)
    assert found.standings == {"missing": 1, "passed": 1}
    assert [line.number for line in story.ask(requirements, standing_is="missing")] == ["r-2"]


def test_a_specification_goes_out_as_it_came_at_any_date(story: Story) -> None:
    story.reqif(("r-1", "Later"))
    newest = story.ask(export_requirements, specification="driving")
    first = story.ask(export_requirements, specification="driving", as_of=START + timedelta(days=1))
    assert b"Later" in newest.content
    assert b"Later" not in first.content
    assert newest.filename == "driving.reqif"
    with pytest.raises(NotFoundError, match="no specification"):
        story.ask(export_requirements, specification="brakes")
