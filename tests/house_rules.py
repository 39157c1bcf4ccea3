"""The rules of the house that linters have no word for, each with what it complains of."""

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

LINES, FUNCTION_LINES = 400, 60
ROOMS = {"rules", "state", "decide", "views", "formats", "door"}
NOT_DOMAINS = {"kernel", "engine", "facts", "cli", "api", "web", "twins"}
VAGUE = {"utils", "util", "helpers", "helper", "manager", "service", "common", "base", "misc"}
MAY_IMPORT = {
    "kernel": {"sqlalchemy", "alembic", "fsspec", "cryptography"},
    "engine": {"numpy", "numba", "llvmlite", "scipy", "pysat", "ortools"},
    "facts": set[str](),
    "twins": {"httpx"},
}
"""Rooms that may import only these, besides the standard library and treadle itself."""
PAST = (
    "ed",
    "Built",
    "Sold",
    "Sent",
    "Made",
    "Begun",
    "Given",
    "Told",
    "Lost",
    "Found",
    "Run",
    "Taken",
    "Withdrawn",
    "Frozen",
)


def files(source: Path) -> Iterator[tuple[Path, ast.Module]]:
    """Yield every Python file of the source with its syntax tree."""
    for path in sorted(source.rglob("*.py")):
        yield path, ast.parse(path.read_text(encoding="utf-8"))


def small_rooms(source: Path) -> Iterator[str]:
    """A file wants at most 400 lines, a function 60."""
    for path, tree in files(source):
        lines = len(path.read_text(encoding="utf-8").splitlines())
        if lines > LINES:
            yield f"{path.relative_to(source)} has {lines} lines: two rooms would be clearer"
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = (node.end_lineno or 0) - node.lineno + 1
                length -= len((ast.get_docstring(node) or "").splitlines())
                if length > FUNCTION_LINES:
                    yield f"{path.relative_to(source)}: {node.name} has {length} lines"


def clear_names(source: Path) -> Iterator[str]:
    """No file is called utils, helpers, manager, service, common or base."""
    for path in sorted(source.rglob("*.py")):
        if path.stem.lower() in VAGUE or path.parent.name.lower() in VAGUE:
            yield f"{path.relative_to(source)} says nothing about what is in it"


def same_rooms(source: Path) -> Iterator[str]:
    """Every domain has the same rooms under the same names."""
    for folder in sorted(p for p in source.iterdir() if p.is_dir() and p.name != "__pycache__"):
        if folder.name in NOT_DOMAINS:
            continue
        rooms = {p.stem for p in folder.iterdir() if p.name not in {"__init__.py", "__pycache__"}}
        for extra in sorted(rooms - ROOMS):
            yield f"{folder.name}/{extra} is no room of a domain: {', '.join(sorted(ROOMS))} are"


def allowed_libraries(source: Path) -> Iterator[str]:
    """The ground, the facts and the twins import only the libraries that DESIGN grants them."""
    for room, allowed in MAY_IMPORT.items():
        for path, tree in files(source / room):
            for name in _imported(tree):
                top = name.partition(".")[0]
                if top not in {*sys.stdlib_module_names, "treadle", *allowed}:
                    yield f"{path.relative_to(source)} imports {top}: {room} may not"


