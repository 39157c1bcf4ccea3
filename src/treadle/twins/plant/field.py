"""After the plant: dealers sell the cars, workshops repair them, and the bad lot is found."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from treadle.twins.plant import events, identifiers
from treadle.twins.plant.events import WORK_ORDER, Where
from treadle.twins.plant.line import Car, Line, swap
from treadle.twins.plant.parts import CUSTOMER_ORDER, WORKSHOP_ORDER, Run, site
from treadle.twins.plant.programme import Place, Story

MORNING = dt.time(9, 0)


@dataclass
class Found:
    """What the story came to: the names that a caller cannot know before the run."""

    bad_lot: str
    as_built: list[Car]
    repaired: list[Car]
    car: Car | None
    removed: dict[str, list[str]]
    """Replaced parts by VIN."""
    used_spare: str = ""
    used_spare_car: Car | None = None


class Field:
    """Dealers and workshops."""

    def __init__(self, run: Run, line: Line, cars: list[Car]) -> None:
        self.run, self.line, self.cars = run, line, cars
        self._n_work_orders = 0
        self._keeper: dict[str, Where] = {}
        """Where a replaced part is kept."""

    def sell(self) -> None:
        """Ship every car to a dealer of its market, who receives and sells it."""
        for car in self.cars:
            self._sell(car)

    def _sell(self, car: Car) -> None:
        run, programme = self.run, self.run.programme
        dealers = [p for p in programme.places.values() if p.market == car.market and p.sells]
        dealer = dealers[events.pick(run.rng, len(dealers))]
        shipped = self._working_hour(car.completed, programme.ship_after_days)
        travel = dt.timedelta(days=dealer.transit_days)
        received = shipped + travel + run.minutes(30, 300)
        sold = self._working_hour(received, programme.retail_after_days)
        car.retail, car.dealer = sold, dealer.key
        order = identifiers.document(programme.maker.prefix, CUSTOMER_ORDER, f"{car.index + 1:06d}")
        there = Where(dealer.uri, dealer.uri, dealer.utc_offset)
        route = {
            "bizTransactionList": [events.transaction("po", order)],
            "sourceList": [{"type": "location", "source": run.plant().site}],
            "destinationList": [{"type": "location", "destination": dealer.uri}],
        }
        for step, disposition, at, where, body in (
            ("shipping", "in_transit", shipped, run.plant(), route),
            ("receiving", "sellable_accessible", received, there, route),
            ("retail_selling", "retail_sold", sold, there, {}),
        ):
            self._observe(at, where, step, disposition, [car.uri], **body)

    def _working_hour(self, after: dt.datetime, days: tuple[float, float]) -> dt.datetime:
        """Give a moment some days later, in working hours."""
        whole = dt.timedelta(days=round(events.between(self.run.rng, *days)))
        morning = dt.datetime.combine((after + whole).date(), MORNING, dt.UTC)
        moment = morning + self.run.minutes(0, 420)
        return moment if moment > after else moment + dt.timedelta(days=1)

    def everyday_repairs(self) -> None:
        """Replace, in a share of the cars, the parts that the programme's repairs name."""
        for repair in self.run.programme.repairs:
            part = self.run.programme.parts[repair.part]
            for car in self.cars:
                if self.run.rng.random() >= repair.share or car.retail is None:
                    continue
                held = self.run.contents[car.uri]
                old = [c for c in held if self.run.part_of.get(c) == part.number]
                if not old:
                    continue
                at = self._working_hour(car.retail, repair.after_days)
                new = self.line.deliveries.serials(part, len(old))
                self.line.deliveries.commission(part, new, at - dt.timedelta(days=20))
                self._visit(car, car.uri, old, new, at, sender=site(part.supplier))

    def _visit(
        self,
        car: Car,
        holder: str,
        old: list[str],
        new: list[str],
        at: dt.datetime,
        *,
        sender: Where,
        fate: str = "non_sellable_other",
    ) -> None:
        """Note a workshop visit: found, spare sent, old out, new in, car handed back."""
        self._n_work_orders += 1
        run = self.run
        workshop = self._workshop(car)
        there = Where(workshop.uri, workshop.uri, workshop.utc_offset)
        number = f"W{self._n_work_orders:05d}"
        order = identifiers.document(run.programme.maker.prefix, WORKSHOP_ORDER, number)
        self._keeper.update(dict.fromkeys(old, there))
        papers = {"bizTransactionList": [events.transaction(WORK_ORDER, order)]}
        if sender.site != there.site:
            sent, came = at - dt.timedelta(days=6), at - dt.timedelta(days=2)
            self._observe(sent, sender, "shipping", "in_transit", new, **papers)
            self._observe(came, there, "receiving", "available", new, **papers)
        self._observe(at, there, "inspecting", "needs_replacement", old, **papers)
        swap(run, there, holder, (old, new), at + dt.timedelta(hours=2), **papers)
        done = at + dt.timedelta(hours=4)
        self._observe(done, there, "repairing", "conformant", [car.uri], **papers)
        self._observe(done + dt.timedelta(hours=1), there, "holding", fate, old, **papers)

    def _workshop(self, car: Car) -> Place:
        able = [
            p for p in self.run.programme.places.values() if p.market == car.market and p.repairs
        ]
        return able[events.pick(self.run.rng, len(able))]

    def _observe(
        self,
        at: dt.datetime,
        where: Where,
        step: str,
        disposition: str,
        things: list[str],
        **body: Any,
    ) -> None:
        body = {"action": "OBSERVE", "epcList": things} | body
        self.run.journal.add("ObjectEvent", at, where, step, disposition, **body)

    def play_story(self, story: Story, bad_lot: str, as_built: list[Car]) -> Found:
        """Report the bad lot, repair some affected cars, fit one used part to another car."""
        run = self.run
        part = run.programme.parts[story.bad_lot_part]
        notice = dt.datetime.combine(story.notice, MORNING, dt.UTC)
        run.journal.add(
            "ObjectEvent",
            notice,
            site(part.supplier),
            "holding",
            "non_conformant",
            action="OBSERVE",
            quantityList=[{"epcClass": bad_lot}],
        )
        sold = [c for c in as_built if c.retail and c.retail < notice]
        named = sold[min(story.car_rank, len(sold)) - 1] if sold else None
        found = Found(bad_lot, as_built, [], named, {})
        others = [c for c in sold if c is not named]
        # In a short run some affected cars stay unrepaired too.
        n_repaired = min(story.replaced_cars, (len(sold) + 1) // 2)
        while len(found.repaired) < n_repaired - 1:
            found.repaired.append(others.pop(events.pick(run.rng, len(others))))
        if named and n_repaired:
            found.repaired.append(named)
        found.repaired.sort(key=lambda c: c.index)
        last = notice
        for car in found.repaired:
            at = self._working_hour(notice, story.repair_after_days)
            last = max(last, at)
            found.removed[car.vin] = self._replace_affected(story, car, bad_lot, at)
        self._fit_used_spare(story, found, last)
        return found

    def _replace_affected(self, story: Story, car: Car, lot: str, at: dt.datetime) -> list[str]:
        run = self.run
        part = run.programme.parts[story.replaced_part]
        holder, inside = next(
            (h, i) for h in self._holders(car.uri) if (i := self._inside(h, part.number))
        )
        old = [piece for piece in inside if run.holds(piece, lot)]
        new = []
        for _ in old:
            stock = self.line.stock[part.number]
            while not any(not run.holds(piece, lot) for piece in stock):
                self.line.build_set(part)
            new.append(next(piece for piece in stock if not run.holds(piece, lot)))
            stock.remove(new[-1])
        self._visit(car, holder, old, new, at, sender=run.plant())
        return old

    def _holders(self, thing: str) -> list[str]:
        """Give a thing and all that is inside of it and holds other things."""
        inside = [c for c in self.run.contents.get(thing, ()) if c in self.run.contents]
        return [thing, *(h for c in inside for h in self._holders(c))]

    def _inside(self, holder: str, number: str) -> list[str]:
        return [c for c in self.run.contents[holder] if self.run.part_of.get(c) == number]

    def _fit_used_spare(self, story: Story, found: Found, after: dt.datetime) -> None:
        """Fit a replaced part to a car that was never affected.

        Only the as-maintained genealogy can show this mistake.
        """
        run = self.run
        affected = {car.vin for car in found.as_built}
        healthy = [c for c in self.cars if c.vin not in affected and c.retail and c.retail < after]
        donors = [c for c in found.repaired if found.removed[c.vin]]
        if not healthy or not donors:
            return
        donor, car = donors[0], healthy[events.pick(run.rng, len(healthy))]
        spare = found.removed[donor.vin][0]
        days = story.used_spare_after_days
        at = self._working_hour(after, (days, days + 6))
        holder, inside = next(
            (h, i) for h in self._holders(car.uri) if (i := self._inside(h, story.replaced_part))
        )
        old = inside[events.pick(run.rng, len(inside))]
        self._visit(car, holder, [old], [spare], at, sender=self._keeper[spare], fate="damaged")
        found.used_spare, found.used_spare_car = spare, car
