"""Bad EPCIS input: always one clear error with its place, never a crash, never a long wait."""

import codecs
import json
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from treadle.kernel.errors import TreadleError
from treadle.trace.formats.epcis import (
    DocumentRefusedError,
    DocumentTooLargeError,
    EpcisDocument,
    NotAnEpcisDocumentError,
    read_document,
)

Make = Callable[..., bytes]
DAMAGE = [b"", b"\xff", b'"', b"[", b"}", b"\\", b"\x00", b"9", b","]
Text = Callable[..., str]


def _refused(content: bytes) -> str:
    with pytest.raises(DocumentRefusedError) as refused:
        read_document(content)
    assert isinstance(refused.value, TreadleError)
    return str(refused.value)


def _reason(content: bytes) -> str:
    found = read_document(content)
    assert (found.n_in, len(found.rejections)) == (1, 1)
    return found.rejections[0].reason


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "is empty"),
        (b" \n\t", "is empty"),
        (b'{"type": "EPCISDocument",\n  "x" 1}', "line 2, column 7: expected ':'"),
        ('{"ä": "ö",\n "ü" 1}'.encode(), "line 2, column 6"),
        (b'{"type": "EPCIS', "ends too early"),
        (b'{"type": "a"} {}', "trailing characters"),
        (b'{"a": 01}', "invalid number"),
        (b"[]", "is not an object"),
        (b"7", "is not an object"),
        (b'"EPCISDocument"', "is not an object"),
        (b'{"type": 7}', "/type is not a text"),
        (b'{"a": NaN}', "NaN and Infinity are no JSON numbers"),
        (b'{"a": -Infinity}', "NaN and Infinity are no JSON numbers"),
        (b'{"a": "\\ud800"}', "line 1, column 8: the \\u escape is half of a character"),
        (b'{"a": "\\udc00 and more text here"}', "half of a character"),
        (b'{"a": "\\ud800\\u0041 and more text"}', "half of a character"),
        (b'{"type": "EPCISDocument", "type": "EPCISDocument"}', "names the field 'type' twice"),
    ],
)
def test_what_is_no_json_is_refused_with_its_place(content: bytes, told: str) -> None:
    assert told in _refused(content)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-be"])
def test_other_encodings_are_named(document: Make, event_text: Text, encoding: str) -> None:
    content = document(event_text()).decode().encode(encoding)
    with pytest.raises(NotAnEpcisDocumentError, match=r"UTF-16.*save it as UTF-8") as refused:
        read_document(content)
    assert refused.value.status == 415


def test_latin_1_is_refused_where_it_is_no_utf_8(document: Make, event_text: Text) -> None:
    content = document(event_text('"heddle:town": "Kortrijk"')).replace(b"Kortrijk", b"\xc9vreux")
    with pytest.raises(NotAnEpcisDocumentError, match=r"not UTF-8 at line 1, column \d+"):
        read_document(content)


def test_a_byte_order_mark_is_fine(document: Make, event_text: Text) -> None:
    assert len(read_document(codecs.BOM_UTF8 + document(event_text())).events) == 1


@pytest.mark.parametrize("content", [b"<?xml version='1.0'?><a/>", b"\xef\xbb\xbf\n <a/>"])
def test_xml_is_said_to_be_not_supported(content: bytes) -> None:
    with pytest.raises(NotAnEpcisDocumentError, match="not supported: EPCIS XML"):
        read_document(content)


@pytest.mark.parametrize("depth", [10_000, 1_000_000])
@pytest.mark.parametrize("one", ["[", '{"a":'])
def test_a_document_of_deep_nesting_is_refused(
    document: Make, event_text: Text, depth: int, one: str
) -> None:
    content = document(event_text('"heddle:a": HERE')).replace(b"HERE", one.encode() * depth)
    assert "nests too deep" in _refused(content)


@pytest.mark.parametrize("depth", [101, 300, 900])
def test_an_event_of_deep_nesting_is_rejected(document: Make, event_text: Text, depth: int) -> None:
    for start, end in (("[", "]"), ('{"heddle:a":', "}")):
        content = document(event_text(f'"heddle:a": {start * depth}1{end * depth}'))
        assert "100 levels" in _reason(content)


def test_a_deep_context_is_no_crash(document: Make, event_text: Text) -> None:
    deep = '{"a":' * 900 + "1" + "}" * 900
    assert "100 levels" in _reason(document(event_text(f'"@context": [{deep}, {{"b": 1}}]')))
    head = document(event_text("")).replace(b'{"heddle"', deep.encode() + b', {"heddle"')
    assert "100 levels" in _refused(head)


@pytest.mark.parametrize(
    ("more", "name"),
    [
        ('"action": "ADD"', "action"),
        (r'"\u0061ction": "OBSERVE"', "action"),
        ('"heddle:a": {"b": [{"c": 1, "c": 1}]}', "c"),
        ('"heddle:a": 1, "heddle:a": 2', "heddle:a"),
    ],
)
def test_a_field_named_twice_would_be_lost_and_is_rejected(
    document: Make, event_text: Text, more: str, name: str
) -> None:
    assert _reason(document(event_text(more))) == f"it names the field '{name}' twice; name it once"


