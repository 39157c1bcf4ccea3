"""Facts under stable names: old bodies are read in today's shape, unknown names are told."""

import json
from dataclasses import dataclass

import pytest

from kernel.toys import NOON, Said
from treadle.kernel import Fact, Projection, StoreError, ThingId, named, upcasts
from treadle.kernel.event import Entry
from treadle.kernel.fact import decode, own_name
from treadle.kernel.memory import MemoryStore


@named("toy.weighed", 3)
@dataclass(frozen=True, kw_only=True)
class Weighed(Fact):
    """v1 told pounds, v2 kilograms as `weight`, v3 has its unit in the name."""

    mass_kg: float
    by: str = "nobody"


@upcasts("toy.weighed", 1)
def _pounds_to_kilograms(body: str) -> str:
    told = json.loads(body)
    return json.dumps({"weight": told["pounds"] * 0.45359237})


@upcasts("toy.weighed", 2)
def _weight_to_mass(body: str) -> str:
    return json.dumps({"mass_kg": json.loads(body)["weight"]})


class TestUpcasters:
    def test_a_body_of_the_first_version_is_read_through_the_whole_chain(self) -> None:
        # One international avoirdupois pound is 0.45359237 kg by definition.
        assert decode("toy.weighed.v1", '{"pounds":2}') == Weighed(mass_kg=0.90718474)

    def test_each_version_enters_the_chain_at_its_own_place(self) -> None:
        assert decode("toy.weighed.v2", '{"weight":7.5}') == Weighed(mass_kg=7.5)
        assert decode("toy.weighed.v3", '{"mass_kg":7.5,"by":"K"}') == Weighed(mass_kg=7.5, by="K")

    def test_an_old_event_keeps_its_name_and_body_in_the_store_and_its_seal(self) -> None:
        store = MemoryStore()
        old = Entry(
            thing=ThingId("urn:x:1"), stored_as="toy.weighed.v1", body='{"pounds":1}', happened_at=0
        )
        (event,) = store.append_many([old], recorded_at=NOON).stored
        assert event.fact == Weighed(mass_kg=0.45359237)
        assert (event.stored_as, event.body) == ("toy.weighed.v1", '{"pounds":1}')
        assert event.sealed() == event.hash

    def test_a_fact_is_written_under_its_newest_name(self) -> None:
        entry = Entry.of(ThingId("urn:x:1"), Weighed(mass_kg=1.0), 0)
        assert entry.stored_as == "toy.weighed.v3"
        assert json.loads(entry.body) == {"mass_kg": 1.0, "by": "nobody"}


class TestNames:
    def test_two_facts_may_not_have_one_name(self) -> None:
        with pytest.raises(
            ValueError, match=r"two facts want the name toy\.said\.v1: Said, .*Other"
        ):

            @named("toy.said")
            class Other(Fact):
                """Another fact that wants a name that is taken."""

        assert decode("toy.said.v1", '{"word":"w"}') == Said(word="w")

    def test_a_name_that_this_treadle_does_not_know_is_a_clear_error(self) -> None:
        with pytest.raises(StoreError, match=r"no fact is called toy\.unheard\.v9 .* newer one"):
            decode("toy.unheard.v9", "{}")

    def test_a_name_is_not_an_import_path(self) -> None:
        assert Said.stored_as == "toy.said.v1"
        assert Said.__module__ not in Said.stored_as

    @pytest.mark.parametrize(
        ("thing", "name"),
        [
            ("urn:treadle:vin:LSVAA4182E2184842", "lsvaa4182e2184842"),
            ("urn:epc:id:sgtin:4012345.011111.AB12", "ab12"),
            ("https://id.gs1.org/01/04012345111118/21/Zz", "zz"),
            ("https://id.gs1.org/", "org"),
            ("urn:epc:id:sgln:9521000.00201.0", "00201"),
            ("urn:x:7", "7"),
            (":", ":"),
        ],
    )
    def test_the_own_name_of_a_thing_is_its_last_part_that_is_not_0(
        self, thing: str, name: str
    ) -> None:
        assert own_name(thing) == name


def test_a_projection_of_today_is_fed_by_the_names_it_lists() -> None:
    masses = Projection(
        name="toy_mass",
        columns={"position": "integer", "kg": "real"},
        key=("position",),
        facts=("toy.weighed.v1", "toy.weighed.v3"),
        rows=lambda e: (
            [{"position": e.position, "kg": e.fact.mass_kg}] if isinstance(e.fact, Weighed) else []
        ),
    )
    store = MemoryStore([masses])
    for name, body in (
        ("toy.weighed.v1", '{"pounds":1}'),
        ("toy.weighed.v2", '{"weight":2}'),
        ("toy.weighed.v3", '{"mass_kg":3.0}'),
    ):
        entry = Entry(thing=ThingId("urn:x:1"), stored_as=name, body=body, happened_at=0)
        store.append_many([entry], recorded_at=NOON)
    assert [row["kg"] for row in store.rows(masses)] == [0.45359237, 3.0]
