"""Evidence as a page that needs nothing beside itself, with the attestation inside."""

import re
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

from treadle.kernel import InvalidInputError
from treadle.proving.rules.evidence.report import Report

if TYPE_CHECKING:
    from jinja2 import Template

_GOOD, _BAD = ("PASS", "ADMITTED"), ("FAIL", "REFUSED")
_ATTESTATION = re.compile(
    rb'<script type="application/vnd\.in-toto\+json" id="attestation">\n([^<]*)</script>'
)


def page(report: Report, attestation: bytes) -> bytes:
    """Return a report as HTML; it has no script and asks for nothing from anywhere.

    Parameters
    ----------
    attestation
        The signed envelope that the page carries.
    """
    from markupsafe import Markup  # noqa: PLC0415 - for this form only

    text = attestation.decode("ascii")
    if "<" in text:
        raise ValueError("an envelope of base64 has no <")
    return _template().render(report=report, attestation=Markup(text)).encode()  # noqa: S704 - checked


@cache
def _template() -> "Template":
    from jinja2 import Environment, StrictUndefined  # noqa: PLC0415 - for this form only

    text = resources.files(__package__).joinpath("page.html").read_text("utf-8")
    environment = Environment(
        autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=StrictUndefined
    )
    environment.globals["sort_of"] = sort_of
    return environment.from_string(text)


def sort_of(verdict: str) -> str:
    """Return whether a verdict is `good` or `bad`; nothing where it is neither."""
    if verdict in _GOOD:
        return "good"
    return "bad" if verdict in _BAD else ""


def attestation_in(content: bytes) -> bytes:
    """Return the envelope that a page carries.

    Raises
    ------
    InvalidInputError
        It carries none, or several.
    """
    found = _ATTESTATION.findall(content)
    if len(found) != 1:
        text = f"the page carries {len(found)} attestations; evidence has one"
        raise InvalidInputError(text)
    attestation: bytes = found[0]
    return attestation
