"""A feature model: a tree of options, groups of them, and constraints; and the rulebook it makes.

Kang et al., "Feature-Oriented Domain Analysis", CMU/SEI-90-TR-21 (1990); groups with a least and a
most after Czarnecki, Helsen, Eisenecker (2005); to clauses after Batory, SPLC 2005.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from treadle.engine.choices.expression import Expression, clauses, names
from treadle.engine.choices.formula import Clause, Writer, between
from treadle.facts.rulebook import Group, Option, Rule, Rulebook
from treadle.kernel import InvalidInputError


@dataclass(frozen=True, slots=True, kw_only=True)
class Constraint:
    """A rule across the tree.

    Attributes
    ----------
    text
        As its author wrote it.
    reason
        Why there is such a rule, where somebody said.
    line
        Where it stands in its file; 0 where there is none.
    """

    expression: Expression
    text: str
    reason: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class FeatureModel:
    """Options in the order of their tree, groups, constraints.

    Attributes
    ----------
    options
        A parent comes before its children.
    is_flat
        There is no tree: every option stands by itself, as in a list of clauses.
    """

    name: str
    options: tuple[Option, ...]
    groups: tuple[Group, ...]
    constraints: tuple[Constraint, ...]
    is_flat: bool = False

    def rulebook(self) -> Rulebook:
        """Return the model compiled to rules.

        Raises
        ------
        InvalidInputError
            It has no option, two of one name, or a constraint asks for one that is not there.
        """
        self.check()
        number = {option.name: i for i, option in enumerate(self.options, 1)}
        writer = Writer(variables=len(self.options))
        rules: list[Rule] = []
        for text, own in self._tree(writer):
            writer.add(len(rules), own)
            rules.append(Rule(text=text, is_tree=True))
        for constraint in self.constraints:
            writer.add(len(rules), clauses(constraint.expression, number, writer.fresh))
            place = f"line {constraint.line}" if constraint.line else ""
            rules.append(Rule(text=constraint.text, reason=constraint.reason, place=place))
        return Rulebook(
            name=self.name,
            options=self.options,
            groups=self.groups,
            rules=tuple(rules),
            variables=writer.variables,
            clauses=tuple(
                (*clause, rule) for clause, rule in zip(writer.clauses, writer.rules, strict=True)
            ),
        )

    def check(self) -> None:
        """Refuse a model of which nobody could say what it means."""
        if not self.options:
            raise InvalidInputError(f"{self.name or 'the model'} has no feature; give it a root")
        known: set[str] = set()
        for option in self.options:
            if option.name in known:
                raise InvalidInputError(f"two features are called {option.name!r}; rename one")
            known.add(option.name)
        for constraint in self.constraints:
            if missing := sorted(names(constraint.expression) - known):
                raise InvalidInputError(
                    f"line {constraint.line}: the rule {constraint.text!r} asks for "
                    f"{', '.join(map(repr, missing))}, which is no feature of {self.name}"
                )

    def _tree(self, writer: Writer) -> Iterator[tuple[str, Sequence[Clause]]]:
        """Yield each rule of the tree in words, and its clauses."""
        called = [option.title or option.name for option in self.options]
        if not self.is_flat:
            yield f"every car is a {called[0]}", [(1,)]
        for group in self.groups:
            members = [m + 1 for m in group.members]
            parent = group.parent + 1
            for m in group.members:
                belongs = f"{called[m]} belongs to {called[group.parent]}"
                yield belongs, [(-(m + 1), parent)]
            if group.kind == "mandatory":
                for m in group.members:
                    yield f"{called[group.parent]} needs {called[m]}", [(-parent, m + 1)]
            elif group.kind != "optional":
                own = between(group.least, group.most, members, parent, writer)
                yield _group_words(group, called), own


def _group_words(group: Group, called: Sequence[str]) -> str:
    listed = ", ".join(called[m] for m in group.members)
    parent = called[group.parent]
    least, most = group.least, min(group.most, len(group.members))
    if least == most:
        return f"{parent} has exactly {_count(least)} of {listed}"
    if most == len(group.members):
        return f"{parent} has at least {_count(least)} of {listed}"
    if least == 0:
        return f"{parent} has at most {_count(most)} of {listed}"
    return f"{parent} has {least} to {most} of {listed}"


def _count(number: int) -> str:
    return "one" if number == 1 else str(number)
