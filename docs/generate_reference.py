# ruff: noqa: INP001 - a script beside the pages that it writes, no package
"""Writes docs/reference/cli.md and api.md from the program and the OpenAPI.

Run it after a domain's front door has changed: `python docs/generate_reference.py`; with `--check`
it only compares.
"""

import sys
import typing
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer

from treadle import api, cli
from treadle.api.problem import MEANINGS
from treadle.app import open_app

FOLDER = Path(__file__).parent / "reference"
_PROBLEM = 400
_WORDS: dict[Any, str] = {int: "WHOLE NUMBER", float: "NUMBER", Path: "FILE"}
_NOTICE = "<!-- Written by docs/generate_reference.py: change the code, then run it. -->\n"
_COMMAND_LINE = f"""{_NOTICE}
# The command line

Every word of a domain is made from the function behind it: its name, help, types and units.
Options of the program stand before the first word: `treadle --store URL trace down THING`.
Exit codes: 0 good; 1 refused, not found, or a verdict that is not good; 2 wrong use;
130 interrupted.
"""
_API = f"""{_NOTICE}
# The HTTP API

`treadle serve` serves it, with its OpenAPI at `/openapi.json`. A program sends
`Authorization: Bearer KEY`, where KEY is the local key (in the data folder, `keys/local.key`) or,
where OAuth2 clients are configured, an access token from `POST /oauth/token`. Bodies are strict.
Errors are problem details (RFC 9457), but for those of `/oauth/token`, which are RFC 6749's.
"""


def pages() -> dict[str, str]:
    """Return every page of the reference by its file name."""
    return {"cli.md": command_line(), "api.md": http_api()}


def command_line() -> str:
    """Return the page of the command line."""
    program: Any = typer.main.get_command(cli.build())
    return _COMMAND_LINE + "".join(_word(program, "treadle"))


def _word(command: Any, path: str) -> Iterator[str]:
    """Yield the section of a word, then those of the words under it."""
    shown = [p for p in command.params if not _is_usual(p)]
    arguments = [p for p in shown if p.param_type_name == "argument"]
    options = [p for p in shown if p.param_type_name == "option"]
    usage = " ".join([path, *(p.metavar or p.name.upper() for p in arguments)])
    if subwords := getattr(command, "commands", {}):
        usage = f"{path} WORD"
    yield f"\n{'#' * min(2 + path.count(' '), 4)} `{path}`\n\n{_plain(command.help or '')}\n"
    yield f"\n```\n{usage}{' [OPTIONS]' if options else ''}\n```\n"
    if shown:
        yield "\n| given | what | default |\n| --- | --- | --- |\n"
    for p in arguments:
        yield f"| `{p.metavar or p.name.upper()}` | {_cell(p.help)} | required |\n"
    for p in options:
        yield f"| `{_option(p)}` | {_cell(p.help)} | {_default(p)} |\n"
    for name in sorted(subwords):
        yield from _word(subwords[name], f"{path} {name}")


def _is_usual(parameter: Any) -> bool:
    names = {*parameter.opts, *parameter.secondary_opts}
    return bool(names & {"--help", "--install-completion", "--show-completion"})


def _option(parameter: Any) -> str:
    names = "/".join([*parameter.opts, *parameter.secondary_opts])
    if parameter.is_flag:
        return names
    kind = parameter.type_descriptor.annotation
    choices = typing.get_args(kind) if typing.get_origin(kind) is typing.Literal else ()
    word = "/".join(map(str, choices)) or parameter.metavar or _WORDS.get(kind, "TEXT")
    return f"{names} {word}{' ...' if parameter.multiple else ''}"


def _default(parameter: Any) -> str:
    if parameter.required:
        return "required"
    unsaid = parameter.default in (None, (), [], False)
    return "" if unsaid else f"`{parameter.default}`"


def _plain(text: str) -> str:
    """Return help without Rich's escapes."""
    return text.replace("\\[", "[").strip()


def _cell(text: str | None) -> str:
    return " ".join(_plain(text or "").split()).replace("|", "\\|").replace("<", "&lt;")


