"""Analyses and comparison against all cars, tried one by one."""

from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from treadle.design.formats import uvl
from treadle.design.rules.analyses import analyse
from treadle.design.rules.comparing import compare
from treadle.design.rules.feature_model import Constraint, FeatureModel
from treadle.engine.choices.asking import Choices, compile_formula
from treadle.engine.choices.expression import parse
from treadle.facts.rulebook import Group, GroupKind, Option, Rulebook

NAMES = "ABCDEF"
LITERAL = st.sampled_from([*NAMES, *(f"!{n}" for n in NAMES)])
RULE = st.lists(LITERAL, min_size=1, max_size=3).map(" | ".join)
KINDS: list[GroupKind] = ["mandatory", "optional", "or", "alternative"]
KIND = st.sampled_from(KINDS)


@st.composite
def models(draw: st.DrawFn, names: str = NAMES) -> FeatureModel:
    """A random tree of a few features, each parent with one group, and random rules."""
    parents = [-1, *(draw(st.integers(0, i - 1)) for i in range(1, len(names)))]
    kinds: dict[int, GroupKind] = {p: draw(KIND) for p in sorted(set(parents[1:]))}
    order = sorted(kinds)
    groups = []
    for p in order:
        members = tuple(i for i, parent in enumerate(parents) if parent == p)
        least = 1 if kinds[p] in ("or", "alternative") else 0
        most = 1 if kinds[p] == "alternative" else len(members)
        groups.append(Group(parent=p, kind=kinds[p], members=members, least=least, most=most))
    options = tuple(
        Option(name=n, parent=p, group=order.index(p) if p >= 0 else -1)
        for n, p in zip(names, parents, strict=True)
    )
    rules = [r for r in draw(st.lists(RULE, max_size=4)) if set(r) <= {*names, *" |!"}]
    constraints = tuple(Constraint(expression=parse(r), text=r) for r in dict.fromkeys(rules))
    return FeatureModel(name="m", options=options, groups=tuple(groups), constraints=constraints)


def cars(book: Rulebook, without: int = -1) -> set[frozenset[str]]:
    found: set[frozenset[str]] = set()
    for values in product((False, True), repeat=len(book.options)):
        value = (False, *values)
        if all(
            any(value[abs(x)] == (x > 0) for x in clause[:-1])
            for clause in book.clauses
            if clause[-1] != without
        ):
            found.add(frozenset(n for n, v in book.number.items() if value[v]))
    return found


@settings(deadline=None)
@given(models())
def test_what_is_said_of_a_model_is_so_in_all_its_cars(model: FeatureModel) -> None:
    book = model.rulebook()
    all_cars = cars(book)
    compiled = compile_formula(book.formula())
    if compiled.reduced is None:
        assert not all_cars
        return
    told = analyse(book, Choices(compiled))
    assert told.cars == len(all_cars)
    assert set(told.core) == frozenset.intersection(*all_cars)
    assert set(told.dead) == set(NAMES) - frozenset.union(*all_cars)
    assert told.commonality == {n: sum(n in c for c in all_cars) / len(all_cars) for n in NAMES}
    optional = {
        o.name: book.options[o.parent].name
        for o in book.options
        if o.parent >= 0 and book.groups[o.group].kind != "mandatory"
    }
    assert set(told.false_optional) == {
        n for n, up in optional.items() if all(n in c for c in all_cars if up in c)
    }
    assert told.redundant is not None
    assert set(told.redundant) == {
        place
        for place, rule in enumerate(book.rules)
        if not rule.is_tree and cars(book, without=place) == all_cars
    }


@settings(deadline=None, max_examples=60)
@given(models(), models("ABCDE"))
def test_a_comparison_counts_the_cars_that_go_and_come(
    before: FeatureModel, after: FeatureModel
) -> None:
    old, new = before.rulebook(), after.rulebook()
    was, is_ = cars(old), cars(new)
    told = compare(old, new)
    assert (told.cars_before, told.cars_after) == (len(was), len(is_))
    assert told.cars_staying == len(was & is_)
    assert bool(told.example_gone) == bool(was - is_)
    assert bool(told.example_new) == bool(is_ - was)
    if was - is_:
        assert frozenset(told.example_gone) in was - is_
        assert len(told.example_gone) == min(map(len, was - is_))
    if is_ - was:
        assert frozenset(told.example_new) in is_ - was
    assert told.removed == ("F",)


def test_a_rule_that_came_says_what_it_rules_out_by_itself() -> None:
    tree = "features\n\tCar\n\t\toptional\n\t\t\tTowbar\n\t\t\tSport\n\t\t\tRack\nconstraints\n"
    old = uvl.read(tree + "\t// too heavy\n\tSport => !Rack\n").rulebook()
    new = uvl.read(tree + "\t// no hook\n\tTowbar => !Sport\n").rulebook()
    told = compare(old, new)
    # three free options: 8 cars; each rule takes away 2; both together leave 5
    assert (told.cars_before, told.cars_after, told.cars_staying) == (6, 6, 5)
    assert told.kind == "some new, some gone"
    assert [(r.text, r.reason, r.cars) for r in told.rules_added] == [
        ("Towbar => !Sport", "no hook", 1)
    ]
    assert [(r.text, r.cars) for r in told.rules_removed] == [("Sport => !Rack", 1)]
    assert set(told.rules_added[0].example) == {"Car", "Towbar", "Sport"}


def test_an_abstract_option_that_is_new_does_not_make_all_cars_new() -> None:
    old = uvl.read("features\n\tCar\n\t\toptional\n\t\t\tA\n\t\t\tB\n").rulebook()
    new = uvl.read(
        "features\n\tCar\n\t\toptional\n\t\t\tAids {abstract}\n"
        "\t\t\t\tor\n\t\t\t\t\tA\n\t\t\t\t\tB\n"
    ).rulebook()
    told = compare(old, new)
    assert told.kind == "the same cars"
    assert (told.cars_before, told.cars_after, told.cars_staying) == (4, 4, 4)
