"""Units as every door writes them: UN/CEFACT Recommendation 20 codes in people's spelling."""

_UNITS = {
    "KGM": "kg", "GRM": "g", "LTR": "l", "MTR": "m", "MTK": "m²", "MTQ": "m³", "KWH": "kWh",
    "WHR": "Wh", "JOU": "J", "KJO": "kJ", "MAJ": "MJ", "3B": "MJ", "CEL": "°C", "FAH": "°F",
    "KEL": "K", "NU": "N m", "NEW": "N", "VLT": "V", "AMP": "A", "OHM": "ohm", "AMH": "Ah",
    "KWT": "kW", "WTT": "W", "BAR": "bar", "PAL": "Pa", "P1": "%", "DD": "°", "SEC": "s",
    "MIN": "min", "HUR": "h", "HTZ": "Hz", "KMH": "km/h", "KMT": "km", "MMT": "mm", "EA": "pieces",
    "C62": "pieces",
}  # fmt: skip
"""Those that a plant meets."""


def unit_word(uom: str | None) -> str:
    """Return a unit code as people write it, the code itself where it is not known here."""
    return "" if uom is None else _UNITS.get(uom, uom)


def amount(value: float | None, uom: str | None) -> str:
    """Return an amount with its unit as people write it; pieces carry none."""
    if value is None:
        return ""
    unit = unit_word(uom)
    return f"{value:,.6g}{' ' + unit if unit else ''}"