def _imported(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            yield node.module


def facts_are_facts(source: Path) -> Iterator[str]:
    """A fact is a frozen dataclass, named in the past tense, stored under `<domain>.<words>`."""
    for path, tree in files(source / "facts"):
        for node in ast.walk(tree):
            if not isinstance(node, ast.ClassDef):
                continue
            marks = {ast.unparse(d).partition("(")[0]: ast.unparse(d) for d in node.decorator_list}
            if "named" not in marks:
                continue
            if "frozen=True" not in marks.get("dataclass", ""):
                yield f"{path.relative_to(source)}: {node.name} is no frozen dataclass"
            if not node.name.endswith(PAST):
                yield f"{path.relative_to(source)}: {node.name} is not in the past tense"
            domain = path.relative_to(source / "facts").parts[0].removesuffix(".py")
            if f"named('{domain}." not in marks["named"]:
                yield f"{path.relative_to(source)}: {node.name} is not stored under {domain}."


def no_silent_catch(source: Path) -> Iterator[str]:
    """Nothing catches everything and goes on."""
    for path, tree in files(source):
        for node in ast.walk(tree):
            if not isinstance(node, ast.ExceptHandler):
                continue
            wide = node.type is None or ast.unparse(node.type) in {"Exception", "BaseException"}
            silent = all(isinstance(s, ast.Pass | ast.Continue) for s in node.body)
            if wide and silent:
                yield f"{path.relative_to(source)}:{node.lineno} catches everything and goes on"


def errors_have_one_root(source: Path) -> Iterator[str]:
    """Every error of ours descends from TreadleError, but those of rooms that do not know it."""
    ours = {"TreadleError"}
    told: list[tuple[str, str, list[str]]] = []
    for path, tree in files(source):
        if any(path.is_relative_to(source / room) for room in ("engine", "twins")):
            continue
        told += [
            (str(path.relative_to(source)), node.name, [ast.unparse(b) for b in node.bases])
            for node in ast.walk(tree)
            if isinstance(node, ast.ClassDef) and node.name.endswith("Error")
        ]
    for _ in told:
        ours |= {name for _, name, bases in told if ours & {b.rpartition(".")[2] for b in bases}}
    for path_, name, _ in told:
        if name not in ours:
            yield f"{path_}: {name} does not descend from TreadleError"


def contracts_name_every_domain(source: Path) -> Iterator[str]:
    """Every contract that names one domain names all of them: no wall forgets a new one."""
    project = source.parents[1] / "pyproject.toml"
    if not project.exists():
        return
    folders = (p for p in source.iterdir() if p.is_dir() and p.name != "__pycache__")
    domains = {p.name for p in folders} - NOT_DOMAINS
    contracts = tomllib.loads(project.read_text(encoding="utf-8"))["tool"]["importlinter"]
    for contract in contracts["contracts"]:
        told = str([v for k, v in contract.items() if k not in {"name", "id"}])
        named = {d for d in domains if re.search(rf"\b{d}\b", told)}
        for forgotten in sorted(domains - named) if named else ():
            yield f"the contract '{contract['name']}' forgets the domain {forgotten}"


_COMPILED = {"compiled", "inlined", "entry", "routine"}


def compiled_code_names_functions(source: Path) -> Iterator[str]:
    """Compiled code imports names, not modules: it is kept by what its names stand for."""
    for path, tree in files(source):
        if not path.is_relative_to(source / "engine"):
            continue
        modules = {
            alias.asname or alias.name
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("treadle")
            for alias in node.names
            if _is_module(source.parent.joinpath(*(node.module or "").split("."), alias.name))
        }
        for function in ast.walk(tree):
            if not isinstance(function, ast.FunctionDef) or not _is_compiled(function):
                continue
            for node in ast.walk(function):
                if not isinstance(node, ast.Attribute) or not isinstance(node.value, ast.Name):
                    continue
                if node.value.id in modules | {"treadle"}:
                    said = f"{node.value.id}.{node.attr}"
                    yield f"{path}:{node.lineno}: {said} is named within a module; import it"


def _is_module(path: Path) -> bool:
    return path.with_suffix(".py").is_file() or path.is_dir()


def _is_compiled(function: ast.FunctionDef) -> bool:
    told = (one.func if isinstance(one, ast.Call) else one for one in function.decorator_list)
    return any(isinstance(one, ast.Name) and one.id in _COMPILED for one in told)


RULES = (
    compiled_code_names_functions,
    small_rooms,
    clear_names,
    same_rooms,
    allowed_libraries,
    facts_are_facts,
    no_silent_catch,
    errors_have_one_root,
    contracts_name_every_domain,
)
