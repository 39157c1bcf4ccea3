"""The look: colours that can be read, vendored files that are as published, a strict page."""

import hashlib
import re
import tomllib
from itertools import product
from typing import Any

import pytest
from typer.main import get_command

from treadle.cli import build
from treadle.web import HEADERS, STATIC
from treadle.web.dyes import DYES

TOKENS = (STATIC / "tokens.css").read_text(encoding="utf-8")
_TEXT = ("ink", "ink-2", "ink-3", "accent", "good", "warn", "bad", "unknown", *DYES)
_GROUNDS = ("paper", "sheet")


def colours(block: str) -> dict[str, str]:
    return dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6})", block))


def themes() -> dict[str, dict[str, str]]:
    light, rest = TOKENS.split("@media", 1)
    by_system, by_hand = rest.split(':root[data-theme="dark"]')
    return {"light": colours(light), "dark by system": colours(by_system), "dark": colours(by_hand)}


def luminance(colour: str) -> float:
    """Return relative luminance (WCAG 2.2, definition of relative luminance)."""
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_contrast_of_black_on_white_is_21() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


@pytest.mark.parametrize("theme", list(themes()))
@pytest.mark.parametrize(("text", "ground"), list(product(_TEXT, _GROUNDS)))
def test_words_can_be_read_on_every_ground(theme: str, text: str, ground: str) -> None:
    tokens = themes()[theme]
    assert contrast(tokens[text], tokens[ground]) >= 4.5


@pytest.mark.parametrize("theme", list(themes()))
@pytest.mark.parametrize("ground", _GROUNDS)
def test_edges_of_fields_and_focus_rings_can_be_seen(theme: str, ground: str) -> None:
    tokens = themes()[theme]
    assert contrast(tokens["edge"], tokens[ground]) >= 3
    assert contrast(tokens["focus"], tokens[ground]) >= 3


@pytest.mark.parametrize("theme", list(themes()))
def test_words_on_buttons_can_be_read(theme: str) -> None:
    assert contrast(themes()[theme]["on-accent"], themes()[theme]["accent"]) >= 4.5


def test_dark_is_the_same_by_system_and_by_hand() -> None:
    assert themes()["dark"] == themes()["dark by system"]


@pytest.mark.parametrize(
    "name",
    ["treadle.css", "scene.css", "mosaic.css", "report.css", "engineer.css", "configurator.css"],
)
def test_no_component_brings_a_colour_of_its_own(name: str) -> None:
    components = (STATIC / name).read_text(encoding="utf-8")
    assert re.findall(r"#[0-9a-fA-F]{3,8}\b(?![^{]*\{)", components.replace("url(#dye)", "")) == []


def test_vendored_files_are_as_published_and_name_their_licence() -> None:
    vendor = STATIC / "vendor"
    told = tomllib.loads((vendor / "VENDOR.toml").read_text(encoding="utf-8"))
    listed: dict[str, str] = {}
    for package in told["package"]:
        assert package["name"]
        assert package["version"]
        assert package["licence"]
        listed |= package["sha256"]
    found = {p.relative_to(vendor).as_posix(): p for p in vendor.rglob("*") if p.is_file()}
    found.pop("VENDOR.toml")
    assert set(found) == set(listed)
    for name, path in found.items():
        assert hashlib.sha256(path.read_bytes()).hexdigest() == listed[name], name


def test_pages_allow_no_inline_script_or_style() -> None:
    policy = HEADERS["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    for template in (STATIC.parent / "templates").glob("*.html"):
        text = template.read_text(encoding="utf-8")
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc=)", text), template
        assert "|safe" not in text, template


def test_pages_name_only_commands_that_exist() -> None:
    told: set[str] = set()
    for path in [*(STATIC.parent / "templates").glob("*.html"), *STATIC.parent.glob("*.py")]:
        text = path.read_text(encoding="utf-8")
        told |= set(re.findall(r"(?:`|<code[^>]*>)treadle ([a-z]+(?: [a-z-]+)?)", text))
    program = get_command(build())
    assert told
    for words in told:
        here: Any = program
        for word in words.split():
            commands = getattr(here, "commands", None)
            if commands is None or word == "examples":
                break
            assert word in commands, words
            here = commands[word]
