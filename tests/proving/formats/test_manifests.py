"""Files are told apart by what they say, not by their names; what is none of them is refused."""

import pytest

from proving import drives
from treadle.kernel import InvalidInputError
from treadle.proving.formats.manifests import manifest_of
from treadle.proving.formats.openscenario.files import FromContents
from treadle.proving.formats.xml import root_of

ROAD = drives.FILES["straight/road.xodr"]


@pytest.mark.parametrize(
    "content",
    [
        ROAD.encode(),
        f"<?xml version='1.0'?><!-- {'x' * 10_000} -->{ROAD}".encode(),
        f"<?xml version='1.0' encoding='UTF-16'?>{ROAD}".encode("utf-16"),
        b"\xef\xbb\xbf" + ROAD.encode(),
    ],
)
def test_a_road_is_known_by_its_root_element(content: bytes) -> None:
    assert root_of(content) == "OpenDRIVE"
    lines, findings = manifest_of(FromContents({"some.file": content}), "some.file")
    assert lines[0].tag == "OpenDRIVE"
    assert {line.outcome for line in lines} == {"executed"}
    assert findings == []


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "no well-formed XML"),
        (b"\x89PNG\r\n", "no well-formed XML"),
        (b"<OpenDRIVE>", "no well-formed XML"),
        (b"<OpenSCENARIO/>", "FileHeader|no Storyboard"),
        (b"<kml/>", "the root element is kml"),
        (b"<!DOCTYPE x [<!ENTITY a 'b'>]><OpenSCENARIO/>", "document type"),
        (b"<?xml version='1.0' encoding='klingon'?><OpenSCENARIO/>", "no well-formed XML"),
    ],
)
def test_what_is_none_of_them_is_refused(content: bytes, why: str) -> None:
    with pytest.raises(InvalidInputError, match=why):
        manifest_of(FromContents({"f": content}), "f")


def test_a_file_that_is_not_there_is_refused() -> None:
    with pytest.raises(InvalidInputError, match="nowhere is not there"):
        manifest_of(FromContents({}), "nowhere")
