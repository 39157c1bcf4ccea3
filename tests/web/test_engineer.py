"""The engineer's pages: a bill with its changes, coverage, baselines; all by address alone."""

import re
from html import unescape

import pytest

from design_told import TRACK, Story
from doors.asgi import Client
from treadle.app import App, open_app
from treadle.design.decide import changes as decide
from treadle.design.formats.bills import take_bom
from treadle.design.formats.models import release_model
from treadle.facts.design.material import bom_id
from web.conftest import client_of

MODEL = b"""features
    Car
        mandatory
            Body
                alternative
                    Hatch
                    Estate
        optional
            Towbar
            Camera
constraints
    Towbar => Estate
"""
BILL = b"""assembly,position,part,title,quantity,unit,condition,from,until,plants,priority,needed
,10,SEAT,Front seat,2,,,,,,1,true
SEAT,10,RAIL,Seat rail,2,,,,,,1,
SEAT,20,FOAM,Foam,0.4,kilogram,,,,,1,
,20,HOOK,Tow hook,1,,Towbar,2026-03-01,,north,1,
,30,DOOR,Tailgate,1,,Estate,,2027-01-01,,1,
,40,CAM-A,Camera A,1,,Camera,,,,1,
,40,CAM-B,Camera B,1,,Camera,,,south,2,
"""


def story() -> Story:
    """Return a thread of a small car: a model, a bill, changes in three states, software."""
    told = Story()
    told.app.take_in(release_model, MODEL, model="small", version="1")
    told.app.take_in(take_bom, BILL, bill="small", version="1", model="small")
    bill = bom_id("small")
    for number, title, line in (
        ("C-1", "A stronger hook", "/20/1"),
        ("C-2", "A lighter seat", "/10/1"),
        ("C-3", "A cheaper door", "/30/1"),
    ):
        told.do(
            decide.propose_change,
            bill,
            number=number,
            title=title,
            by="Ana",
            replaces={line: f"NEW-{number[-1]}"},
            first_serial=500,
        )
    told.do(decide.review_change, bill, number="C-2", by="Bo", note="fits")
    told.do(decide.reject_change, bill, number="C-3", by="Bo", reason="rattles")
    told.reqif(("r-1", "Stop"), ("r-2", "Go"), ("r-3", "Wait"))
    told.link("r-1", TRACK)
    told.link("r-1", "urn:treadle:software:driver", kind="implemented_by")
    told.link("r-1", "urn:treadle:feature:small:Camera", kind="realised_by")
    told.verdict("PASS", driver="1.0")
    told.link("r-2", TRACK)
    told.reqif(("r-1", "Stop"), ("r-2", "Go at once"), ("r-3", "Wait"))
    told.draft("ads-1")
    told.draft("ads-2", version="1.1", based_on="ads-1", requirements=("r-1", "r-2"))
    return told


@pytest.fixture(scope="module")
def app() -> App:
    return story().app


@pytest.fixture
def client(app: App) -> Client:
    return client_of(app)


