"""What went into what: the links that each event of EPCIS 2.0 tells, or does not."""

from datetime import UTC, datetime
from typing import Any

import pytest

from epcis_told import (
    CAR,
    LINE,
    LOT,
    PACK,
    SERIAL,
    Event,
    brief,
    event,
    into,
    links,
    out_of,
    seen,
    tell,
    thread_of,
)
from treadle.kernel import ThingId

A, B, C = (SERIAL.format(name) for name in "ABC")
LOT_1, LOT_2 = LOT.format(1), LOT.format(2)
KILOS = [{"epcClass": LOT_1, "quantity": 2.5, "uom": "KGM"}]
PIECES = [{"epcClass": LOT_1, "quantity": 40}]


def on(day: int) -> datetime:
    return datetime(2026, 3, day, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("sort", "kind"), [("Aggregation", "aggregation"), ("Association", "association")]
)
class TestPutTogether:
    def test_add_puts_serials_and_amounts_in(self, sort: str, kind: str) -> None:
        told = event(sort, action="ADD", parentID=PACK, childEPCs=[A, B], childQuantityList=KILOS)
        app = thread_of(told)
        assert brief(links(app, PACK)) == {
            (A, PACK, kind, None, None),
            (B, PACK, kind, None, None),
            (LOT_1, PACK, kind, 2.5, "KGM"),
        }
        assert {(k.since, k.until) for k in links(app, PACK)} == {(on(1), None)}

    def test_delete_takes_what_it_names_out(self, sort: str, kind: str) -> None:
        app = thread_of(
            event(sort, action="ADD", parentID=PACK, childEPCs=[A, B], childQuantityList=PIECES),
            event(
                sort,
                3,
                action="DELETE",
                parentID=PACK,
                childEPCs=[A],
                childQuantityList=[{"epcClass": LOT_1, "quantity": 15}],
            ),
        )
        found = {(k.child, k.quantity, k.until) for k in links(app, PACK)}
        assert found == {(A, None, on(3)), (B, None, None), (LOT_1, 15, on(3)), (LOT_1, 25, None)}
        assert {k.kind for k in links(app, PACK)} == {kind}

    def test_delete_without_children_takes_all_of_its_kind_out(self, sort: str, kind: str) -> None:
        other = "Association" if sort == "Aggregation" else "Aggregation"
        app = thread_of(
            event(sort, action="ADD", parentID=PACK, childEPCs=[A], childQuantityList=PIECES),
            event(other, action="ADD", parentID=PACK, childEPCs=[C]),
            event(sort, 2, action="DELETE", parentID=PACK),
        )
        standing = {(k.child, k.kind != kind) for k in links(app, PACK) if k.until is None}
        assert standing == {(C, True)}

    def test_observe_tells_nothing_new(self, sort: str, kind: str) -> None:
        assert kind
        app = thread_of(event(sort, action="OBSERVE", parentID=PACK, childEPCs=[A]))
        assert links(app, PACK) == []
        assert len(app.store.thread(ThingId(PACK))) == len(app.store.thread(ThingId(A))) == 1

    def test_a_class_without_amount_is_in_whole(self, sort: str, kind: str) -> None:
        some = [{"epcClass": LOT_1}]
        app = thread_of(event(sort, action="ADD", parentID=PACK, childQuantityList=some))
        assert brief(links(app, PACK)) == {(LOT_1, PACK, kind, None, None)}


class TestAggregationWithoutParent:
    def test_it_links_nothing_and_is_kept(self) -> None:
        app = thread_of(event("Aggregation", action="ADD", childEPCs=[A, B]))
        assert links(app, A, up=True) == []
        assert len(app.store.history(ThingId(A))) == 1


