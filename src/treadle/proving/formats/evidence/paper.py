"""Evidence as a printed report (PDF), with the attestation attached to it.

The same evidence gives the same bytes. The letters are those every reader has (PDF, standard 14
fonts); a character that they lack is written as its number, never left out.
"""

import io
import re
from functools import partial
from html import escape
from typing import TYPE_CHECKING, Any

from treadle.kernel import InvalidInputError
from treadle.proving.formats.evidence.page import sort_of
from treadle.proving.formats.extras import needed
from treadle.proving.rules.evidence.report import Report, Section, Table

if TYPE_CHECKING:
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.platypus import Flowable

ATTACHED = "attestation.json"
_ATTESTATION = re.compile(rb'stream\r?\n(\{\n "payloadType": .*?\n\}\n)', re.DOTALL)
_INK, _INK_2, _LINE, _PROVING = "#1d2430", "#5a6474", "#d3ccbd", "#7a4fbf"
_COLOURS = {"good": "#2f7d4f", "bad": "#b3372f", "": "#8a5600"}
_MARGIN_MM, _TOP_MM = 17, 18
_PADDING = 6  # points that reportlab leaves on each side of its frame


def paper(report: Report, attestation: bytes) -> bytes:
    """Return a report as PDF, A4.

    Parameters
    ----------
    attestation
        The signed envelope that is attached.

    Raises
    ------
    InvalidInputError
        reportlab is not installed.
    """
    needed("reportlab", "pdf", "evidence as PDF")
    from reportlab.lib.pagesizes import A4  # noqa: PLC0415 - for this form only, as all of it
    from reportlab.lib.units import mm  # noqa: PLC0415 - optional
    from reportlab.platypus import SimpleDocTemplate  # noqa: PLC0415 - optional

    buffer = io.BytesIO()
    made = SimpleDocTemplate(
        buffer,
        pagesize=A4,
        leftMargin=_MARGIN_MM * mm,
        rightMargin=_MARGIN_MM * mm,
        topMargin=_TOP_MM * mm,
        bottomMargin=_TOP_MM * mm,
        title=_known(f"{report.title}: {report.subtitle}: {report.verdict}"),
        author="Treadle",
        subject=f"Evidence {dict(report.summary)['Evidence']}",
        lang="en",
        invariant=1,  # the same bytes whenever it is written
    )
    width = made.width - 2 * _PADDING
    story = _opening(report, width)
    for section in report.sections:
        story += _section(section, width)
    footer = partial(_footer, text=f"Evidence {dict(report.summary)['Evidence']}")
    first = partial(_first, footer=footer, attestation=attestation)
    made.build(story, onFirstPage=first, onLaterPages=footer)
    return buffer.getvalue()


def attestation_in(content: bytes) -> bytes:
    """Return the envelope that is attached to a report.

    Raises
    ------
    InvalidInputError
        There is none, or several.
    """
    found = _ATTESTATION.findall(content)
    if len(found) != 1:
        text = f"{len(found)} attestations are attached to the report; evidence has one"
        raise InvalidInputError(text)
    attestation: bytes = found[0]
    return attestation


def _known(text: str) -> str:
    """Return a text in characters that the standard fonts have; others by their number."""
    return text.encode("cp1252", "backslashreplace").decode("cp1252")


def _style(name: str, size: float, **more: Any) -> "ParagraphStyle":
    from reportlab.lib.styles import ParagraphStyle  # noqa: PLC0415 - as above

    usual = {
        "fontName": "Helvetica",
        "leading": size * 1.35,
        "textColor": _INK,
        "splitLongWords": 1,
    }
    return ParagraphStyle(name, fontSize=size, **{**usual, **more})


def _opening(report: Report, width: float) -> "list[Flowable]":
    from reportlab.platypus import Paragraph, Spacer  # noqa: PLC0415 - as above
    from reportlab.platypus.flowables import HRFlowable  # noqa: PLC0415 - as above

    colour = _COLOURS[sort_of(report.verdict)]
    verdict = _style("verdict", 15, fontName="Helvetica-Bold", textColor=colour)
    facts = Table(headings=(), rows=report.summary, widths=(0.15, 0.85))
    return [
        HRFlowable(width="100%", thickness=3, color=_PROVING, spaceAfter=10),
        Paragraph(_said(report.title), _style("title", 20, fontName="Helvetica-Bold")),
        Paragraph(_said(report.subtitle), _style("subtitle", 12, textColor=_INK_2, spaceAfter=6)),
        Paragraph(_said(report.verdict), verdict),
        Spacer(0, 8),
        _table(facts, width),
    ]