def http_api() -> str:
    """Return the page of the API."""
    told = api.build(open_app("memory://"), api.Security(key="reference")).openapi()
    by_tag: dict[str, list[str]] = {}
    for path, methods in told["paths"].items():
        for method, operation in methods.items():
            section = "".join(_route(told, f"{method.upper()} {path}", operation))
            by_tag.setdefault(operation["tags"][0], []).append(section)
    scopes = told["components"]["securitySchemes"]["oauth2"]["flows"]["clientCredentials"]["scopes"]
    rows = "".join(f"| `{scope}` | {meaning} |\n" for scope, meaning in scopes.items())
    text = f"{_API}\n## Scopes\n\n| scope | what it opens |\n| --- | --- |\n{rows}"
    text += "\n## Problems\n\n| status | what it means |\n| --- | --- |\n"
    text += "".join(f"| {status} | {meaning} |\n" for status, meaning in MEANINGS.items())
    return text + "".join(f"\n## {tag}\n{''.join(parts)}" for tag, parts in by_tag.items())


def _route(told: dict[str, Any], name: str, operation: dict[str, Any]) -> Iterator[str]:
    yield f"\n### `{name}`\n\n{operation.get('description') or operation['summary']}\n"
    scopes = [s for way in operation.get("security", []) for s in way.get("oauth2", [])]
    if scopes:
        yield f"\nScope: `{scopes[0]}`\n"
    rows = [
        (p["name"], p["in"], p.get("required", False), p["schema"], p.get("description", ""))
        for p in operation.get("parameters", [])
    ]
    content = operation.get("requestBody", {}).get("content", {})
    if content:
        yield f"\nBody: {', '.join(f'`{m}`' for m in content)}\n"
        schema = _resolved(told, next(iter(content.values()))["schema"])
        required = schema.get("required", [])
        rows += [
            (field, "body", field in required, part, part.get("description", ""))
            for field, part in schema.get("properties", {}).items()
        ]
    if rows:
        yield "\n| given | in | type | what |\n| --- | --- | --- | --- |\n"
    for field, where, required, schema, text in rows:
        mark = " (required)" if required else ""
        yield f"| `{field}`{mark} | {where} | {_type(told, schema)} | {_cell(text)} |\n"
    problems = [status for status in operation["responses"] if int(status) >= _PROBLEM]
    for status, answer in operation["responses"].items():
        if status not in problems:
            text = _cell(answer.get("description")).replace("Successful Response", "Good:")
            yield f"\nAnswers {status}. {text}{_shape(told, answer)}\n"
    yield f"\nProblems: {', '.join(problems)}\n"


def _resolved(told: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    if reference := schema.get("$ref"):
        found: dict[str, Any] = told["components"]["schemas"][reference.rpartition("/")[2]]
        return found
    return schema


def _shape(told: dict[str, Any], answer: dict[str, Any]) -> str:
    """Return the fields of a good answer, where it is a JSON object."""
    schema = answer.get("content", {}).get("application/json", {}).get("schema", {})
    many = schema.get("type") == "array"
    fields = _resolved(told, schema.get("items", {}) if many else schema).get("properties", {})
    listed = ", ".join(f"`{name}`" for name in fields)
    return f" {'A list of ' if many else ''}{listed}" if listed else ""


def _type(told: dict[str, Any], schema: dict[str, Any]) -> str:
    if choices := schema.get("enum"):
        return ", ".join(f"`{c}`" for c in choices)
    if options := schema.get("anyOf"):
        return _type(told, next(o for o in options if o.get("type") != "null"))
    if "$ref" in schema:
        return "object"
    if schema.get("type") == "array":
        return f"list of {_type(told, schema.get('items', {}))}"
    return str(schema.get("format") or schema.get("type") or "any")


def stale() -> list[str]:
    """Return the pages that are not what the code says now."""
    return [
        name
        for name, text in pages().items()
        if not (FOLDER / name).exists() or (FOLDER / name).read_text(encoding="utf-8") != text
    ]


def main() -> None:
    """Write the pages, or with `--check` say which are stale."""
    if "--check" in sys.argv:
        sys.exit(f"stale: {', '.join(found)}" if (found := stale()) else 0)
    FOLDER.mkdir(exist_ok=True)
    for name, text in pages().items():
        (FOLDER / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
