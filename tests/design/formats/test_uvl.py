"""UVL: what its grammar says, with the line of what cannot be read."""

import pytest

from treadle.design.formats import uvl
from treadle.engine.choices.asking import Choices, compile_formula
from treadle.engine.choices.expression import And, Implies, Name, Not
from treadle.kernel import InvalidInputError

CAR = """namespace "small car"
include
    Boolean.group-cardinality
/* a comment
   over two lines */
features
    Car {abstract, title 'A car // really'}   // the whole
        mandatory
            Body
                alternative
                    Hatch {price 100, "paint code" 'a,b', tall false}
                    Estate
        optional
            Towbar
            "roof rack" {
                weight 4.5, constraint Estate => !Towbar
            }
        [1..2]
            Lane
            Park
            Cruise
        or
            Radio
constraints
    // needs air
    Towbar => Body & !Hatch

    // stands alone

    Lane => Cruise
"""


def test_a_model_is_read_as_its_grammar_says() -> None:
    model = uvl.read(CAR)
    assert model.name == "small car"
    names = [o.name for o in model.options]
    assert names == [
        "Car", "Body", "Hatch", "Estate", "Towbar", "roof rack", "Lane", "Park", "Cruise", "Radio",
    ]  # fmt: skip
    assert [(g.kind, g.least, g.most, len(g.members)) for g in model.groups] == [
        ("mandatory", 0, 1, 1),
        ("alternative", 1, 1, 2),
        ("optional", 0, 2, 2),
        ("cardinality", 1, 2, 3),
        ("or", 1, 1, 1),
    ]
    car, hatch, rack = model.options[0], model.options[2], model.options[5]
    assert car.is_abstract
    assert car.title == "A car // really"
    assert dict(hatch.attributes) == {"price": 100.0, "paint code": "a,b", "tall": False}
    assert dict(rack.attributes) == {"weight": 4.5}
    assert [model.options[o.parent].name for o in model.options[1:]] == [
        "Car", "Body", "Body", "Car", "Car", "Car", "Car", "Car", "Car",
    ]  # fmt: skip
    assert [(c.expression, c.reason) for c in model.constraints] == [
        (Implies(Name("Estate"), Not(Name("Towbar"))), ""),
        (Implies(Name("Towbar"), And((Name("Body"), Not(Name("Hatch"))))), "needs air"),
        (Implies(Name("Lane"), Name("Cruise")), ""),
    ]


def test_what_is_written_is_read_back_the_same() -> None:
    once = uvl.read(CAR)
    again = uvl.read(uvl.write(once))
    assert again.options == once.options
    assert again.groups == once.groups
    assert [(c.expression, c.reason) for c in again.constraints] == [
        (c.expression, c.reason) for c in once.constraints
    ]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("features\n\tA\n\t\toptional\n\t\t\tString B", "line 4: B is of the type String"),
        ("features\n\tA\n\t\toptional\n\t\t\tB cardinality [1..3]", "line 4: B can be there"),
        ("imports\n\tother as o", "line 1: imports"),
        ("features\n\tA\nconstraints\n\tA.price > 3", "line 4: 'A.price > 3' computes"),
        ("features\n\tA\nconstraints\n\tsum(price) == 3", "line 4"),
        ("features\n\tA\nconstraints\n\tA & ", "line 4, column 4"),
        ("features\n\tA\n\tB", "line 3: 'B' is a second root"),
        ("features\n\tA\n\t\tB", "line 3: 'B' stands right below a feature"),
        ("features\n\tA\n\t\toptional\n", "line 3: this group has no feature"),
        ("features\n\tA\n\t\t[3..4]\n\t\t\tB", "line 3: at least 3 of 1"),
        ("features\n\tA\n\t\t[2..1]\n\t\t\tB", "asks for more than it allows"),
        ("features\n\tA {price 3\n", "line 2: a bracket is opened"),
        ("include\n\tArithmetic.aggregate-function\nfeatures\n\tA", "line 2: the language level"),
        ("A\n\tB", "line 1: 'A' stands in no section"),
        ("features\n\toptional\n\t\tA", "line 2: a group stands below a feature"),
    ],
)
def test_what_is_not_supported_or_wrong_is_refused_with_its_line(text: str, words: str) -> None:
    with pytest.raises(InvalidInputError) as told:
        uvl.read(text).check()
    assert words in str(told.value)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("features\n\tA\n\t\toptional\n\t\t\tA", "two features are called 'A'"),
        ("features\n\tA\nconstraints\n\tA => Bee", "line 4: the rule 'A => Bee' asks for 'Bee'"),
        ("namespace x", "x has no feature"),
    ],
)
def test_a_model_that_means_nothing_is_refused(text: str, words: str) -> None:
    with pytest.raises(InvalidInputError) as told:
        uvl.read(text).rulebook()
    assert words in str(told.value)


