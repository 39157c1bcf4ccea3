"""The printed report of evidence, read by another library than the one that wrote it."""

import io
from dataclasses import replace
from pathlib import Path

import pytest

from proving.views import campaigned
from treadle.kernel import InvalidInputError
from treadle.kernel.bundle import Disk
from treadle.kernel.work import FileName
from treadle.proving.formats import extras
from treadle.proving.formats.evidence.paper import ATTACHED, attestation_in, paper
from treadle.proving.rules.evidence.report import Report, Section, Table
from treadle.proving.views.evidence import evidence, verify_evidence

pytest.importorskip("reportlab", reason="reportlab is not installed: pip install 'treadle[pdf]'")
pypdf = pytest.importorskip("pypdf", reason="pypdf is not installed")

SMALL = Report(
    title="A report",
    subtitle="of nothing",
    verdict="PASS",
    summary=(("Evidence", "0" * 64),),
    sections=(),
)
ENVELOPE = b'{\n "payloadType": "x",\n "payload": "",\n "signatures": []\n}\n'


def paper_of(thread: campaigned.Thread) -> bytes:
    content: bytes = thread.app.ask(evidence, thing=thread.run, form="pdf").content
    return content


def words_in(content: bytes) -> str:
    read = pypdf.PdfReader(io.BytesIO(content), strict=True)
    return " ".join(" ".join(page.extract_text().split()) for page in read.pages)


def test_another_reader_finds_what_was_claimed_and_what_failed() -> None:
    text = words_in(paper_of(campaigned.campaign()))
    for words in (
        "No collision that the reference avoids.",
        "No <collision> & no harm.",
        "requirement quiet has no scenario",
        "road = town is in no scenario",
        "treadle proving verify-evidence FILE --key KEY",
        "How credible the simulation is",
    ):
        assert words in text


def test_the_attestation_is_attached_to_it() -> None:
    thread = campaigned.campaign()
    content = paper_of(thread)
    read = pypdf.PdfReader(io.BytesIO(content), strict=True)
    alone = thread.app.ask(evidence, thing=thread.run).content
    assert read.attachments[ATTACHED] == [alone]
    assert attestation_in(content) == alone


def test_the_same_evidence_gives_the_same_bytes() -> None:
    thread = campaigned.gate()
    assert paper_of(thread) == paper_of(thread)


def test_a_report_that_was_changed_is_found(tmp_path: Path) -> None:
    good = paper_of(campaigned.campaign())
    path = tmp_path / "e.pdf"
    path.write_bytes(good)
    assert verify_evidence(Disk(), file=FileName(str(path))).good
    assert good.count(b"Evidence ") > 0
    path.write_bytes(good.replace(b"(Proving campaign: ", b"(Proved campaign!: ", 1))
    found = verify_evidence(Disk(), file=FileName(str(path)))
    assert "says something else" in found.faults[0]


def test_long_tables_and_long_cells_go_over_pages() -> None:
    numbers = ",".join(str(2 * n) for n in range(5_000))
    rows = ((numbers, "FAIL"), *((f"row {n}", "PASS") for n in range(200)))
    table = Table(headings=("A", "B"), rows=rows, widths=(0.8, 0.2), verdicts=1, code=(0,))
    report = replace(SMALL, sections=(Section(title="Long", tables=(table,)),))
    text = words_in(paper(report, ENVELOPE))
    assert "row 199" in text
    assert "9998" in text


def test_a_letter_that_the_fonts_lack_is_written_as_its_number() -> None:
    text = words_in(paper(replace(SMALL, subtitle="Kreuzung Ü <b> \u8def"), ENVELOPE))
    assert "Kreuzung Ü <b> \\u8def" in text


def test_without_the_library_one_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(_name: str) -> object:
        raise ImportError("no reportlab")

    monkeypatch.setattr(extras, "import_module", gone)
    with pytest.raises(InvalidInputError, match=r"treadle\[pdf\]"):
        paper(SMALL, ENVELOPE)
