"""Every door says the same, and a new domain is in all of them."""

import json

from api.conftest import client
from cli.conftest import runner
from doors import toy
from treadle.kernel.operation import attributes, operations


def test_what_one_door_writes_the_other_reads() -> None:
    app = toy.toy_app()
    http, treadle = client(app), runner(app, (toy.DOMAIN,))
    wish = {"thing": toy.BOX, "colour": "red", "mass_kg": 1.5}
    assert http.post("/v1/toy/paint-box", json=wish).status_code == 201
    run = treadle("toy", "paint-box", toy.BOX, "--colour", "blue", "--mass-kg", "0.5")
    assert run.code == 0, run.err
    by_http = http.get("/v1/toy/coats", params={"thing": toy.BOX}).json()
    assert treadle("toy", "coats", toy.BOX, "--json").json() == by_http
    assert by_http["total_kg"] == 2.0
    refused = http.post("/v1/toy/paint-box", json=wish).json()["detail"]
    again = treadle("toy", "paint-box", toy.BOX, "--colour", "red", "--mass-kg", "1.5")
    assert again.err.strip() == refused


def test_a_document_in_by_one_door_is_known_to_the_other() -> None:
    app = toy.toy_app()
    http, treadle = client(app), runner(app, (toy.DOMAIN,))
    content = json.dumps([{"colour": "red"}]).encode()
    treadle("toy", "take-list", "-", stdin=content)
    media = {"Content-Type": "application/octet-stream"}
    report = http.post("/v1/toy/take-list", content=content, headers=media).json()
    assert (report["n_ok"], report["n_duplicate"]) == (1, 1)


def test_every_operation_is_in_every_door() -> None:
    app = toy.toy_app()
    paths = client(app).get("/openapi.json").json()["paths"]
    words = runner(app, (toy.DOMAIN,))("toy", "--help").out
    for operation in operations(toy.DOMAIN):
        assert f"/v1/toy/{operation.word}" in paths
        assert operation.word in words


def test_an_operation_is_read_from_the_signature_and_the_docstring() -> None:
    found = {o.name: o for o in operations(toy.DOMAIN)}
    mass = next(p for p in found["paint_box"].parameters if p.name == "mass_kg")
    assert (mass.help, mass.unit) == ("How much paint it takes.", "kg")
    assert mass.words == "How much paint it takes [kg]."
    assert found["coats"].summary == "What is on a box."
    assert attributes(toy.Coats)["total_kg"] == ("All paint together.", "kg")