def _section(section: Section, width: float) -> "list[Flowable]":
    from reportlab.platypus import Paragraph, Spacer  # noqa: PLC0415 - as above

    heading = _style(
        "heading", 13, fontName="Helvetica-Bold", spaceBefore=16, spaceAfter=4, keepWithNext=1
    )
    body = _style("body", 9, textColor=_INK_2, spaceAfter=4)
    typed = _style("typed", 8, fontName="Courier", spaceBefore=5)
    found: list[Flowable] = [Paragraph(_said(section.title), heading)]
    found += [Paragraph(_said(words), body) for words in section.words]
    for table in section.tables:
        found += [_table(table, width), Spacer(0, 8)]
    return [*found, *(Paragraph(_said(command), typed) for command in section.commands)]


def _table(table: Table, width: float) -> "Flowable":
    from reportlab.platypus import LongTable, Paragraph, TableStyle  # noqa: PLC0415 - as above

    head = _style("head", 8, fontName="Helvetica-Bold", textColor=_INK_2)
    rows = [[Paragraph(_said(words), head) for words in table.headings]] if table.headings else []
    rows += [[_cell(table, n, words) for n, words in enumerate(row)] for row in table.rows]
    lines = [
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LINEBELOW", (0, 0), (-1, -1), 0.4, _LINE),
        ("LEFTPADDING", (0, 0), (-1, -1), 0),
        ("RIGHTPADDING", (0, 0), (-1, -1), 6),
        ("TOPPADDING", (0, 0), (-1, -1), 2.5),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 2.5),
    ]
    return LongTable(
        rows,
        colWidths=[share * width for share in table.widths],
        repeatRows=1 if table.headings else 0,
        splitInRow=1,
        style=TableStyle(lines),
        hAlign="LEFT",
    )


def _cell(table: Table, n: int, words: str) -> "Flowable":
    from reportlab.platypus import Paragraph  # noqa: PLC0415 - as above

    if n == table.verdicts:
        colour = _COLOURS[sort_of(words)]
        bold = _style("told", 8.5, fontName="Helvetica-Bold", textColor=colour)
        return Paragraph(_said(words), bold)
    if n in table.code:
        return Paragraph(_said(words.replace(",", ", ")), _style("code", 7, fontName="Courier"))
    return Paragraph(_said(words), _style("cell", 8.5))


def _said(text: str) -> str:
    """Return plain text as a paragraph takes it: nothing in it is markup."""
    return escape(_known(text), quote=False)


def _first(canvas: Any, document: Any, *, footer: Any, attestation: bytes) -> None:
    _attach(canvas, attestation)
    footer(canvas, document)


def _footer(canvas: Any, document: Any, *, text: str) -> None:
    from reportlab.lib.units import mm  # noqa: PLC0415 - as above

    canvas.saveState()
    canvas.setFont("Courier", 7)
    canvas.setFillColor(_INK_2)
    canvas.drawString(document.leftMargin, 10 * mm, text)
    canvas.drawRightString(document.leftMargin + document.width, 10 * mm, f"{document.page}")
    canvas.restoreState()


def _attach(canvas: Any, attestation: bytes) -> None:
    """Attach a file to the document (ISO 32000-1, 7.11.4), uncompressed."""
    from reportlab.pdfbase import pdfdoc  # noqa: PLC0415 - as above

    whole = canvas._doc  # noqa: SLF001 - reportlab has no other way to a document's own objects
    kind = pdfdoc.PDFDictionary({"Type": pdfdoc.PDFName("EmbeddedFile")})
    stream = pdfdoc.PDFStream(dictionary=kind, content=attestation, filters=())
    file = pdfdoc.PDFDictionary(
        {
            "Type": pdfdoc.PDFName("Filespec"),
            "F": pdfdoc.PDFString(ATTACHED),
            "UF": pdfdoc.PDFString(ATTACHED),
            "EF": pdfdoc.PDFDictionary({"F": whole.Reference(stream)}),
        }
    )
    names = pdfdoc.PDFArray([pdfdoc.PDFString(ATTACHED), whole.Reference(file)])
    tree = pdfdoc.PDFDictionary({"EmbeddedFiles": pdfdoc.PDFDictionary({"Names": names})})
    whole.Catalog.Names = whole.Reference(tree)
