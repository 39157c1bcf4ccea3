"""A feature model taken in, whatever its form: read, compiled, and released as a version."""

from datetime import datetime
from functools import partial
from time import monotonic
from typing import Literal

from treadle.design.formats import dimacs, table, uvl
from treadle.design.rules.feature_model import FeatureModel
from treadle.facts.design.models import MODEL_PREFIX, ModelReleased
from treadle.facts.rulebook import Rulebook
from treadle.kernel import Entry, Intake, InvalidInputError, RefusedError, Store, ThingId, to_us
from treadle.kernel.blob import BlobStore, blob_id
from treadle.kernel.event import WHEN_TAKEN

Form = Literal["guess", "uvl", "dimacs", "toml", "csv"]
_LIMIT_S = 120.0


def read_model(content: bytes, *, form: Form = "guess", name: str = "") -> FeatureModel:
    """Return the feature model that a file holds, in any form that is known.

    Raises
    ------
    InvalidInputError
        It is none; with the line.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InvalidInputError(f"a feature model is text in UTF-8: {error}") from error
    match guess(text) if form == "guess" else form:
        case "uvl":
            return uvl.read(text, name or "model")
        case "dimacs":
            return dimacs.read(text, name or "model")
        case "toml":
            return table.read_toml(text, name or "model")
        case _:
            return table.read_csv(text, name or "model")


def guess(text: str) -> Literal["uvl", "dimacs", "toml", "csv"]:
    """Return what form a text has, by the words that stand at its beginning."""
    lines = text.splitlines()
    if any(line.startswith("p cnf") for line in lines):
        return "dimacs"
    words = {line.split()[0] for line in lines if line and not line[0].isspace() and line.split()}
    if words & {"features", "namespace"}:
        return "uvl"
    return "toml" if any(word.startswith("[[") for word in words) else "csv"


def release_model(
    content: bytes,
    *,
    model: str,
    version: str,
    reason: str = "",
    form: Form = "guess",
    limit_s: float = _LIMIT_S,
    at: datetime | None = None,
) -> Intake:
    """Release a version of a feature model: UVL, DIMACS, or a table in TOML or CSV.

    It is compiled once; whoever asks later what a car may have asks that.

    Parameters
    ----------
    model
        The name of the line of cars that it is of.
    version
        As its engineers call it; a version is released once.
    reason
        Why it came.
    form
        What the file is; by its first words where it is not said.
    limit_s
        How long to compile the counting form at most [s]; without it everything is told but how
        many cars there are.
    at
        When it was released; now where it is not said.

    Raises
    ------
    InvalidInputError
        It cannot be read, or nothing can be built by it.
    RefusedError
        That version was released with other rules.
    """
    from treadle.engine.choices.asking import (  # noqa: PLC0415 - solvers, only where one compiles
        Choices,
        compile_formula,
    )

    if not version.strip() or not model.strip():
        raise InvalidInputError("a model has a name and a version: --model heddle-one --version 1")
    read = read_model(content, form=form, name=model)
    rulebook = read.rulebook()
    until = monotonic() + limit_s
    compiled = compile_formula(rulebook.formula(), stop=lambda: monotonic() > until)
    if compiled.reduced is None:
        raise InvalidInputError(why_void(rulebook))
    diagram = compiled.diagram.to_bytes() if compiled.diagram else b""
    cars = Choices(compiled).after(()).count
    written = rulebook.to_bytes()
    thing = ThingId(MODEL_PREFIX + model.strip())
    fact = ModelReleased(
        model=model.strip(),
        version=version.strip(),
        source=blob_id(content),
        form=form if form != "guess" else guess(content.decode("utf-8-sig")),
        rulebook=blob_id(written),
        diagram=blob_id(diagram) if diagram else "",
        options=len(rulebook.options),
        rules=len(read.constraints),
        cars="" if cars is None else str(cars),
        reason=reason,
    )
    remark = "" if diagram else f"the cars were not counted: not finished in {limit_s:g} s"
    return Intake(
        n_in=1,
        n_facts=1,
        entries=(Entry.of(thing, fact, WHEN_TAKEN if at is None else to_us(at)),),
        remarks=(remark,) if remark else (),
        keeps=(written, diagram) if diagram else (written,),
        check=partial(_is_new, thing=thing, fact=fact),
    )


def why_void(rulebook: Rulebook) -> str:
    """Return why no car can be built by rules that contradict each other, in their own words."""
    from treadle.engine.choices.explaining import (  # noqa: PLC0415 - solvers, only where one asks
        Explainer,
    )

    told = Explainer(rulebook.formula()).contradiction(())
    rules = [] if told is None else [rulebook.rules[i] for i in told.rules]
    listed = "; ".join(f"{r.text} ({r.place})" if r.place else r.text for r in rules)
    return f"no car can be built by {rulebook.name}: these rules contradict each other: {listed}"


def _is_new(store: Store, _: BlobStore, *, thing: ThingId, fact: ModelReleased) -> None:
    for event in store.history(thing):
        known = event.fact
        if (
            isinstance(known, ModelReleased)
            and known.version == fact.version
            and known.rulebook != fact.rulebook
        ):
            raise RefusedError(
                f"version {fact.version} of {thing} was released on {event.happened:%Y-%m-%d} with "
                "other rules; give this one a version of its own"
            )