def text(page: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


def row(page: str, begins: str) -> str:
    rows = [text(found) for found in re.findall(r"<tr>.*?</tr>", page, flags=re.DOTALL)]
    return next(found for found in rows if found.startswith(begins))


def test_the_overview_leads_to_every_section(client: Client) -> None:
    page = client.get("/engineer").text
    for link in (
        "/engineer/bom?bill=small",
        "/engineer/changes?bill=small",
        "/engineer/requirements?of=driving",
        "/engineer/baselines?new=ads-2",
        "/d/design/analysis?model=small",
    ):
        assert f'href="{link}' in page
        assert client.get(link).status_code == 200
    assert "1 proposed, 1 reviewed, 1 turned down" in page
    assert '<a href="/engineer" aria-current="page">Engineer</a>' in page


def test_a_store_without_any_of_it_says_how_it_begins() -> None:
    client = client_of(open_app("memory://"))
    for section, words in (
        ("", "None came yet"),
        ("/bom", "No bill of material came yet"),
        ("/changes", "No bill of material came yet"),
        ("/requirements", "No specification came yet"),
        ("/baselines", "No baseline was drafted yet"),
    ):
        answer = client.get("/engineer" + section)
        assert answer.status_code == 200
        assert words in answer.text


def test_the_tree_shows_each_part_with_condition_dates_plants_and_alternates(
    client: Client,
) -> None:
    page = client.get("/engineer/bom?bill=small").text
    assert row(page, "Front seat") == "Front seat SEAT 10 2 every car always all needed"
    assert re.search(r"set-in-2\W+><b>Seat rail", page)
    assert row(page, "Tow hook") == "Tow hook HOOK 20 1 Towbar from 1 Mar 2026 north"
    assert row(page, "Tailgate") == "Tailgate DOOR 30 1 Estate before 1 Jan 2027 all"
    assert "south choice 2: where none before it is" in row(page, "Camera B")
    assert "NEW-1" not in page  # a proposal counts only where it is asked for
    page = client.get("/engineer/bom?bill=small&also=C-1").text
    assert "goes by C-1" in row(page, "Tow hook")


def test_options_leave_the_parts_of_one_car(client: Client) -> None:
    page = client.get(
        "/engineer/bom?bill=small&option=Towbar,+Camera&plant=north&date=2026-05-01T00:00"
    ).text
    shown = re.findall(r"<b>([^<]+)</b>", page)
    assert shown == ["Front seat", "Seat rail", "Foam", "Tow hook", "Tailgate", "Camera A"]
    assert row(page, "Seat rail") == "Seat rail RAIL 10 2 4 SEAT/10/1"  # two seats, two rails each
    assert row(page, "Foam") == "Foam FOAM 20 0.4 kg 0.8 kg SEAT/20/1"
    assert "Body, Camera, Car, Estate, Towbar" in page  # the hook brings the estate
    assert 'href="/engineer/bom?bill=small"' in page


def test_what_a_car_lacks_and_what_was_left_open_is_said() -> None:
    app = open_app("memory://")
    table = b"position,part,condition,needed\n10,SHORT,Hatch,true\n10,LONG,Estate,true\n"
    app.take_in(release_model, MODEL, model="small", version="1")
    app.take_in(take_bom, table, bill="small", version="1", model="small")
    words = text(client_of(app).get("/engineer/bom?bill=small&option=Camera").text)
    assert "1 position that this car needs has no part; options left open may be why." in words
    assert "Position 10 of the car" in words
    assert "2 options left open, taken as not chosen Estate, Hatch" in words
    words = text(client_of(app).get("/engineer/bom?bill=small&option=Hatch").text)
    assert "has no part" not in words


@pytest.mark.parametrize(
    ("asked", "status", "words"),
    [
        ("option=Hatch,Towbar", 409, "no car has"),
        ("option=Tobar", 422, "'towbar' is meant"),
        ("plant=west", 422, "there are north, south"),
        ("serial=x1", 422, "is no production number"),
        ("date=soon", 422, "is not a date"),
    ],
)
def test_a_car_that_cannot_be_says_why_and_keeps_what_was_typed(
    client: Client, asked: str, status: int, words: str
) -> None:
    answer = client.get(f"/engineer/bom?bill=small&{asked}")
    assert answer.status_code == status
    assert words in unescape(answer.text).lower()
    value = asked.partition("=")[2].replace(",", ", ")
    assert f'value="{value}"' in answer.text


def test_the_board_has_each_change_in_the_column_of_its_state(client: Client) -> None:
    page = client.get("/engineer/changes?bill=small").text
    columns = re.findall(r'<section class="column is-([\w-]+)".*?</section>', page, re.DOTALL)
    assert columns == ["proposed", "reviewed", "approved", "effective", "turned-down"]
    found = {
        column: re.findall(r"<h3><a[^>]*>([^<]+)<", part)
        for column, part in re.findall(
            r'<section class="column is-([\w-]+)"(.*?)</section>', page, re.DOTALL
        )
    }
    assert found == {
        "proposed": ["C-1"], "reviewed": ["C-2"], "approved": [], "effective": [],
        "turned-down": ["C-3"],
    }  # fmt: skip
    words = text(page)
    assert "A lighter seat" in words
    assert "goes /10/1: SEAT" in words
    assert "comes" in words
    assert re.search(r"For [^.]*500", words)
    assert "rejected by Bo" in words
    touched = [unescape(x) for x in re.findall(r'href="(/d/design/touched-by[^"]*)"', page)]
    assert len(touched) == 3
    assert client.get(touched[0]).status_code == 200


def test_a_bill_that_is_not_there_is_refused(client: Client) -> None:
    for section in ("bom", "changes"):
        assert client.get(f"/engineer/{section}?bill=large").status_code == 404


def test_the_matrix_shows_what_covers_a_requirement_and_marks_suspects(client: Client) -> None:
    page = client.get("/engineer/requirements").text
    assert "passed" in row(page, "r-1")
    assert row(page, "r-3").count("none") == 3
    assert "Suspect: verified by track" in row(page, "r-2")
    assert "Suspect" not in row(page, "r-1")
    gaps = client.get("/engineer/requirements?of=driving&show=gaps").text
    assert row(gaps, "r-3")
    assert ">r-1<" not in gaps
    suspect = client.get("/engineer/requirements?show=suspect").text
    assert row(suspect, "r-2")
    assert ">r-3<" not in suspect
    by_new = client.get("/engineer/requirements?baseline=ads-2").text
    assert "stale" in row(by_new, "r-1")  # driver 1.0 passed; the baseline has 1.1
    for link in re.findall(r'href="(/thing[^"]*)"', page):
        assert client.get(unescape(link)).status_code == 200, link
    assert client.get("/engineer/requirements?show=all").status_code == 422


def test_two_baselines_show_the_software_and_the_rxswins_touched(client: Client) -> None:
    page = client.get("/engineer/baselines").text  # the newest beside what it is based on
    assert "From ads-1 to ads-2" in page
    assert row(page, "driver").startswith("driver changed ADC 1.0")
    touched = row(page, "UN R157")
    assert "R157SWIN 0001" in touched
    assert "Open: update the RXSWIN" in touched
    assert "R13HSWIN" not in page
    assert "Asked now r-2" in text(page)
    back = client.get("/engineer/baselines?old=ads-2&new=ads-1").text
    assert "No longer asked r-2" in text(back)
    assert client.get("/engineer/baselines?old=ads-9&new=ads-1").status_code == 404


def test_a_long_bill_is_shown_leaf_by_leaf() -> None:
    app = open_app("memory://")
    lines = "".join(f"{n},P{n}\n" for n in range(900))
    app.take_in(take_bom, f"position,part\n{lines}".encode(), bill="long", version="1")
    client = client_of(app)
    seen: list[str] = []
    address = "/engineer/bom?bill=long"
    while address:
        page = client.get(address).text
        seen += re.findall(r"<b>(P\d+)</b>", page)
        after = re.search(r'href="([^"]*)">After<', page)
        address = unescape(after[1]) if after else ""
    assert sorted(seen) == sorted(f"P{n}" for n in range(900))
