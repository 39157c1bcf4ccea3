"""What is in what, at a date: replaced parts, groups of equals, circles."""

from datetime import UTC, datetime

from treadle.kernel import Link
from treadle.web.tree_picture import Branch, Growth, branches, grow, members_of

JAN, MAY, OCT, NOV = (datetime(2025, m, 1, tzinfo=UTC) for m in (1, 5, 10, 11))
CAR, PACK = "urn:treadle:vin:V1", "urn:x:pack:P.1"


def link(
    child: str,
    parent: str,
    since: datetime | None = JAN,
    until: datetime | None = None,
    kind: str = "association",
) -> Link:
    return Link(
        child=child,
        parent=parent,
        kind=kind,
        quantity=None,
        uom=None,
        since=since,
        until=until,
        since_position=1,
        until_position=0,
    )


def module(n: int) -> str:
    return f"urn:x:module:M.{n}"


LINKS = [
    link(PACK, CAR),
    *(link(module(n), PACK) for n in range(1, 12)),
    link(module(0), PACK, JAN, OCT),
    link(module(99), PACK, OCT),
    link("urn:x:lot:L.1", module(1), kind="transformation"),
]


def growth(at: datetime, links: list[Link] | None = None) -> Growth:
    return Growth.of(LINKS if links is None else links, at, lambda t: ":lot:" in t)


def only(lines: tuple[Branch, ...], thing: str) -> Branch:
    return next(b for b in lines if b.thing == thing)


def test_before_the_repair_the_old_module_is_in_and_equal_ones_stand_together() -> None:
    tree = grow(growth(MAY), CAR)
    assert (tree.n_parts, tree.n_replaced) == (14, 0)
    (pack,) = tree.branches
    assert pack.is_open
    group = next(b for b in pack.children if b.members)
    assert group.members == 12
    assert not group.is_open


def test_after_the_repair_the_old_one_is_struck_out_above_the_new_one() -> None:
    tree = grow(growth(NOV), CAR)
    assert (tree.n_parts, tree.n_replaced) == (14, 1)
    (pack,) = tree.branches
    states = [(b.thing, b.state) for b in pack.children if b.state != "in"]
    assert states == [(module(0), "out"), (module(99), "new")]
    assert only(pack.children, module(0)).until == OCT
    assert not only(pack.children, module(0)).can_open


def test_at_the_very_moment_of_the_swap_the_new_one_is_in() -> None:
    (pack,) = grow(growth(OCT), CAR).branches
    assert only(pack.children, module(99)).state == "new"
    assert only(pack.children, module(0)).state == "out"


def test_before_anything_went_in_the_tree_is_empty() -> None:
    tree = grow(growth(datetime(2024, 1, 1, tzinfo=UTC)), CAR)
    assert tree.branches == ()
    assert (tree.n_parts, tree.n_replaced) == (0, 0)


def test_a_part_that_came_back_is_in_and_not_out() -> None:
    links = [link(PACK, CAR, JAN, MAY), link(PACK, CAR, OCT)]
    (pack,) = grow(growth(NOV, links), CAR).branches
    assert pack.state == "in"


def test_a_group_opens_to_its_members() -> None:
    at = growth(MAY)
    group = next(b for b in branches(at, PACK) if b.members)
    assert {b.thing for b in members_of(at, PACK, group.key)} == {module(n) for n in range(12)}
    assert members_of(at, PACK, "group:nothing") == ()


def test_what_went_through_a_process_stands_under_what_came_of_it() -> None:
    links = [
        link("urn:x:lot:L.1", "urn:x:step:S.1", kind="input"),
        link("urn:x:step:S.1", module(1), kind="output"),
    ]
    lines = branches(growth(MAY, links), module(1))
    assert [(b.thing, b.consumed) for b in lines] == [("urn:x:lot:L.1", True)]


def test_a_circle_is_walked_once() -> None:
    links = [link("urn:x:a.1", "urn:x:b.1"), link("urn:x:b.1", "urn:x:a.1")]
    tree = grow(growth(MAY, links), "urn:x:a.1", {"urn:x:b.1", "urn:x:a.1"})
    assert [b.thing for b in tree.branches] == ["urn:x:b.1"]


def test_a_thing_opened_before_stays_open() -> None:
    (pack,) = grow(growth(MAY), CAR, {PACK}).branches
    assert pack.is_open
