"""GS1 identifiers: one spelling for each, and what it names."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from treadle.trace.rules.identifiers import (
    canonical,
    check_digit,
    class_of,
    kind,
    label,
    serial_of,
)

ROOT = "https://id.gs1.org/"

# By hand from EPC Tag Data Standard 1.13 section 6; check digits from GS1's public calculator rule.
URNS = {
    "urn:epc:id:sgtin:0614141.112345.400": "01/10614141123459/21/400",
    "urn:epc:id:sgtin:061414.1112345.a.b": "01/10614141123459/21/a.b",
    "urn:epc:id:sgtin:4012345.011111.a%2Fb!": "01/04012345111118/21/a%2Fb%21",
    "urn:epc:id:sgtin:4012345.011111.a%2fb": "01/04012345111118/21/a%2Fb",
    "urn:epc:id:sscc:0614141.1234567890": "00/106141412345678908",
    "urn:epc:id:sgln:0614141.12345.400": "414/0614141123452/254/400",
    "urn:epc:id:sgln:0614141.12345.0": "414/0614141123452",
    "urn:epc:id:sgln:061414112345..400": "414/0614141123452/254/400",
    "urn:epc:id:grai:0614141.12345.400": "8003/00614141123452400",
    "urn:epc:id:giai:0614141.12345400": "8004/061414112345400",
    "urn:epc:id:gsrn:0614141.1234567890": "8018/061414112345678902",
    "urn:epc:id:gsrnp:0614141.1234567890": "8017/061414112345678902",
    "urn:epc:id:gdti:0614141.12345.400": "253/0614141123452400",
    "urn:epc:id:cpi:0614141.123ABC.123456789": "8010/0614141123ABC/8011/123456789",
    "urn:epc:id:cpi:0614141.123-%23%2FABC.1": "8010/0614141123-%23%2FABC/8011/1",
    "urn:epc:id:sgcn:4012345.67890.04711": "255/401234567890104711",
    "urn:epc:id:ginc:0614141.xyz47%2F11": "401/0614141xyz47%2F11",
    "urn:epc:id:gsin:0614141.123456789": "402/06141411234567890",
    "urn:epc:id:itip:4012345.012345.01.02.987": "8006/040123451234560102/21/987",
    "urn:epc:id:upui:1234567.089456.51qIgY)%3C%26Jp3*j7'SDB": (
        "01/01234567894560/235/51qIgY%29%3C%26Jp3%2Aj7'SDB"
    ),
    "urn:epc:id:pgln:1234567.89012": "417/1234567890128",
    "urn:epc:class:lgtin:4012345.012345.998877": "01/04012345123456/10/998877",
    "urn:epc:idpat:sgtin:4012345.012345.*": "01/04012345123456",
    "urn:epc:idpat:upui:4012345.012345.*": "01/04012345123456",
    "urn:epc:idpat:grai:0614141.12345.*": "8003/00614141123452",
    "urn:epc:idpat:gdti:0614141.12345.*": "253/0614141123452",
    "urn:epc:idpat:sgcn:4012345.67890.*": "255/4012345678901",
    "urn:epc:idpat:cpi:0614141.123ABC.*": "8010/0614141123ABC",
    "urn:epc:idpat:itip:4012345.012345.01.02.*": "8006/040123451234560102",
}
LINKS = {
    "https://example.com/01/04012345123456": "01/04012345123456",
    "http://example.com:8080/some/path/01/4012345123456/21/7?17=281231#x": "01/04012345123456/21/7",
    "https://example.com/gtin/12345670": "01/00000012345670",
    "https://example.com/gtin/614141123452/": "01/00614141123452",
    "https://example.com/01/04012345123456/22/2A/10/L1/21/7": "01/04012345123456/21/7",
    "https://example.com/01/04012345123456/10/L1": "01/04012345123456/10/L1",
    "https://example.com/gtin/04012345123456/cpv/2A": "01/04012345123456",
    "https://example.com/01/04012345123456/235/xy": "01/04012345123456/235/xy",
    "https://example.com/gln/4012345000054/glnx/17": "414/4012345000054/254/17",
    "https://example.com/sscc/340123451111111111": "00/340123451111111111",
    "https://example.com/giai/4012345A%2fB": "8004/4012345A%2FB",
    "https://example.com/grai/04012345000221334455": "8003/04012345000221334455",
    "https://example.com/cpid/0614141123ABC/cpsn/9": "8010/0614141123ABC/8011/9",
    "https://example.com/itip/040123451234560102/lot/L/ser/9": "8006/040123451234560102/21/9",
    "https://example.com/gsrn/401234500000067657/srin/4": "8018/401234500000067657",
    "https://example.com/party/4000001000005": "417/4000001000005",
    "https://example.com/gdti/4012345000092PO-4711": "253/4012345000092PO-4711",
    "https://example.com/gcn/401234567890104711": "255/401234567890104711",
    "https://example.com/ginc/0614141xyz": "401/0614141xyz",
    "https://example.com/gsin/06141411234567890": "402/06141411234567890",
    "https://example.com/01/04012345123456/21/a%41!%3c": "01/04012345123456/21/aA%21%3C",
}
OTHERS = [
    "",
    "urn:epc:",
    "urn:epc:id:sgtin",
    "urn:epc:id:sgtin:",
    "urn:epc:id:sgtin:..",
    "urn:epc:id:sgtin:4012345.01111.1",
    "urn:epc:id:sgtin:4012345.011111.",
    "urn:epc:id:sgtin:4012345.011111.123456789012345678901",
    "urn:epc:id:sgtin:4012345.011111.a b",
    "urn:epc:id:sgtin:4012345.0x1111.1",
    "urn:epc:id:sgtin:12345.01234567.1",
    "urn:epc:id:sgtin:٤012345.011111.1",
    "urn:epc:id:sscc:4012345.311111111",
    "urn:epc:id:sgln:4012345.00005",
    "urn:epc:id:sgcn:4012345.67890.A",
    "urn:epc:id:cpi:0614141.123abc.1",
    "urn:epc:id:cpi:0614141.123ABC.A",
    "urn:epc:id:itip:4012345.012345.1.02.9",
    "urn:epc:id:imovn:9176187",
    "urn:epc:id:adi:2S194..12345678901",
    "urn:epc:id:unknown:4012345.011111.1",
    "urn:epc:idpat:sgtin:4012345.*.*",
    "urn:epc:idpat:sgtin:4012345.012345.1",
    "urn:epc:class:lgtin:4012345.012345",
    "https://example.com/",
    "https://example.com",
    "https://example.com/01/",
    "https://example.com/01/123",
    "https://example.com/01/040123451234567/21/1",
    "https://example.com/01/04012345123456/99/1",
    "https://example.com/01/04012345123456/21",
    "https://example.com/414/4012345000054/21/1",
    "https://example.com/8011/1",
    "urn:treadle:vin:LHDAA4182T2184842",
    "geo:47.5,11.1",
    "no uri",
]


@pytest.mark.parametrize(("urn", "path"), URNS.items())
def test_epc_urns_become_canonical_digital_links(urn: str, path: str) -> None:
    assert canonical(urn) == ROOT + path


@pytest.mark.parametrize(("link", "path"), LINKS.items())
def test_digital_links_of_any_spelling_become_the_canonical_one(link: str, path: str) -> None:
    assert canonical(link) == ROOT + path


@pytest.mark.parametrize("uri", OTHERS)
def test_what_is_no_gs1_identifier_stays_as_it_is(uri: str) -> None:
    assert canonical(uri) == uri


@pytest.mark.parametrize("path", [*URNS.values(), *LINKS.values()])
def test_canonical_identifiers_stay_as_they_are(path: str) -> None:
    assert canonical(ROOT + path) == ROOT + path


@given(st.text("urn:epcid.sgtlhps/01245789*%", max_size=40))
def test_canonical_never_fails_and_is_stable(text: str) -> None:
    for uri in (text, f"urn:epc:id:sgtin:{text}", f"https://a/01/{text}"):
        assert canonical(canonical(uri)) == canonical(uri)


def test_the_published_list_of_identifiers_is_reproduced(shared_data: Path) -> None:
    folder = shared_data / "epcis" / "hash" / "examples"
    content = json.loads((folder / "epclist_normalisation.jsonld").read_text())
    given_list = content["epcisBody"]["eventList"][0]["epcList"]
    line = (folder / "epclist_normalisation.prehashes").read_text()
    wanted = line.partition("epcList")[2].partition("action=")[0].split("epc=")[1:]
    assert sorted(map(canonical, given_list)) == wanted


@pytest.mark.parametrize(
    ("digits", "digit"),
    # GS1 General Specifications section 7.9.1 (the GTIN-13 and SSCC worked there).
    [("629104150021", "3"), ("37610425002123456", "9"), ("0401234511111", "8")],
)
def test_check_digits_are_those_of_the_general_specifications(digits: str, digit: str) -> None:
    assert check_digit(digits) == digit


SERIALISED = "urn:epc:id:sgtin:4012345.011111.9876"
GTIN = "01/04012345111118"
GRAI = "8003/04012345000221"
ITIP = "8006/040123451111180102"
SSCC = "00/340123451111111111"


@pytest.mark.parametrize(
    ("uri", "sort", "name", "of_class", "serial"),
    [
        (SERIALISED, "serial", "SGTIN …9876", GTIN, "9876"),
        ("https://x.com/01/4012345111118/21/a%2Fb", "serial", "SGTIN …a/b", GTIN, "a/b"),
        ("urn:epc:idpat:sgtin:4012345.011111.*", "class", "GTIN …012345111118", GTIN, None),
        ("urn:epc:class:lgtin:4012345.011111.L1", "lot", "LGTIN …L1", f"{GTIN}/10/L1", None),
        ("urn:epc:id:grai:4012345.00022.33", "serial", "GRAI …33", GRAI, "33"),
        ("urn:epc:idpat:grai:4012345.00022.*", "class", "GRAI …012345000221", GRAI, None),
        ("urn:epc:id:giai:4012345.A1", "serial", "GIAI …4012345A1", "8004/4012345A1", None),
        ("urn:epc:id:cpi:0614141.12.7", "serial", "CPI …7", "8010/061414112", "7"),
        ("urn:epc:id:itip:4012345.011111.01.02.9", "serial", "ITIP …9", ITIP, "9"),
        ("urn:epc:id:sscc:4012345.3111111111", "logistic unit", "SSCC …451111111111", SSCC, None),
        ("urn:epc:id:sgln:4012345.00005.7", "location", "SGLN …7", "414/4012345000054/254/7", None),
        ("urn:epc:id:pgln:4012345.00000", "party", "PGLN …012345000009", "417/4012345000009", None),
        ("urn:epc:id:gdti:4012345.00009.P1", "document", "GDTI …P1", "253/4012345000092", "P1"),
    ],
)
def test_what_a_gs1_identifier_names(
    uri: str, sort: str, name: str, of_class: str, serial: str | None
) -> None:
    assert (kind(uri), label(uri)) == (sort, name)
    assert (class_of(uri), serial_of(uri)) == (ROOT + of_class, serial)


@pytest.mark.parametrize(
    ("uri", "sort", "name", "of_class", "serial"),
    [
        (
            "urn:treadle:vin:LHDAA4182T2184842",
            "serial",
            "VIN LHDAA4182T2184842",
            "urn:treadle:vin:LHDAA418*T2",
            "184842",
        ),
        ("urn:epcglobal:cbv:bt:4012345000009:PO-1", "document", "PO-1", None, None),
        ("urn:epc:id:imovn:9176187", "serial", "9176187", None, None),
        ("urn:epc:id:bic:CSQU3054383", "logistic unit", "CSQU3054383", None, None),
        ("geo:47.5,11.1", "location", "47.5,11.1", None, None),
        ("urn:heddle:order:4711", "other", "4711", None, None),
        ("https://example.com/a/", "other", "a", None, None),
        ("", "other", "", None, None),
    ],
)
def test_what_another_identifier_names(
    uri: str, sort: str, name: str, of_class: str | None, serial: str | None
) -> None:
    assert (kind(uri), label(uri)) == (sort, name)
    assert (class_of(uri), serial_of(uri)) == (uri if of_class is None else of_class, serial)


def test_a_long_name_is_shortened_for_people() -> None:
    assert label("urn:a:" + "x" * 90) == "…" + "x" * 12
