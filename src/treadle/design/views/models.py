"""What one may ask of feature models: their versions, what is so in every car, what changes."""

from dataclasses import dataclass, field
from datetime import datetime
from time import monotonic
from typing import Literal

from treadle.design.formats import dimacs, table, uvl
from treadle.design.formats.models import Form, read_model, why_void
from treadle.facts.design.models import (
    MODEL_PREFIX,
    ModelReleased,
    Release,
    model_id,
    release_of,
)
from treadle.facts.rulebook import OpenRules, Rulebook, open_rules
from treadle.kernel import Document, InvalidInputError, NotFoundError, Store
from treadle.kernel.blob import BlobStore
from treadle.kernel.bundle import Files
from treadle.kernel.work import FileName

_LIMIT_S = 60.0
_MANY = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelVersion:
    """A version of a feature model.

    Attributes
    ----------
    options, rules
        How many.
    cars
        The exact number of different cars; empty where it is not known.
    """

    model: str
    version: str
    released: datetime
    options: int
    rules: int
    cars: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OptionRow:
    """An option of a model.

    Attributes
    ----------
    parent
        The option that it belongs to; empty of the whole car.
    group
        How it hangs there: mandatory, optional, or, alternative, or a least and a most.
    state
        core: in every car; dead: in none; open.
    share
        Of all cars, those that have it; None where it is not known.
    depth
        Steps below the whole car.
    """

    name: str
    title: str
    parent: str
    group: str
    state: Literal["core", "dead", "open"]
    share: float | None
    depth: int
    attributes: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleRow:
    """A rule across the tree.

    Attributes
    ----------
    redundant
        It follows from all the others.
    """

    text: str
    reason: str
    place: str
    redundant: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelAnalysis:
    """What is so in every car that a model allows.

    Attributes
    ----------
    is_void
        No car can be built.
    why_void
        The rules that contradict each other.
    n_options, n_rules
        How many.
    cars
        The exact number of different cars, as digits; empty where it is not known.
    not_known
        What could not be told, and why.
    core
        Options of every car.
    dead
        Options of no car.
    false_optional
        They look optional, but no car has their parent without them; dead ones below dead parents
        count.
    n_redundant
        Rules that follow from the others.
    """

    is_void: bool
    why_void: str
    n_options: int
    n_rules: int
    cars: str
    not_known: str
    n_core: int
    n_dead: int
    n_false_optional: int
    n_redundant: int
    core: tuple[str, ...]
    dead: tuple[str, ...]
    false_optional: tuple[str, ...]
    options: tuple[OptionRow, ...]
    rules: tuple[RuleRow, ...]


def models(store: Store) -> tuple[ModelVersion, ...]:
    """Return every version of every feature model, the latest first."""
    found: list[tuple[int, ModelVersion]] = []
    for thing in store.things(prefix=MODEL_PREFIX, limit=_MANY):
        for event in store.history(thing):
            fact = event.fact
            if isinstance(fact, ModelReleased):
                row = ModelVersion(
                    model=thing.removeprefix(MODEL_PREFIX),
                    version=fact.version,
                    released=event.happened,
                    options=fact.options,
                    rules=fact.rules,
                    cars=fact.cars,
                    reason=fact.reason,
                )
                found.append((event.position, row))
    return tuple(row for _, row in sorted(found, key=lambda pair: -pair[0]))


def released(store: Store, model: str, version: str = "") -> Release:
    """Return a version of a model, the last one where none is said.

    Raises
    ------
    NotFoundError
        There is none.
    """
    thing = model_id(model)
    found = release_of(thing, store.history(thing), version=version)
    if found is None:
        known = ", ".join(sorted({f"{m.model} {m.version}" for m in models(store)})) or "none yet"
        raise NotFoundError(
            f"no model {model.removeprefix(MODEL_PREFIX)} {version} was released ({known}); "
            "release one with `treadle design release-model`".replace("  ", " ")
        )
    return found


def analysis(
    store: Store, *, blobs: BlobStore, model: str, version: str = "", limit_s: float = _LIMIT_S
) -> ModelAnalysis:
    """Return what is so in every car of a released model.

    Parameters
    ----------
    model
        Its name.
    version
        The last one released where none is said.
    limit_s
        How long to look for redundant rules at most [s].
    """
    fact = released(store, model, version).fact
    return _analysed(open_rules(blobs, fact.rulebook, fact.diagram), limit_s)