class TestTransformation:
    def tell(self, **fields: Any) -> set[tuple[Any, ...]]:
        app = thread_of(event("Transformation", **fields))
        names = [LOT_1, LOT_2, A, B, C]
        return {(k[0], k[1], *k[2:]) for k in brief(links(app, *names, up=True))}

    def test_what_one_thing_was_made_of_is_in_it_with_its_amount(self) -> None:
        found = self.tell(inputEPCList=[A], inputQuantityList=KILOS, outputEPCList=[C])
        assert found == {
            (A, C, "transformation", None, None),
            (LOT_1, C, "transformation", 2.5, "KGM"),
        }

    def test_what_became_many_things_has_no_amount_in_each(self) -> None:
        found = self.tell(inputQuantityList=PIECES, outputEPCList=[A, B])
        assert found == {
            (LOT_1, A, "transformation", None, None),
            (LOT_1, B, "transformation", None, None),
        }

    def test_many_that_became_many_go_through_one_process(self) -> None:
        found = self.tell(
            inputEPCList=[A],
            inputQuantityList=KILOS,
            outputEPCList=[B, C],
            outputQuantityList=[{"epcClass": LOT_2, "quantity": 7}],
        )
        (process,) = {parent for _, parent, kind, *_ in found if kind == "input"}
        assert process.startswith("urn:treadle:transformation:")
        assert found == {
            (A, process, "input", None, None),
            (LOT_1, process, "input", 2.5, "KGM"),
            (process, B, "output", None, None),
            (process, C, "output", None, None),
            (process, LOT_2, "output", None, None),
        }

    def test_a_transformation_told_in_parts_is_one_process(self) -> None:
        name = "urn:epc:id:gdti:9521000.00001.T1"
        app = thread_of(
            event("Transformation", 1, transformationID=name, inputQuantityList=KILOS),
            event("Transformation", 2, transformationID=name, inputEPCList=[A]),
            event("Transformation", 3, transformationID=name, outputEPCList=[C]),
        )
        assert {k.child for k in links(app, C)} == {name, A, LOT_1}
        assert [e.version for e in app.store.history(ThingId(name))] == [1, 2, 3]


class TestEventsThatLinkNothing:
    @pytest.mark.parametrize("action", ["ADD", "OBSERVE", "DELETE"])
    def test_an_object_event_names_things_only(self, action: str) -> None:
        app = thread_of(seen(A, B, action=action, quantityList=PIECES, readPoint={"id": LINE}))
        assert links(app, A, B, LOT_1, up=True) == []
        for thing in (A, B, LOT_1, LINE):
            assert len(app.store.thread(ThingId(thing))) == 1

    @pytest.mark.parametrize("action", ["ADD", "OBSERVE", "DELETE"])
    def test_a_transaction_names_its_papers_and_things(self, action: str) -> None:
        order = "urn:epcglobal:cbv:bt:9521000000009:PO-1"
        app = thread_of(
            event(
                "Transaction",
                action=action,
                parentID=PACK,
                epcList=[A],
                bizTransactionList=[{"type": "po", "bizTransaction": order}],
                sourceList=[{"type": "owning_party", "source": "urn:epc:id:pgln:9521000.00001"}],
                destinationList=[{"type": "location", "destination": LINE}],
            )
        )
        assert links(app, PACK, A, order) == []
        named = (PACK, A, order, LINE, "urn:epc:id:pgln:9521000.00001")
        assert [len(app.store.thread(ThingId(n))) for n in named] == [1] * 5

    def test_an_event_of_ones_own_type_is_kept_and_not_interpreted(self) -> None:
        told = event("heddle:Paint", action="ADD", parentID=PACK, childEPCs=[A])
        app = thread_of(told)
        assert app.store.resolve(ThingId(PACK)) is None
        (first, _) = app.store.after(0)
        assert first.stored_as == "trace.extended.v1"


