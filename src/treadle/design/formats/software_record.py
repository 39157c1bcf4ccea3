"""The record of a software update (UN R156) out: JSON for programs, a page to print."""

import json
from collections.abc import Iterable, Sequence
from html import escape

from treadle.design.rules.software_record import FORM, Item, SoftwareRecord
from treadle.kernel.plain import to_plain

_STYLE = (
    "body{font:11pt/1.45 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;"
    "color:#1b1f24;background:#fff}h1{font-size:1.5rem}h2{font-size:1.1rem;margin-top:2rem}"
    "table{border-collapse:collapse;width:100%}th,td{text-align:left;vertical-align:top;"
    "padding:.25rem .5rem;border-bottom:1px solid #d0d7de}td.hash{font:8pt ui-monospace,monospace;"
    "word-break:break-all}@media print{body{margin:0}h2{break-after:avoid}tr{break-inside:avoid}}"
)


def as_json(record: SoftwareRecord) -> bytes:
    """Return a record as JSON."""
    told = {"form": FORM, "regulation": "UN Regulation No. 156", **to_plain(record)}
    return json.dumps(told, ensure_ascii=False, indent=2).encode() + b"\n"


def as_page(record: SoftwareRecord) -> bytes:
    """Return a record as one HTML page that needs nothing else: to read, to print, to keep."""
    name = escape(record.baseline)
    title = f"{name}: record of a software update"
    parts = [
        '<!doctype html><html lang="en"><head><meta charset="utf-8">',
        f"<title>{title}</title><style>{_STYLE}</style></head><body>",
        f"<h1>{title} (UN R156, paragraph 7.1.2)</h1>",
        _table(("", ""), _heading(record)),
        "<h2>Configuration before and after (7.1.2.2)</h2>",
        _table(
            ("Control unit", "Hardware before", "Hardware after"),
            [
                (u.ecu, ", ".join(u.hardware_before) or "any", ", ".join(u.hardware_after) or "any")
                for u in record.units
            ],
        ),
        _software(record.software),
        "<h2>Register of RXSWINs (7.1.2.3)</h2>",
        *_register(record),
        "<h2>Target vehicles (7.1.2.4)</h2>",
        _table(
            ("Vehicle", "Runs", "Compatibility", "Why not"),
            [(t.vehicle, t.installed, t.state, "; ".join(t.reasons)) for t in record.targets],
        ),
        "<h2>The update (7.1.2.5)</h2>",
        _table(("", ""), _update(record)),
        "<h2>Evidence (7.1.2.5 i)</h2>",
        _table(
            ("Requirement", "", "Standing", "Verdicts"),
            [(e.requirement, e.title, e.standing, "; ".join(e.verdicts)) for e in record.evidence],
        ),
        "<h2>Not in this record</h2>",
        f"<ul>{''.join(f'<li>{escape(text)}</li>' for text in record.not_told)}</ul>",
        "</body></html>\n",
    ]
    return "\n".join(parts).encode()


def _heading(record: SoftwareRecord) -> list[tuple[str, str]]:
    released = "not released" if record.released is None else f"{record.released:%Y-%m-%d %H:%MZ}"
    return [
        ("Type of vehicle", record.vehicle_type),
        ("State", record.state),
        ("Baseline before", record.before or "none: the first"),
        ("Released", f"{released} {record.released_by}".strip()),
        ("File", record.file),
        ("Thread", record.thread),
    ]


def _update(record: SoftwareRecord) -> list[tuple[str, str]]:
    return [
        ("(a) Purpose", record.purpose),
        ("(b) May affect", ", ".join(record.affects)),
        ("(c) Type approved, of that", ", ".join(record.approved_systems) or "none"),
        ("(d), (e) Assessment", "; ".join(r.assessment for r in record.register if r.assessment)),
        ("(f) Approval sought", record.approval_sought),
        ("(g) Execution", record.execution),
        ("(h) Safe and secure", record.safety),
        ("(i) Verification and validation", record.validation),
    ]


def _register(record: SoftwareRecord) -> Iterable[str]:
    for one in record.register:
        yield f"<h3>{escape(one.regulation)}: {escape(one.type)}</h3>"
        yield _table(
            ("", ""),
            [
                ("Approval", one.approval),
                ("RXSWIN before", one.rxswin_before or "none"),
                ("RXSWIN after", one.rxswin_after or "none"),
                ("Effect", one.effect or "its software is as before"),
                ("Assessment", one.assessment),
            ],
        )
        yield _software(one.software)


def _software(items: Sequence[Item]) -> str:
    head = ("Software", "Unit", "Before", "SHA-256 before", "After", "SHA-256 after", "Needs")
    rows = [
        (
            " ".join(filter(None, (one.software, one.part_number))),
            one.ecu,
            one.version_before or "none",
            one.sha256_before,
            one.version_after or "none",
            one.sha256_after,
            "; ".join(one.needs),
        )
        for one in items
    ]
    return _table(head, rows, hashes=frozenset({3, 5}))


def _table(
    head: Sequence[str], rows: Iterable[Sequence[str]], hashes: frozenset[int] = frozenset()
) -> str:
    told = list(rows)
    if not told:
        return "<p>none</p>"
    top = "".join(f'<th scope="col">{escape(word)}</th>' for word in head) if any(head) else ""
    body = "".join(
        "<tr>"
        + "".join(
            f"<td{' class=hash' if place in hashes else ''}>{escape(text)}</td>"
            for place, text in enumerate(row)
        )
        + "</tr>"
        for row in told
    )
    return f"<table>{f'<thead><tr>{top}</tr></thead>' if top else ''}<tbody>{body}</tbody></table>"
