"""A domain's words, shown with a domain that the command line has never heard of."""

import json
from pathlib import Path

import pytest

from cli.conftest import Treadle
from doors import toy
from treadle import cli
from treadle.app import App

PAINT = ("toy", "paint-box", toy.BOX, "--colour", "red", "--mass-kg", "1.5")


def test_a_command_of_a_new_domain_is_there_without_any_code_of_the_door(treadle: Treadle) -> None:
    run = treadle(*PAINT, "--marks", "a", "--marks", "b", "--seal", '{"text": "wax"}', "--json")
    assert run.code == 0, run.err
    (event,) = run.json()
    assert event["stored_as"] == "toy.painted.v1"
    assert event["happened"] == "2026-05-04T12:00:00Z"


def test_a_command_says_in_words_what_it_stored(treadle: Treadle) -> None:
    run = treadle(*PAINT)
    assert run.code == 0
    assert run.out == "stored event 1 2026-05-04 12:00:00Z Painted\n"


def test_a_command_takes_the_moment_at_which_it_happened(treadle: Treadle, app: App) -> None:
    treadle(*PAINT, "--at", "2026-01-02T03:04:05+01:00")
    assert app.store.history(toy.BOX)[0].happened.isoformat() == "2026-01-02T02:04:05+00:00"


def test_every_value_reaches_the_function_in_its_type(treadle: Treadle, app: App) -> None:
    treadle(*PAINT, "--coats", "3", "--finish", "gloss", "--price", "12.50", "--marks", "a")
    fact = app.store.history(toy.BOX)[0].fact
    assert fact == toy.Painted(colour="red", mass_kg=1.5, coats=3, marks=("a", "gloss", "12.50"))


def test_what_a_domain_refuses_is_one_sentence_and_exit_code_1(treadle: Treadle) -> None:
    treadle(*PAINT)
    run = treadle(*PAINT)
    assert (run.code, run.out, run.err) == (1, "", f"{toy.BOX} is red already\n")


def test_an_identifier_is_no_picture(treadle: Treadle) -> None:
    car = "urn:car:1"
    assert car in treadle("toy", "coats", car).err
    assert car in treadle("find", car).err
    treadle("toy", "paint-box", car, *PAINT[3:])
    assert car in treadle("toy", "coats", car).out
    assert car in treadle("find", car).out


def test_every_console_is_made_in_one_place() -> None:
    for page in Path(cli.__file__).parent.glob("*.py"):
        made = page.read_text(encoding="utf-8").count(" Console(")
        assert made == (page.name == "session.py"), f"{page.name} makes a console of its own"


def test_what_is_not_found_is_exit_code_1(treadle: Treadle) -> None:
    run = treadle("toy", "coats", "urn:toy:box:9")
    assert (run.code, run.err) == (1, "nobody ever painted urn:toy:box:9\n")


@pytest.mark.parametrize(
    "words",
    [
        ("toy", "paint-box", toy.BOX),
        ("toy", "paint-box", toy.BOX, "--colour", "red", "--mass-kg", "much"),
        (*PAINT, "--finish", "shiny"),
        (*PAINT, "--nobody-knows", "1"),
        (*PAINT, "--at", "yesterday"),
        (*PAINT, "--at", "2026-01-02T03:04:05"),
        (*PAINT, "--seal", "wax"),
        (*PAINT, "--seal", '{"colour": "red"}'),
        (*PAINT, "--price", "much"),
        ("toy", "nothing"),
        ("nothing",),
        ("toy", "coats"),
        ("toy", "take-list", "/no/such/file"),
    ],
)
def test_wrong_use_is_exit_code_2(treadle: Treadle, app: App, words: tuple[str, ...]) -> None:
    run = treadle(*words)
    assert run.code == 2
    assert run.err
    assert app.store.head().position == 0


def test_a_moment_without_a_zone_says_how_to_give_one(treadle: Treadle) -> None:
    run = treadle(*PAINT, "--at", "2026-01-02T03:04:05")
    assert "write 2026-01-02T03:04:05Z if it is UTC" in " ".join(run.err.split())


def test_a_date_alone_is_its_first_instant(treadle: Treadle) -> None:
    treadle(*PAINT)
    assert treadle("toy", "coats", toy.BOX, "--as-of", "2026-05-04", "--json").json()["coats"] == []


def test_a_query_answers_with_a_block_and_its_tables(treadle: Treadle) -> None:
    treadle(*PAINT)
    treadle("toy", "paint-box", toy.BOX, "--colour", "blue", "--mass-kg", "0.25")
    run = treadle("toy", "coats", toy.BOX)
    lines = [line.rstrip() for line in run.out.splitlines()]
    assert lines[:2] == ["thing       urn:toy:box:1", "total [kg]  1.75"]
    assert "coats  2" in lines
    assert "  colour  mass [kg]  at" in lines
    assert "  blue         0.25  2026-05-04 12:00:00Z" in lines


def test_a_query_answers_as_json_wherever_the_word_stands(treadle: Treadle) -> None:
    treadle(*PAINT)
    after = treadle("toy", "coats", toy.BOX, "--json").json()
    before = treadle("--json", "toy", "coats", toy.BOX).json()
    assert after == before
    assert after["newest"] == {"colour": "red", "mass_kg": 1.5, "at": "2026-05-04T12:00:00Z"}
    assert treadle("toy", "total-kg", "--json").json() == 1.5


def test_a_query_takes_its_options(treadle: Treadle) -> None:
    treadle(*PAINT)
    treadle("toy", "paint-box", toy.BOX, "--colour", "blue", "--mass-kg", "0.25")
    options = (
        "--only",
        "red",
        "--only",
        "blue",
        "--newest-first",
        "--most",
        "1",
        "--least-kg",
        "0",
    )
    answer = treadle("toy", "coats", toy.BOX, *options, "--json").json()
    assert [c["colour"] for c in answer["coats"]] == ["blue"]


def test_a_document_goes_to_standard_output_or_a_file(treadle: Treadle, tmp_path: Path) -> None:
    treadle(*PAINT)
    expected = f"{toy.BOX}\nred".encode()
    assert treadle("toy", "sheet", toy.BOX).content == expected
    target = tmp_path / "sheet.txt"
    assert treadle("toy", "sheet", toy.BOX, "--out", target).code == 0
    assert target.read_bytes() == expected
    lost = treadle("toy", "sheet", toy.BOX, "--out", tmp_path / "none" / "sheet.txt")
    assert (lost.code, "cannot be written" in lost.err) == (1, True)


def test_help_comes_from_the_signature_and_the_docstring(treadle: Treadle) -> None:
    told = " ".join(treadle("toy", "paint-box", "--help").out.replace("│", " ").split())
    assert "Paint a box." in told
    assert "How much paint it takes [kg]" in told
    assert "--mass-kg" in told
    group = treadle("toy", "--help").out
    assert "What is on a box." in group
    assert "take-list" in group


def test_json_is_what_a_program_can_read_back(treadle: Treadle) -> None:
    treadle(*PAINT)
    run = treadle("toy", "coats", toy.BOX, "--json")
    assert json.loads(run.out) == run.json()
    assert run.err == ""