def test_an_event_id_given_twice_as_gs1_does_is_remarked(document: Make, event_text: Text) -> None:
    found = read_document(document(event_text('"eventID": "urn:a:1", "eventID": "urn:a:2"')))
    assert found.events[0].fields["eventID"] == "urn:a:2"
    assert '"eventID":"urn:a:1"' in found.events[0].text
    assert "names eventID twice" in found.remarks[0]


def test_an_event_list_given_twice_is_refused(document: Make, event_text: Text) -> None:
    content = document(event_text()).replace(b'"eventList"', b'"eventList": [], "eventList"')
    assert _refused(content) == "/epcisBody names the field 'eventList' twice; name it once"


@pytest.mark.parametrize(
    "number", ["9" * 5_000, "1e10000", "1e99999999999999999999", "0." + "1" * 5_000, "-1E-99999"]
)
def test_numbers_too_large_are_rejected(document: Make, event_text: Text, number: str) -> None:
    assert "4000" in _reason(document(event_text(f'"heddle:a": {number}')))


@pytest.mark.parametrize("event_list", ["{}", "null", '"a"', "7", "true"])
def test_an_event_list_that_is_no_list_is_refused(document: Make, event_list: str) -> None:
    content = document("1").replace(b"[1]", event_list.encode())
    assert "/epcisBody/eventList is not a list" in _refused(content)


@pytest.mark.parametrize("event", ["1", "null", '"ObjectEvent"', "[]", "true"])
def test_an_event_that_is_no_object_is_rejected(document: Make, event: str) -> None:
    assert _reason(document(event)) == "it is no object; write an event in { }"


@pytest.mark.parametrize("value", ["7", "null", "true", "[]", "{}", '""', '"a b"', '"\\u0000"'])
def test_identifiers_that_are_no_uris_are_rejected(
    document: Make, event_text: Text, value: str
) -> None:
    assert "eventID is" in _reason(document(event_text(f'"eventID": {value}')))
    listed = event_text().replace('"urn:epc:id:sgtin:4012345.011111.9876"', value)
    assert "epcList/0 is" in _reason(document(listed))


def test_a_large_document_is_refused_at_the_limit(document: Make, event_text: Text) -> None:
    content = document(event_text())
    with pytest.raises(DocumentTooLargeError, match="split its event list") as refused:
        read_document(content, bytes_max=len(content) - 1)
    assert refused.value.status == 413
    assert len(read_document(content, bytes_max=len(content)).events) == 1


def test_an_event_of_many_megabytes_is_rejected(document: Make, event_text: Text) -> None:
    content = document(event_text('"heddle:a": "HERE"')).replace(b"HERE", b"x" * (17 << 20))
    assert "bytes, at most" in _reason(content)


def test_long_texts_take_no_long_time(document: Make, event_text: Text) -> None:
    # Each of these took minutes where a pattern or a loop was not linear.
    long = 300_000
    for uri in ("http://a/" + "01/" * long, "http://a/" + "%41a" * long + " ", "urn:" + "a" * long):
        found = read_document(document(event_text(f'"eventID": "{uri}"')))
        assert found.n_in == 1
    many = ", ".join(f'"k{number}": 1' for number in range(100_000))
    assert len(_reason(document(event_text(many)))) < 2_000


def test_a_million_faults_are_told_shortly(document: Make, event_text: Text) -> None:
    listed = event_text().replace('"urn:epc:id:sgtin:4012345.011111.9876"', "1" + ",1" * 200_000)
    reason = _reason(document(listed))
    assert reason.startswith("epcList/0 is the number 1")
    assert reason.endswith("faults more")


def _read(content: bytes) -> EpcisDocument | None:
    try:
        return read_document(content)
    except DocumentRefusedError:
        return None


@settings(max_examples=300, derandomize=True, deadline=None)
@given(data=st.data())
def test_damaged_bytes_are_read_or_refused_and_nothing_else(
    document: Make, data: st.DataObject
) -> None:
    content = bytearray(
        document(
            '{"type":"ObjectEvent","eventTime":"2026-03-04T00:31:00Z","eventTimeZoneOffset":"+08:00",'
            '"action":"ADD","epcList":["urn:a:b"],"ilmd":{"heddle:\\u00e9":[1.5e3,{"a":null}]}}'
        )
    )
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(content) - 1))
        what = data.draw(
            st.sampled_from([b"", b"\xff", b'"', b"[", b"}", b"\\", b"\x00", b"9", b","])
        )
        content[place : place + data.draw(st.integers(0, 3))] = what
    found = _read(bytes(content))
    if found is not None:
        assert found.n_in == len(found.events) + len(found.rejections)


@settings(max_examples=200, derandomize=True, deadline=None)
@given(
    value=st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
        max_leaves=12,
    )
)
def test_any_json_value_as_an_extension_is_kept_and_hashed(
    document: Make, event_text: Text, value: object
) -> None:

    text = json.dumps(value, allow_nan=True)
    if "Infinity" in text:
        return
    found = read_document(document(event_text(f'"heddle:a": {text}')))
    if "\\ud" not in text:
        assert json.loads(found.events[0].text)["heddle:a"] == value
