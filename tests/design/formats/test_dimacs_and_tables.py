"""DIMACS and tables: the same cars whatever the form, and bad files with their line."""

from itertools import product

import pytest

from treadle.design.formats import dimacs, table, uvl
from treadle.design.formats.models import guess
from treadle.design.rules.feature_model import FeatureModel
from treadle.kernel import InvalidInputError

UVL = """features
	Car {abstract}
		mandatory
			Body {title 'Body, "style"', kg 310.5}
				alternative
					Hatch
					Estate
				alternative
					Steel
					Alu
		optional
			Towbar {late true}
		[0..1]
			Lane
			Park
constraints
	// no room
	Towbar => Estate
"""
CSV = '''feature;title;parent;group;abstract;rule;reason;kg;late
Car;;;;true;;;;
Towbar;;Car;;;;;;true
Body;"Body, ""style""";Car;mandatory;;;;310.5;
Hatch;;Body;alternative;;;;;
Steel;;Body;alternative panels;;;;;
Estate;;Body;alternative;;;;;
Alu;;Body;alternative panels;;;;;
Lane;;Car;[0..1];;;;;
Park;;Car;[0..1];;;;;
;;;;;Towbar => Estate;no room;;
'''


def cars(model: FeatureModel) -> set[frozenset[str]]:
    """All cars, by trying every case."""
    book = model.rulebook()
    found: set[frozenset[str]] = set()
    for values in product((False, True), repeat=book.variables):
        value = (False, *values)
        if all(any(value[abs(x)] == (x > 0) for x in clause[:-1]) for clause in book.clauses):
            found.add(frozenset(n for n, v in book.number.items() if value[v]))
    return found


def test_a_table_says_the_same_cars_as_uvl() -> None:
    model = uvl.read(UVL)
    # two bodies, two panels, Towbar with Estate alone, no driver aid or one of two: (2 + 1) * 2 * 3
    assert len(cars(model)) == 18
    assert cars(table.read_csv(CSV)) == cars(model)
    body = next(o for o in table.read_csv(CSV).options if o.name == "Body")
    assert (body.title, dict(body.attributes)) == ('Body, "style"', {"kg": 310.5})


def test_tables_are_written_and_read_back_the_same() -> None:
    model = uvl.read(UVL)
    for again in (table.read_toml(table.write_toml(model)), table.read_csv(table.write_csv(model))):
        assert again.options == model.options
        assert again.groups == model.groups
        assert [(c.text, c.reason) for c in again.constraints] == [("Towbar => Estate", "no room")]


def test_dimacs_keeps_the_cars_and_the_names() -> None:
    model = uvl.read(UVL.replace("[0..1]", "optional"))
    again = dimacs.read(dimacs.write(model.rulebook()))
    assert cars(again) == cars(model)


def test_one_variable_alone_may_be_true_or_not() -> None:
    assert cars(dimacs.read("p cnf 1 0\n")) == {frozenset(), frozenset({"x1"})}
    assert cars(dimacs.read("c 1$ A b\np cnf 1 1\n1\n0\n")) == {frozenset({"A b"})}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("1 2 0", "line 1: clauses stand before"),
        ("p cnf 2 1\n1 3 0", "line 2: 3 is beyond the 2"),
        ("p cnf 2 1\n1 2", "cut off"),
        ("p cnf 2 2\n1 2 0", "tells of 2 clauses, there are 1"),
        ("p cnf 2 1\n1 x 0", "line 2: '1 x 0' is no clause"),
        ("p dnf 2 1", "line 1"),
        ("p cnf 1 0\np cnf 1 0", "a second problem line"),
        ("c nothing", "no line `p cnf`"),
    ],
)
def test_bad_dimacs_is_refused_with_its_line(text: str, words: str) -> None:
    with pytest.raises(InvalidInputError) as told:
        dimacs.read(text)
    assert words in str(told.value)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("name,parent\nA,", "line 1: a table of features has a column `feature`"),
        ("feature,parent\nA,\nB,C", "line 3: the parent 'C' is no feature"),
        ("feature,parent\nA,\nB,C\nC,B", "hangs below itself"),
        ("feature,parent\nA,\nB,", "one feature without parent"),
        ("feature,parent\nA,\nA,A", "two features are called 'A'"),
        ("feature,parent,group\nA,,\nB,A,some", "'some' is no group"),
        ("feature,parent,rule\nA,,\nB,A,A => B", "of a feature or of a rule"),
        ("feature,parent,rule\nA,,\n,,A =>", "column 5"),
        ("feature,parent\nA,,3", "line 2 has more cells"),
        ('feature,parent\nA,"x', "no CSV"),
    ],
)
def test_bad_tables_are_refused_with_their_line(text: str, words: str) -> None:
    with pytest.raises(InvalidInputError) as told:
        table.read_csv(text)
    assert words in str(told.value)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("feature = 3", "a table of its own"),
        ("[[feature]]\nname = []", "should be a text"),
        ("[[feature]]\ntitle = 'x'", "feature 1 has no name"),
        ("[[part]]", "part: a model has"),
        ("[[feature", "this is no TOML"),
    ],
)
def test_bad_toml_is_refused(text: str, words: str) -> None:
    with pytest.raises(InvalidInputError) as told:
        table.read_toml(text)
    assert words in str(told.value)


def test_the_form_is_told_by_the_first_words() -> None:
    model = uvl.read(UVL)
    assert guess(UVL) == "uvl"
    assert guess(CSV) == "csv"
    assert guess(table.write_toml(model)) == "toml"
    assert guess(dimacs.write(model.rulebook())) == "dimacs"


@pytest.mark.parametrize(
    "text",
    [
        "p cnf 2 1\n1 -2 0\n%\n0\n",
        "c head\np cnf 2 1\nc between\n1\n-2\n0\n",
        "p  cnf\t2  1\r\n1\t-2\t0\r\n",
        "c ind 1 2 0\np cnf 2 1\n 1 -2 0",
    ],
)
def test_dimacs_of_other_tools_is_read(text: str) -> None:
    assert cars(dimacs.read(text)) == {frozenset(), frozenset({"x1"}), frozenset({"x1", "x2"})}
