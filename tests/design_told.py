"""A thread with requirements and software, told through the app as the doors do."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import reqif_told as told
from treadle.app import App, Report, open_app
from treadle.design import DOMAIN
from treadle.design.decide import requirements as of_requirements
from treadle.design.decide import software as of_software
from treadle.design.formats.baselines import take_baseline
from treadle.design.formats.requirements import take_requirements
from treadle.facts.design.requirements import LinkKind, requirement_id
from treadle.facts.design.software import baseline_id
from treadle.facts.proving import CampaignAsked, CampaignFinished, GateAsked, GateDecided
from treadle.kernel import Event, Fact, ThingId

START = datetime(2026, 3, 1, tzinfo=UTC)
TRACK = ThingId("urn:treadle:test:track")
CATALOGUE = ThingId("urn:treadle:catalogue:abc")
CAR = ThingId("urn:treadle:vin:U9HAAAAAAAAAAAAA1")


class Story:
    """An app whose clock goes on a day at each step."""

    def __init__(self) -> None:
        self.day = 0
        self.app: App = open_app("memory://", clock=self.now)

    def now(self) -> datetime:
        return START + timedelta(days=self.day)

    def do(self, command: Callable[..., Sequence[Fact]], thing: str, **wish: Any) -> list[Event]:
        self.day += 1
        return self.app.do(DOMAIN, command, ThingId(thing), **wish)

    def reqif(self, *texts: tuple[str, str], name: str = "driving", day: int = 0) -> Report:
        """Take in a version that states these requirements, made on a day."""
        self.day += 1
        objects = [told.requirement(identifier, text) for identifier, text in texts]
        made = (START + timedelta(days=day or self.day)).isoformat()
        content = told.document(*objects, made=made)
        return self.app.take_in(take_requirements, content, specification=name)

    def link(
        self, requirement: str, to: str, kind: LinkKind = "verified_by", claim: str = ""
    ) -> None:
        self.do(of_requirements.link, requirement_id(requirement), to=to, kind=kind, claim=claim)

    def verdict(self, verdict: str, thing: str = TRACK, **software: str) -> None:
        self.do(of_requirements.give_verdict, thing, verdict=verdict, software=software)

    def draft(self, name: str = "ads-1", **said: Any) -> Report:
        self.day += 1
        return self.app.take_in(take_baseline, baseline(name, **said))

    def release(self, name: str = "ads-1") -> list[Event]:
        return self.do(of_software.release_baseline, baseline_id(name), by="Ada")

    def install(self, name: str = "ads-1", occasion: str = "built", **more: Any) -> list[Event]:
        return self.do(of_software.install_software, CAR, baseline=name, occasion=occasion, **more)

    def campaign(
        self, number: str, verdict: str, *, version: str = "1.0", gate: bool = False, **rulings: str
    ) -> ThingId:
        """Tell the life of a campaign or a gate as proving does."""
        self.day += 1
        run = ThingId(f"urn:treadle:run:{number}")
        role = "candidate" if gate else "driver"
        build = {"name": "driver", "version": version, "identity": f"id-{version}"}
        asked = (GateAsked if gate else CampaignAsked)(
            work="proving.prove",
            about=CATALOGUE,
            manifest="sha256:" + "0" * 64,
            options={"roles": {role: "driver"}, "builds": {role: build}},
            seed=0,
            n_items=1,
            versions={},
            platform="x",
        )
        judged = [
            {"criterion": name, "requirement": "", "verdict": word, "reason": ""}
            for name, word in rulings.items()
        ]
        summary: dict[str, Any] = {"verdict": verdict, "rulings": judged}
        if gate:
            summary = {"decision": verdict, "candidate": {"rulings": judged}}
        done = (GateDecided if gate else CampaignFinished)(result="r", summary=summary)
        self.app.store.append(
            run, [asked, done], happened_at=self.now(), recorded_at=self.now(), expected_version=0
        )
        return run

    def tell(self, thing: str, fact: Fact) -> None:
        """Append a fact as another topic of design would."""
        self.day += 1
        version = len(self.app.store.history(ThingId(thing)))
        self.app.store.append(
            ThingId(thing),
            [fact],
            happened_at=self.now(),
            recorded_at=self.now(),
            expected_version=version,
        )

    def ask(self, query: Callable[..., Any], **question: Any) -> Any:
        return self.app.ask(query, **question)


def baseline(
    name: str,
    *,
    version: str = "1.0",
    based_on: str = "",
    rxswin: str = "R157SWIN 0001",
    assessment: str = "",
    requirements: Sequence[str] = ("r-1",),
    needs: str = "ADC hardware HW1 | HW2",
    more: str = "",
) -> bytes:
    """Return a baseline as an engineer types it."""
    digest = format(sum(map(ord, version)), "x").rjust(64, "a")
    before = f'based_on = "{based_on}"' if based_on else ""
    asked = ", ".join(f'"{one}"' for one in requirements)
    return f"""
name = "{name}"
vehicle_type = "heddle-one"
{before}
requirements = [{asked}]
{more}

[[ecu]]
name = "ADC"
hardware = ["HW1", "HW2"]

[[ecu]]
name = "BCU"

[[software]]
name = "driver"
ecu = "ADC"
version = "{version}"
sha256 = "{digest}"
needs = ["{needs}"]

[[software]]
name = "brakes"
ecu = "BCU"
version = "3.1"
sha256 = "{"b" * 64}"

[[type_approval]]
regulation = "UN R157"
type = "heddle-one"
rxswin = "{rxswin}"
software = ["driver"]
assessment = "{assessment}"

[[type_approval]]
regulation = "UN R13H"
type = "heddle-one"
rxswin = "R13HSWIN 0007"
software = ["brakes"]
""".encode()