class TestTime:
    def test_links_hold_from_when_it_happened_in_whatever_order_it_is_told(self) -> None:
        told = [into(CAR, A, day=1), out_of(CAR, A, day=4), into(CAR, B, day=4)]
        expected = {(A, on(1), on(4)), (B, on(4), None)}
        for order in (told, told[::-1], [told[1], told[0], told[2]]):
            found = links(thread_of(*order), CAR)
            assert {(k.child, k.since, k.until) for k in found} == expected

    def test_one_document_or_many_make_no_difference(self) -> None:
        told = [into(CAR, A, day=1), out_of(CAR, day=4), into(CAR, B, day=4)]
        one = thread_of()
        tell(one, *told)
        assert links(one, CAR)
        assert brief(links(one, CAR)) == brief(links(thread_of(*told), CAR))


class TestErrorDeclaration:
    def declared(self, wrong: Event) -> Event:
        return {**wrong, "errorDeclaration": {"declarationTime": "2026-03-09T00:00:00Z"}}

    def test_it_undoes_the_links_of_the_event_it_repeats(self) -> None:
        wrong = into(CAR, A, day=1)
        app = thread_of(wrong, into(CAR, B, day=2), self.declared(wrong))
        assert {k.child for k in links(app, CAR)} == {B}
        assert len(app.store.thread(ThingId(A))) == 2  # it is still told that it was told

    def test_it_counts_also_where_it_comes_before_the_event(self) -> None:
        wrong = into(CAR, A, day=1)
        app = thread_of(self.declared(wrong), into(CAR, B, day=2), wrong)
        assert {k.child for k in links(app, CAR)} == {B}

    def test_a_removal_told_in_error_puts_the_part_back(self) -> None:
        wrong = out_of(CAR, A, day=3)
        app = thread_of(into(CAR, A, day=1), wrong, self.declared(wrong))
        assert [(k.child, k.until) for k in links(app, CAR)] == [(A, None)]

    def test_an_event_is_found_by_the_id_its_sender_gave_it(self) -> None:
        name = "urn:uuid:0f2c4b1e-6f3a-4a52-9a43-5d7e4b1b8a11"
        wrong = into(CAR, A, day=1, eventID=name)
        app = thread_of(wrong, self.declared(wrong))
        assert links(app, CAR) == []
        assert app.store.void_among([name])

    def test_two_declarations_of_one_event_are_two_tellings_with_one_effect(self) -> None:
        wrong = into(CAR, A, day=1)
        later = {**wrong, "errorDeclaration": {"declarationTime": "2026-03-10T00:00:00Z"}}
        app = thread_of(wrong, self.declared(wrong), self.declared(wrong), later)
        assert links(app, CAR) == []
        declared = [e for e in app.store.history(ThingId(CAR)) if "#error" in (e.identity or "")]
        assert len(declared) == 2


class TestSpelling:
    def test_a_part_put_in_by_urn_comes_out_by_digital_link(self) -> None:
        # GTIN of urn:epc:id:sgtin:9521000.000020 is 0 9521000 00020 and check digit 1:
        # 3*(0+5+1+0+0+0+0) + (9+2+0+0+0+2) = 18 + 13 = 31 -> 9.
        link = "https://id.gs1.org/01/09521000000209/21/A"
        app = thread_of(into(CAR, A, day=1), out_of(CAR, link, day=2))
        assert [(k.child, k.until) for k in links(app, CAR)] == [(A, on(2))]


class TestAmountsBeyondADouble:
    @pytest.mark.parametrize(
        ("amount", "kept"),
        [(10**30, 1e30), (10**400, 1e300), (-(10**400), -1e300)],
        ids=["exact", "too large", "too small"],
    )
    def test_they_are_kept_far_but_finite_as_json_has_no_infinity(
        self, amount: int, kept: float
    ) -> None:
        told = [{"epcClass": LOT_1, "quantity": amount}]
        app = thread_of(event("Aggregation", action="ADD", parentID=PACK, childQuantityList=told))
        (link,) = links(app, PACK)
        assert link.quantity == kept


class TestCircles:
    def test_a_thing_told_to_be_in_itself_is_kept_as_told(self) -> None:
        app = thread_of(into(PACK, PACK))
        assert brief(links(app, PACK)) == {(PACK, PACK, "association", None, None)}
