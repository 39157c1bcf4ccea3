"""ReqIF comes in and goes out whole; what is broken is refused with its line."""

import io
import zipfile
from contextlib import suppress
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

import reqif_told as told
from treadle.design.formats.reqif.archive import read_package, write_package
from treadle.design.formats.reqif.checking import faults
from treadle.design.formats.reqif.reading import read
from treadle.design.formats.reqif.statements import attachments_of, statements
from treadle.design.formats.reqif.writing import write
from treadle.design.formats.requirements import take_requirements
from treadle.kernel import InvalidInputError

SPACE = "{http://www.omg.org/spec/ReqIF/20110401/reqif.xsd}"


def by_name(content: bytes) -> list[tuple[str, tuple[tuple[str, str], ...], str]]:
    """Return every element of a document, by the standard library's reading, in no order.

    White space between elements of ReqIF itself is no content; within XHTML and extensions it is.
    """
    found = []
    for element in ET.fromstring(content).iter():
        text = element.text or ""
        inside = element.tag.startswith(SPACE) and not text.strip()
        attributes = tuple(sorted(element.attrib.items()))
        found.append((element.tag, attributes, "" if inside else text))
    return sorted(found)


def test_what_was_read_and_written_says_the_same() -> None:
    first = read(told.whole(), "a.reqif")
    written = write(first)
    assert read(written, "b.reqif") == first
    assert write(read(written, "b.reqif")) == written


def test_a_second_reader_finds_every_element_attribute_and_text_again() -> None:
    assert by_name(write(read(told.whole(), "a.reqif"))) == by_name(told.whole())


def test_two_documents_that_say_different_things_are_not_equal() -> None:
    other = told.whole().replace(b'WEIGHT="7"', b'WEIGHT="8"')
    assert read(other, "a") != read(told.whole(), "a")
    other = told.whole().replace(b" a <weave:weft/>", b" a  <weave:weft/>")
    assert read(other, "a") != read(told.whole(), "a")


def test_unknown_attributes_and_extensions_of_tools_are_written_back() -> None:
    written = write(read(told.whole(), "a.reqif")).decode()
    assert 'WEIGHT="7"' in written
    assert 'weave:colour="red"' in written
    assert "> a <weave:weft/> b </weave:loom>" in written


def test_a_default_value_is_of_the_attribute_in_which_it_stands() -> None:
    said = (
        b"<DEFINITION><ATTRIBUTE-DEFINITION-ENUMERATION-REF>a-ENUM"
        b"</ATTRIBUTE-DEFINITION-ENUMERATION-REF></DEFINITION></ATTRIBUTE-VALUE-ENUMERATION>"
        b"</DEFAULT-VALUE>"
    )
    left_out = told.whole().replace(said, b"</ATTRIBUTE-VALUE-ENUMERATION></DEFAULT-VALUE>")
    assert left_out != told.whole()
    assert read(left_out, "a") == read(told.whole(), "a")


def test_a_requirement_is_told_in_plain_words() -> None:
    first, second = statements(read(told.whole(), "a.reqif"))
    assert first.text == "Brake hard when a < b & c\na curve"
    assert first.number == 'REQ-1\nb "q"'
    assert first.title == "Braking"
    assert first.attributes["Risk"] == "low, high"
    assert first.attributes["Integer"] == "42"
    assert (second.text, second.number) == ("Stop", "")
    assert attachments_of(read(told.whole(), "a.reqif")) == {"files/curve.png"}


def test_what_a_requirement_says_has_a_hash_that_dates_and_prefixes_do_not_change() -> None:
    first = statements(read(told.whole(), "a"))
    later = told.whole().replace(b"2026-01-02T03:04:05Z", b"2027-01-02T03:04:05Z")
    assert [s.content for s in statements(read(later, "a"))] == [s.content for s in first]
    renamed = told.whole().replace(b"xhtml:", b"h:").replace(b"xmlns:xhtml", b"xmlns:h")
    assert [s.content for s in statements(read(renamed, "a"))] == [s.content for s in first]
    changed = statements(read(told.whole().replace(b"hard", b"softly"), "a"))
    assert changed[0].content != first[0].content
    assert changed[1].content == first[1].content


@given(st.text(st.characters(exclude_categories=["Cs", "Cc", "Cn"]), max_size=60))
def test_any_text_comes_through_as_value_and_as_xhtml(text: str) -> None:
    escaped = (
        text.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;").replace(">", "&gt;")
    )
    more = told.value("STRING", escaped)
    exchange = read(told.document(told.requirement("r", escaped, more)), "a")
    assert read(write(exchange), "b") == exchange
    values = (exchange.content.objects or [])[0].values or []
    assert values[1].told["THE-VALUE"] == text
    assert values[0].xhtml is not None
    assert values[0].xhtml.content() == text


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("<SPEC-OBJECT-REF>r-2</SPEC-OBJECT-REF></SOURCE>",
         "<SPEC-OBJECT-REF>r-9</SPEC-OBJECT-REF></SOURCE>", "x-1 refers to r-9"),
        ('IDENTIFIER="r-2"', 'IDENTIFIER="r-1"', "r-1 stands on line"),
        ('THE-VALUE="42"', 'THE-VALUE="many"', "Integer is 'many', no integer"),
        ('THE-VALUE="true"', 'THE-VALUE="yes"', "no boolean"),
        ('THE-VALUE="1.5"', 'THE-VALUE="1,5"', "no real"),
        ("<SPECIFICATION-REF>s-2", "<SPECIFICATION-REF>s-3", "g-1 refers to s-3"),
        ("<SPEC-RELATION-REF>x-1", "<SPEC-RELATION-REF>x-2", "no such SPEC-RELATION"),
        ("<DATATYPE-DEFINITION-REAL-REF>d-REAL", "<DATATYPE-DEFINITION-REAL-REF>d-DATE",
         "no such data type (REAL)"),
        ("<ENUM-VALUE-REF>e-1<", "<ENUM-VALUE-REF>e-7<", "refers to e-7"),
    ],
)  # fmt: skip
def test_what_is_broken_is_refused_with_its_line(old: str, new: str, reason: str) -> None:
    text = told.whole().decode()
    assert old in text
    broken = text.replace(old, new, 1)
    refused = [f for f in faults(read(broken.encode(), "a")) if f.refused]
    fault = next(f for f in refused if reason in f.text)
    assert 0 < fault.line <= broken.count("\n") + 1
    intake = take_requirements(broken.encode(), specification="driving")
    assert intake.entries == ()
    assert any(r.place == f"document.reqif:{fault.line}" for r in intake.rejected)


