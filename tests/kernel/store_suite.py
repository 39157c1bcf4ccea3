"""What every store must do. Each test class gives its own `store` fixture."""

from datetime import datetime
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kernel.toys import NOON, WORDS, Said, at, told
from treadle.kernel import Entry, Link, StaleWriteError, Store, ThingId, to_us
from treadle.kernel.checkpoint import Signer
from treadle.kernel.verify import merkle_root, verify

CAR = ThingId("urn:x:car:1")
PARTS = [f"urn:x:part:{n}" for n in range(3)]


def tell(store: Store, *entries: Entry) -> None:
    store.append_many(entries, recorded_at=NOON)


def say(store: Store, thing: ThingId, *words: str, expected_version: int) -> None:
    facts = [Said(word=word) for word in words]
    store.append(
        thing, facts, happened_at=NOON, recorded_at=NOON, expected_version=expected_version
    )


def inside(store: Store, thing: str, when: datetime | None = None) -> set[str]:
    return {link.child for link in store.reach([ThingId(thing)], "down", as_of=when)}


def plain(links: list[Link]) -> set[tuple[object, ...]]:
    """Links without the events that tell them: those depend on the order of telling."""
    return {(k.child, k.parent, k.kind, k.quantity, k.since, k.until) for k in links}


class StoreSuite:
    def test_a_second_write_at_the_same_version_is_stale_and_writes_nothing(
        self, store: Store
    ) -> None:
        say(store, CAR, "a", expected_version=0)
        with pytest.raises(StaleWriteError, match="stands at version 1, not 0"):
            say(store, CAR, "b", "c", expected_version=0)
        assert [e.version for e in store.history(CAR)] == [1]
        assert store.head().position == 1

    def test_facts_come_back_as_they_were_with_their_times(self, store: Store) -> None:
        store.append(
            CAR, [Said(word='ä\u2028"')], happened_at=at(-1), recorded_at=NOON, expected_version=0
        )
        (event,) = store.history(CAR)
        assert event.fact == Said(word='ä\u2028"')
        assert (event.happened, event.recorded) == (at(-1), NOON)
        assert (event.domain, event.stored_as) == ("toy", "toy.said.v1")

    def test_versions_and_positions_have_no_gap_over_many_things(self, store: Store) -> None:
        for n in range(5):
            say(store, ThingId(f"urn:x:{n % 2}"), f"w{n}", expected_version=n // 2)
        assert [e.position for e in store.after(0)] == [1, 2, 3, 4, 5]
        assert [e.position for e in store.after(2, limit=2)] == [3, 4]
        assert [e.version for e in store.history(ThingId("urn:x:0"))] == [1, 2, 3]
        assert [e.position for e in store.latest(2)] == [5, 4]

    def test_what_was_told_twice_is_kept_once(self, store: Store) -> None:
        once = told(0, ("add", PARTS[0], CAR), key="k1")
        first = store.append_many([once, once], recorded_at=NOON)
        again = store.append_many([once, told(1, key="k2")], recorded_at=NOON)
        assert (len(first.stored), first.duplicates) == (1, (1,))
        assert (len(again.stored), again.duplicates) == (1, (0,))
        assert store.find("k1") == first.stored[0]
        assert store.find("k3") is None

    def test_a_thread_is_every_mention_by_when_it_happened(self, store: Store) -> None:
        tell(store, told(5, ("add", PARTS[0], CAR), about=(PARTS[0],)))
        tell(store, told(1, about=(PARTS[0],)))
        assert [e.happened for e in store.thread(ThingId(PARTS[0]))] == [at(1), at(5)]
        assert [e.happened for e in store.thread(ThingId(PARTS[0]), limit=1)] == [at(5)]
        assert [e.happened for e in store.thread(CAR)] == [at(5)]
        assert store.thread(ThingId("urn:x:nobody-told")) == []

    def test_two_spellings_are_one_thing_shown_as_it_first_came(self, store: Store) -> None:
        tell(store, told(0, ("add", "urn:x:PART:7", CAR), about=("urn:x:PART:7",)))
        tell(store, told(2, ("delete", "urn:x:part:7", "URN:X:CAR:1"), about=("urn:x:part:7",)))
        assert inside(store, "urn:x:Car:1", at(1)) == {"urn:x:PART:7"}
        assert inside(store, CAR, at(3)) == set()
        assert store.resolve(ThingId("URN:x:part:7")) == "urn:x:PART:7"
        assert len(store.thread(ThingId("urn:x:part:7"))) == 2
        assert store.resolve(ThingId("urn:x:part:8")) is None

    def test_many_things_read_at_once_tell_what_each_tells_by_itself(self, store: Store) -> None:
        tell(store, told(5, ("add", "urn:x:PART:7", CAR), about=("urn:x:PART:7",)))
        tell(store, told(1, about=("urn:x:part:7", PARTS[0])))
        names = ["urn:x:part:7", "urn:x:PART:7", CAR, PARTS[0], "urn:x:nobody-told", "urn:x:0"]
        things = [ThingId(name) for name in names]
        assert store.threads(things) == {thing: store.thread(thing) for thing in things}
        assert store.histories(things) == {thing: store.history(thing) for thing in things}
        assert any(store.histories(things).values())
        assert store.threads([]) == store.histories([]) == {}

    def test_a_replaced_part_counts_from_its_date(self, store: Store) -> None:
        tell(store, told(0, ("add", PARTS[0], CAR)))
        tell(store, told(9, ("delete", PARTS[0], CAR), ("add", PARTS[1], CAR)))
        assert inside(store, CAR, at(-1)) == set()
        assert inside(store, CAR, at(0)) == {PARTS[0]}
        assert inside(store, CAR, at(9)) == {PARTS[1]}
        assert inside(store, CAR) == {PARTS[1]}
        ever = store.reach([CAR], "down", ever=True)
        assert {(k.child, k.since, k.until) for k in ever} == {
            (PARTS[0], at(0), at(9)),
            (PARTS[1], at(9), None),
        }

    def test_up_and_down_go_to_any_depth_or_to_the_one_asked_for(self, store: Store) -> None:
        chain = ["urn:x:cell", "urn:x:module", "urn:x:pack", "urn:x:car"]
        for n, (child, parent) in enumerate(pairwise(chain)):
            tell(store, told(n, ("add", child, parent)))
        up = store.reach([ThingId(chain[0])], "up")
        assert [link.parent for link in up] == chain[1:]
        down = store.reach([ThingId(chain[-1])], "down", depth=2)
        assert [link.child for link in down] == ["urn:x:pack", "urn:x:module"]

    def test_a_circle_is_met_once_and_the_walk_ends(self, store: Store) -> None:
        tell(store, told(0, ("add", "urn:a", "urn:b"), ("add", "urn:b", "urn:a")))
        assert {(k.child, k.parent) for k in store.reach([ThingId("urn:a")], "down")} == {
            ("urn:b", "urn:a"),
            ("urn:a", "urn:b"),
        }

    def test_amounts_add_up_and_leave_first_in_first_out(self, store: Store) -> None:
        lot = "urn:x:lot:1"
        tell(store, told(0, ("add", lot, CAR), amounts=(5.0,)))
        tell(store, told(1, ("add", lot, CAR), amounts=(3.0,)))
        tell(store, told(2, ("delete", lot, CAR), amounts=(6.0,)))

        def amount(hours: float) -> float:
            links = store.reach([CAR], "down", as_of=at(hours))
            return sum(link.quantity or 0 for link in links)

        assert [amount(h) for h in (0, 1, 2)] == [5, 8, 2]

    def test_all_out_empties_a_parent(self, store: Store) -> None:
        tell(store, told(0, ("add", PARTS[0], CAR), ("add", PARTS[1], CAR)))
        tell(store, told(1, ("delete_all", "", CAR)))
        assert inside(store, CAR, at(0)) == set(PARTS[:2])
        assert inside(store, CAR) == set()

    def test_a_removal_without_an_installation_is_a_loose_end(self, store: Store) -> None:
        tell(store, told(3, ("delete", PARTS[0], CAR)))
        (loose,) = store.loose_ends()
        assert (loose.child, loose.parent, loose.since, loose.until) == (PARTS[0], CAR, None, at(3))
        assert inside(store, CAR, at(2)) == {PARTS[0]}
        tell(store, told(1, ("add", PARTS[0], CAR)))
        assert store.loose_ends() == []
        assert inside(store, CAR, at(0)) == set()
        assert inside(store, CAR, at(2)) == {PARTS[0]}

    def test_a_declared_error_takes_its_links_back(self, store: Store) -> None:
        tell(store, told(0, ("add", PARTS[0], CAR), key="k1"))
        tell(store, told(1, ("add", PARTS[1], CAR), key="k2"))
        tell(store, told(2, about=(CAR,), key="k3", takes_back=("k1",)))
        assert inside(store, CAR) == {PARTS[1]}
        assert store.void_among(["k1"])
        assert not store.void_among(["k2"])

    def test_an_error_declared_before_the_event_comes_counts_too(self, store: Store) -> None:
        tell(store, told(2, about=(CAR,), key="k3", takes_back=("k1",)))
        tell(store, told(0, ("add", PARTS[0], CAR), key="k1"), told(1, ("add", PARTS[1], CAR)))
        assert inside(store, CAR) == {PARTS[1]}
        assert store.find("k1") is not None

    def test_projections_follow_and_later_rows_take_the_place_of_earlier(
        self, store: Store
    ) -> None:
        say(store, CAR, "a", "b", "a", expected_version=0)
        say(store, ThingId("urn:x:car:2"), "b", expected_version=0)
        assert [(r["word"], r["position"]) for r in store.rows(WORDS, equals={"thing": CAR})] == [
            ("a", 3),
            ("b", 2),
        ]
        found = store.rows(WORDS, at_least={"position": 3}, below={"position": 4})
        assert [r["word"] for r in found] == ["a"]
        assert len(store.rows(WORDS, equals={"word": "b"}, limit=1)) == 1

    def test_a_rebuild_changes_nothing(self, store: Store) -> None:
        tell(store, told(0, ("add", PARTS[0], CAR), key="k1"))
        tell(store, told(5, ("delete", PARTS[0], CAR), ("add", PARTS[1], CAR), key="k2"))
        tell(store, told(6, about=(CAR,), takes_back=("k2",)))
        say(store, ThingId("urn:x:other"), "w", expected_version=0)
        before = (
            plain(store.reach([CAR], "down", ever=True)),
            store.rows(WORDS),
            [e.hash for e in store.thread(CAR)],
            bool(store.void_among(["k2"])),
        )
        counts = store.rebuild()
        assert counts["links"] == 1
        assert counts["toy_word"] == 1
        assert before == (
            plain(store.reach([CAR], "down", ever=True)),
            store.rows(WORDS),
            [e.hash for e in store.thread(CAR)],
            bool(store.void_among(["k2"])),
        )
        say(store, ThingId("urn:x:other"), "x", expected_version=1)

    def test_things_are_found_by_prefix_and_by_their_own_name(self, store: Store) -> None:
        names = ["urn:x:vin:ABC1", "urn:x:vin:ABC2", "urn:y:lot.ABC9", "https://z/01/ABx"]
        tell(store, told(0, about=tuple(names)))
        assert store.things(prefix="urn:x:vin:") == names[:2]
        assert store.things(called="abc") == sorted(names[:3])
        assert store.things(called="ABC", after="urn:x:vin:ABC1", limit=1) == names[1:2]
        assert store.count_things(prefix="urn:x:vin:") == 2

    def test_a_place_is_found_by_its_number_and_a_car_by_its_last_six(self, store: Store) -> None:
        place, car = "urn:epc:id:sgln:9521000.00201.0", "urn:x:vin:U9HH1E5A7RN000011"
        tell(store, told(0, about=(place, car)))
        assert store.things(called="00201") == [place]
        assert store.things(called="000011") == [car]
        assert store.things(called="00011") == []
        assert store.things(called="u9hh1e") == [car]

    def test_a_serial_in_two_things_at_once_is_found_until_one_lets_go(self, store: Store) -> None:
        tell(store, told(0, ("add", PARTS[0], CAR), ("add", PARTS[1], CAR)))
        tell(store, told(1, ("add", PARTS[0], "urn:x:car:2")))
        found = store.in_two_places("in")
        assert [(k.child, k.parent) for k in found] == [(PARTS[0], CAR), (PARTS[0], "urn:x:car:2")]
        assert store.in_two_places("other") == []
        tell(store, told(2, ("delete", PARTS[0], CAR)))
        assert store.in_two_places("in") == []

    def test_the_thread_is_chained_signed_and_whole(self, store: Store) -> None:
        say(store, CAR, "a", "b", "c", expected_version=0)
        signer = Signer.fresh()
        checkpoint = signer.sign(2, merkle_root(store, 2), to_us(NOON))
        store.add_checkpoint(checkpoint)
        assert store.checkpoints() == [checkpoint]
        found = verify(store, trusted_key=signer.public_key)
        assert (found.whole, found.n_events, found.covered_to) == (True, 3, 2)
        assert not verify(store, trusted_key=Signer.fresh().public_key).whole

    @given(data=st.data())
    @settings(
        max_examples=40,
        deadline=None,
        derandomize=True,
        suppress_health_check=[
            HealthCheck.function_scoped_fixture,
            HealthCheck.differing_executors,  # each store runs it, and that is the point
        ],
    )
    def test_links_do_not_depend_on_the_order_of_telling(
        self, store: Store, data: st.DataObject
    ) -> None:
        run = store.head().position
        move = st.tuples(
            st.sampled_from(["add", "delete", "delete_all"]), st.sampled_from(["p", "q"])
        )
        moments = data.draw(st.lists(st.integers(0, 9), min_size=1, max_size=8))
        amounts = data.draw(st.booleans())
        entries = []
        for n, moment in enumerate(moments):
            change, child = data.draw(move)
            name = "" if change == "delete_all" else f"urn:{run}:{child}"
            parents = ("urn:{}:one", "urn:{}:two")
            amount = (float(data.draw(st.integers(1, 4))),) if amounts else ()
            moves = [(change, name, p.format(run)) for p in parents]
            entries.append((moment, moves, amount, n))

        def as_told(world: str, order: list[int]) -> set[tuple[object, ...]]:
            for n in order:
                moment, moves, amount, key = entries[n]
                moved = tuple(
                    (c, f"{ch}{world}" if ch else "", f"{p}{world}") for c, ch, p in moves
                )
                amounts_ = amount * len(moved)
                tell(store, told(moment, *moved, amounts=amounts_, key=f"{run}{world}{key}"))
            tops = [ThingId(f"urn:{run}:{p}{world}") for p in ("one", "two")]
            links = plain(store.reach(tops, "down", ever=True))
            return {
                (str(c).removesuffix(world), str(p).removesuffix(world), *r) for c, p, *r in links
            }

        orders = data.draw(st.permutations(range(len(entries))))
        in_order = sorted(range(len(entries)), key=lambda n: entries[n][0])
        assert as_told("-a", in_order) == as_told("-b", list(orders))