def analyse(
    files: Files, *, model: FileName, form: Form = "guess", limit_s: float = _LIMIT_S
) -> ModelAnalysis:
    """Analyse a feature model in a file: UVL, DIMACS, or a table in TOML or CSV; nothing is kept.

    Parameters
    ----------
    model
        The file.
    form
        What it is; by its first words where it is not said.
    limit_s
        How long to compile the counting form, and to look for redundant rules, at most [s].
    """
    from treadle.engine.choices.asking import (  # noqa: PLC0415 - solvers, only where one asks
        compile_formula,
    )

    read = read_model(files(model), form=form, name=model.rpartition("/")[2].partition(".")[0])
    rulebook = read.rulebook()
    until = monotonic() + limit_s
    compiled = compile_formula(rulebook.formula(), stop=lambda: monotonic() > until)
    if compiled.reduced is None:
        return _void(rulebook)
    diagram = compiled.diagram.to_bytes() if compiled.diagram else b""
    return _analysed(OpenRules(rulebook, diagram), limit_s)


def export_model(
    store: Store,
    *,
    blobs: BlobStore,
    model: str,
    version: str = "",
    form: Literal["uvl", "dimacs", "toml", "csv"] = "uvl",
) -> Document:
    """Return a released model as a file: UVL, DIMACS, or a table in TOML or CSV.

    Parameters
    ----------
    model
        Its name.
    version
        The last one released where none is said.
    form
        What file.
    """
    found = released(store, model, version)
    fact = found.fact
    read = read_model(blobs.get(fact.source), form=_form(fact.form), name=model)
    match form:
        case "uvl":
            text = uvl.write(read)
        case "toml":
            text = table.write_toml(read)
        case "csv":
            text = table.write_csv(read)
        case _:
            text = dimacs.write(read.rulebook())
    name = f"{found.model.removeprefix(MODEL_PREFIX)}-{fact.version}.{form}"
    return Document(content=text.encode(), media_type="text/plain; charset=utf-8", filename=name)


def _form(word: str) -> Form:
    match word:
        case "uvl" | "dimacs" | "toml" | "csv":
            return word
        case _:
            raise InvalidInputError(f"{word!r} is no form of a feature model")


def _digits(number: int | None) -> str:
    return "" if number is None else str(number)


def _void(rulebook: Rulebook) -> ModelAnalysis:
    names = tuple(option.name for option in rulebook.options)
    return ModelAnalysis(
        is_void=True,
        why_void=why_void(rulebook),
        n_options=len(names),
        n_rules=sum(not rule.is_tree for rule in rulebook.rules),
        cars="0",
        not_known="",
        n_core=0,
        n_dead=len(names),
        n_false_optional=0,
        n_redundant=0,
        core=(),
        dead=names,
        false_optional=(),
        options=(),
        rules=(),
    )


def _analysed(rules: OpenRules, limit_s: float) -> ModelAnalysis:
    from treadle.design.rules.analyses import analyse as analysed  # noqa: PLC0415 - solvers, as above

    rulebook = rules.rulebook
    until = monotonic() + limit_s
    told = analysed(rulebook, rules.choices, stop=lambda: monotonic() > until)
    unknown = [] if told.cars is not None else ["how many cars: compiling did not finish in time"]
    if told.redundant is None:
        unknown.append(f"redundant rules: not finished in {limit_s:g} s")
    redundant = set(told.redundant or ())
    core, dead = set(told.core), set(told.dead)
    rows: list[OptionRow] = []
    for option in rulebook.options:
        up = rows[option.parent] if option.parent >= 0 else None
        rows.append(
            OptionRow(
                name=option.name,
                title=option.title or option.name,
                parent=up.name if up else "",
                group=_group(rulebook, option.group),
                state="core" if option.name in core else "dead" if option.name in dead else "open",
                share=told.commonality.get(option.name),
                depth=up.depth + 1 if up else 0,
                attributes={k: str(v) for k, v in option.attributes.items()},
            )
        )
    return ModelAnalysis(
        is_void=False,
        why_void="",
        n_options=len(rows),
        n_rules=sum(not rule.is_tree for rule in rulebook.rules),
        cars=_digits(told.cars),
        not_known="; ".join(unknown),
        n_core=len(told.core),
        n_dead=len(told.dead),
        n_false_optional=len(told.false_optional),
        n_redundant=len(redundant),
        core=told.core,
        dead=told.dead,
        false_optional=told.false_optional,
        options=tuple(rows),
        rules=tuple(
            RuleRow(text=r.text, reason=r.reason, place=r.place, redundant=place in redundant)
            for place, r in enumerate(rulebook.rules)
            if not r.is_tree
        ),
    )


def _group(rulebook: Rulebook, place: int) -> str:
    if place < 0:
        return ""
    group = rulebook.groups[place]
    return f"[{group.least}..{group.most}]" if group.kind == "cardinality" else group.kind