ODD = {
    "carriage returns": "features\r\n\tCar\r\n\t\toptional\r\n\t\t\tA\r\nconstraints\r\n\tA => Car\r\n",  # noqa: E501 - a model stands on its line
    "tabs beside blanks": "features\n    Car\n        optional\n            A\n\t\t\tB\n",
    "no end of line": "features\n\tCar",
    "no upper limit": "features\n\tCar\n\t\t[1..*]\n\t\t\tA\n\t\t\tB\n\t\t[2]\n\t\t\tC\n\t\t\tD\n\t\t\tE\n",  # noqa: E501 - a model stands on its line
    "signs in names": 'features\n\t"a car"\n\t\toptional\n\t\t\t"A => B"\n\t\t\t"B()[]{}"\n'
    'constraints\n\t"A => B" => !"B()[]{}"\n',
    "names with points": "features\n\tCar\n\t\toptional\n\t\t\ta.B\n\t\t\ta.C\nconstraints\n\ta.B => a.C\n",  # noqa: E501 - a model stands on its line
    "every sign": "features\n\tCar\n\t\toptional\n\t\t\tA\n\t\t\tB\n\t\t\tC\nconstraints\n"
    "\tA <=> B | !C & A\n\t!(A => B) | C\n\t((A))\n\tA | false\n",
    "vectors": "features\n\tCar {tags ['a', 'b'], pack {x 1, y 'z'}, big 1e3, less -2.5, flag}\n",
    "rules of features": "features\n\tCar\n\t\toptional\n\t\t\tA {constraint A => B}\n"
    "\t\t\tB {constraints [A, A => B]}\n",
    "many groups": "features\n\tCar {abstract true}\n\t\tmandatory\n\t\t\tA\n\t\tmandatory\n\t\t\tB {abstract false}\n"  # noqa: E501 - a model stands on its line
    "\t\tor\n\t\t\tC\n\t\t\tD\n\t\talternative\n\t\t\tE\n",
    "levels": "include\n\tBoolean\n\tBoolean.group-cardinality\nfeatures\n\tBoolean Car\n",
    "comments": "// head\nfeatures // f\n\tCar // c\n\t\t/* x\n y */\n\t\toptional // o\n\t\t\tA\n",
    "letters": "features\n\tWagen\n\t\toptional\n\t\t\tGr\u00f6\u00dfe\nconstraints\n\tGr\u00f6\u00dfe => Wagen\n",  # noqa: E501 - a model stands on its line
    "quotes in texts": 'features\n\tCar {say "it\'s", tell \'he said "x"\'}\n',
}


@pytest.mark.parametrize("text", ODD.values(), ids=list(ODD))
def test_what_other_tools_write_is_read_and_leaves_the_same_cars_when_written(text: str) -> None:
    once = uvl.read(text)
    again = uvl.read(uvl.write(once))
    assert (again.options, again.groups) == (once.options, once.groups)
    first, second = (compile_formula(m.rulebook().formula()) for m in (once, again))
    assert Choices(first).after(()).count == Choices(second).after(()).count
