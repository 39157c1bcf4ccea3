"""What things are called: the programme's names as EPCIS master data (EPCIS 2.0 section 10.2)."""

from collections.abc import Iterable, Iterator

from treadle.twins.plant import identifiers
from treadle.twins.plant.events import Event
from treadle.twins.plant.programme import Part, Programme, Supplier

_CBV = "urn:epcglobal:cbv:mda"


def header(programme: Programme) -> Event:
    """Give the document header that names part numbers, places and companies."""
    vocabularies = (
        ("EPCClass", (_class(part) for part in programme.parts.values())),
        ("BusinessLocation", _places(programme)),
        ("SourceDest", _parties(programme)),
    )
    return {
        "epcisMasterData": {
            "vocabularyList": [
                {
                    "type": f"urn:epcglobal:epcis:vtype:{kind}",
                    "vocabularyElementList": list(elements),
                }
                for kind, elements in vocabularies
            ]
        }
    }


def _named(uri: str, attribute: str, name: str) -> Event:
    return {"id": uri, "attributes": [{"id": f"{_CBV}:{attribute}", "attribute": name}]}


def _class(part: Part) -> Event:
    pattern = f"urn:epc:idpat:sgtin:{part.supplier.prefix}.{part.item}.*"
    return _named(pattern, "descriptionShort", part.name)


def _places(programme: Programme) -> Iterator[Event]:
    prefix = programme.maker.prefix
    plant = identifiers.place(prefix, programme.plant_reference)
    named = {plant: f"{programme.maker.name} {programme.maker.city}"}
    for station in programme.stations.values():
        named[identifiers.place(prefix, station.reference)] = f"{station.key} {station.name}"
    for place in programme.places.values():
        named[place.uri] = place.name
    for supplier in _others(programme):
        named[identifiers.own_place(supplier.prefix)] = f"{supplier.name} {supplier.city}"
    return (_named(uri, "name", name) for uri, name in named.items())


def _parties(programme: Programme) -> Iterable[Event]:
    return [
        _named(identifiers.party(supplier.prefix), "name", supplier.name)
        for supplier in programme.suppliers.values()
    ]


def _others(programme: Programme) -> Iterable[Supplier]:
    return (s for s in programme.suppliers.values() if s.prefix != programme.maker.prefix)
