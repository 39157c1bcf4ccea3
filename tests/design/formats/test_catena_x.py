"""SingleLevelBomAsPlanned out by its own JSON schema, and in again to the same documents."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft4Validator  # type: ignore[import-untyped] # no stubs

from treadle.design.formats import bom_csv, catena_x
from treadle.design.formats.bills import read_bill
from treadle.kernel import InvalidInputError

FOLDER = (
    Path(__file__).parents[4]
    / "shared/data/carbon/catena-x/io.catenax.single_level_bom_as_planned/4.0.0"
)
needs_schema = pytest.mark.skipif(not FOLDER.exists(), reason="the schema of Catena-X is not here")
OURS = "BPNL00000000TRDL"
TABLE = b"""assembly,position,part,quantity,unit,condition,from,until,supplier,asset
,10,SEAT-S,2,piece,Sport,2026-03-01,2027-03-01,,
,10,SEAT-C,2,piece,!Sport,,,,
SEAT-S,1,FRAME,1,piece,,,,BPNL0000000SEATS,
SEAT-C,1,FRAME,1,piece,,,,BPNL0000000SEATS,
FRAME,1,GLUE,0.25,kilogram,,,,,219441ee-9d24-3552-8e0d-5551b0ab7e8f
"""
AT = datetime(2026, 1, 5, 8, tzinfo=UTC)


def documents() -> dict[str, dict[str, Any]]:
    lines, _ = bom_csv.read(TABLE)
    return catena_x.documents(lines, bill="x", created=AT, supplier=OURS)


@needs_schema
def test_every_assembly_is_a_document_that_the_schema_takes() -> None:
    schema = json.loads((FOLDER / "SingleLevelBomAsPlanned-schema.json").read_text())
    validator = Draft4Validator(schema)
    found = documents()
    assert list(found) == ["", "SEAT-S", "SEAT-C", "FRAME"]
    for document in found.values():
        assert list(validator.iter_errors(json.loads(catena_x.written(document)))) == []


@needs_schema
def test_the_published_sample_comes_in() -> None:
    bill, form, _ = read_bill((FOLDER / "SingleLevelBomAsPlanned.json").read_bytes(), name="x")
    (line,) = bill.lines
    assert form == "catena-x"
    assert (line.assembly, line.quantity, line.unit) == ("", 20.0, "piece")
    assert line.since == datetime(2023, 3, 21, 7, 17, 29, 187000, UTC)
    assert line.until == datetime(2024, 7, 1, 15, 10, tzinfo=UTC)
    assert (line.supplier, line.asset) == (
        "BPNL50096894aNXY",
        "urn:uuid:cfbc107d-3df6-ad9d-fa1d-6abe8469f929",
    )


def test_what_goes_out_comes_in_to_the_same_documents() -> None:
    found = documents()
    bill, _, remarks = read_bill(catena_x.archive(found), name="x")
    assert remarks == ()
    again = catena_x.documents(bill.lines, bill="x", created=AT, supplier=OURS)
    ours = list(found.values())
    assert [d["childItems"] for d in again.values()] == [
        [{**c, "globalAssetId": catena_x._uuid(c)} for c in d["childItems"]] for d in ours
    ]


def test_an_archive_is_the_same_bytes_for_the_same_bill() -> None:
    assert catena_x.archive(documents()) == catena_x.archive(documents())


def test_a_part_without_a_supplier_is_told_by_its_line() -> None:
    lines, _ = bom_csv.read(TABLE)
    with pytest.raises(InvalidInputError, match=r"/10/1 \(line 2\) names no supplier by BPNL"):
        catena_x.documents(lines, bill="x", created=AT)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"globalAssetId": "x"}, "document 1/globalAssetId is 'x', which is no UUID"),
        ({"childItems": {}}, "document 1/childItems is no list"),
        ({"childItems": [{}]}, "document 1/childItems/0/globalAssetId is None"),
        ({"childItems": None}, "no list"),
    ],
)
def test_what_is_no_such_document_is_told_by_its_place(change: dict[str, Any], told: str) -> None:
    document = {**documents()["FRAME"], **change}
    with pytest.raises(InvalidInputError, match=told):
        catena_x.read(json.dumps(document).encode())


def test_a_circle_of_documents_is_refused() -> None:
    one, other = (documents()[name] for name in ("SEAT-S", "FRAME"))
    other["childItems"][0]["globalAssetId"] = one["globalAssetId"]
    with pytest.raises(InvalidInputError, match="in itself"):
        read_bill(json.dumps([one, other]).encode(), name="x")