def test_a_broken_reference_names_the_very_line_on_which_it_stands() -> None:
    end = "</SPEC-OBJECT-REF></TARGET>"
    text = told.whole().decode().replace(f"r-1{end}", f"r-0{end}")
    line = next(n for n, one in enumerate(text.splitlines(), 1) if "<SPEC-RELATION IDENT" in one)
    assert [f.line for f in faults(read(text.encode(), "a"))] == [line]


def test_what_only_breaks_a_limit_is_told_and_kept() -> None:
    text = told.whole().replace(b'THE-VALUE="42"', b'THE-VALUE="420"')
    assert [f.refused for f in faults(read(text, "a"))] == [False]
    assert any("420" in remark for remark in take_requirements(text, specification="x").remarks)


def test_xml_bombs_and_outside_entities_are_refused() -> None:
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
    outside = b'<!DOCTYPE x SYSTEM "file:///etc/passwd">'
    for kind in (bomb, outside):
        with pytest.raises(InvalidInputError, match=r"document\.reqif:2: a document type"):
            take_requirements(told.whole().replace(b"?>\n", b"?>\n" + kind, 1), specification="x")
    deep = b"<xhtml:div>" * 400 + b"</xhtml:div>" * 400
    with pytest.raises(InvalidInputError, match="inside one another"):
        take_requirements(told.document(told.requirement("r", deep.decode())), specification="x")


@pytest.mark.parametrize("content", [b"", b"no xml", b"<a/>", b"<REQ-IF/>", b"\xff\xfe\x00"])
def test_what_is_no_reqif_is_refused_in_a_sentence(content: bytes) -> None:
    with pytest.raises(InvalidInputError, match=r"document\.reqif:1"):
        take_requirements(content, specification="x")


@given(st.data())
def test_a_damaged_document_is_taken_or_refused_and_never_breaks_the_reader(
    data: st.DataObject,
) -> None:
    text = told.whole()
    start = data.draw(st.integers(0, len(text)))
    end = start + data.draw(st.integers(0, 40))
    put = data.draw(st.sampled_from([b"", b"<x/>", b'a="1"', b"9" * 5000, b"r-2", b"&#0;", b"<"]))
    damaged = text[:start] + put + text[end:]
    try:
        intake = take_requirements(damaged, specification="x")
    except InvalidInputError as error:
        assert "document.reqif" in str(error)  # noqa: PT017 - whether it is refused, chance says
    else:
        assert bool(intake.entries) != bool(intake.rejected)
        if intake.entries:
            assert read(write(read(damaged, "a")), "b") == read(damaged, "a")


@given(st.data())
def test_a_damaged_archive_is_taken_or_refused(data: st.DataObject) -> None:
    content = bytearray(archive({"a.reqif": told.whole(), "b.bin": b"b" * 99}))
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(4, len(content) - 1))] = data.draw(st.integers(0, 255))
    with suppress(InvalidInputError):
        assert read_package(bytes(content)).documents


def archive(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as held:
        for name, content in files.items():
            held.writestr(name, content)
    return out.getvalue()


def test_an_archive_comes_back_with_its_attachments() -> None:
    picture = bytes(range(256))
    package = read_package(archive({"a.reqif": told.whole(), "files/curve.png": picture}))
    again = read_package(write_package(package))
    assert again.documents == package.documents
    assert again.attachments == {"files/curve.png": picture}
    assert write_package(again) == write_package(package)


def test_a_missing_attachment_is_told() -> None:
    with_it = archive({"a.reqif": told.whole(), "files/curve.png": b"x"})
    assert not any("curve" in r for r in take_requirements(with_it, specification="x").remarks)
    assert any("curve" in r for r in take_requirements(told.whole(), specification="x").remarks)


def test_archives_that_reach_out_or_blow_up_are_refused() -> None:
    with pytest.raises(InvalidInputError, match="outside of itself"):
        read_package(archive({"../../a.reqif": told.whole()}))
    with pytest.raises(InvalidInputError, match=r"no \.reqif file"):
        read_package(archive({"a.txt": b""}))
    with pytest.raises(InvalidInputError, match="grows"):
        read_package(archive({"a.reqif": told.whole(), "b.bin": bytes(40_000_000)}))
    with pytest.raises(InvalidInputError, match="cannot be read"):
        read_package(archive({"a.reqif": told.whole()})[:200])
