"""Files broken by chance: their bytes, their words, their elements, and what they refer to."""

import random
import re
from collections.abc import Callable

VALUES = (
    "NaN", "nan", "INF", "-INF", "inf", "1e308", "-1e308", "1e-308", "-0", "0", "-1", "1", "2",
    "0.5", "1e6", "-1e6", "1e9", "99999999999", "2147483648", "-2147483649", "9223372036854775808",
    "0x10", "1,5", " 7 ", "", "x", "$x", "${1/0}", "${sqrt(-1)}", "${$x+1}", "$Speed", "${", "true",
    "false", "standard", "none", "linear", "longitudinal", "lane", "entity", "shortest", "../..",
    "/", "\u00e4\u2028", "A" * 2000, "1.3", "start", "end", "driving", "Ego",
)  # fmt: skip
FACTORS = ("-1", "0", "0.001", "1000", "1e12", "1e200")
_ATTRIBUTE = re.compile(r'\s([\w:]+)="([^"<]*)"')
_EMPTY = re.compile(r"<([A-Za-z]\w*)[^<>]*/>")
_OPEN = re.compile(r"<([A-Za-z]\w*)(?:\s[^<>]*)?(?<!/)>")
_NUMBER = re.compile(r"\s*[-+]?[\d.]+(?:[eE][-+]?\d+)?\s*$")
_REFERENCES = (
    "entityRef", "id", "elementId", "roadId", "laneId", "catalogName", "entryName", "name", "path",
    "filepath", "storyboardElementRef", "parameterRef", "variableRef", "trafficSignalId",
    "trafficSignalControllerRef", "incomingRoad", "connectingRoad", "contactPoint", "elementType",
    "routeRef", "trailerRef", "masterEntityRef", "from", "to", "junction", "parameterName",
)  # fmt: skip
_MOST_COPIES, _LONGEST = 80, 2_000_000

Mutation = Callable[[str, random.Random], str]


def broken(content: bytes, chance: random.Random) -> bytes:
    """Return a file with one to four things wrong."""
    text = content.decode("utf-8", "surrogateescape")
    for _ in range(chance.choice((1, 1, 1, 2, 2, 3, 4))):
        text = chance.choices(_MUTATIONS, _WEIGHTS)[0](text, chance)[:_LONGEST]
    changed = text.encode("utf-8", "surrogateescape")
    return garbled(changed, chance) if chance.random() < 0.04 else changed


def garbled(content: bytes, chance: random.Random) -> bytes:
    """Return it cut off, with bytes changed, or in another encoding."""
    kind = chance.randrange(4)
    at = chance.randrange(len(content) + 1)
    if kind == 0:
        return content[:at]
    if kind == 1:
        some = bytes(chance.randrange(256) for _ in range(chance.randint(1, 30)))
        return content[:at] + some + content[at + len(some) :]
    if kind == 2:
        return content.decode("utf-8", "replace").encode("utf-16")
    return content + content[at:]


def _value(text: str, chance: random.Random) -> str:
    """Give an attribute another value."""
    found = list(_ATTRIBUTE.finditer(text))
    if not found:
        return text
    one = chance.choice(found)
    return text[: one.start(2)] + chance.choice(VALUES) + text[one.end(2) :]


def _number(text: str, chance: random.Random) -> str:
    """Give a number another value: an odd one, or that of another number of the file."""
    found = [one for one in _ATTRIBUTE.finditer(text) if _NUMBER.match(one[2])]
    if not found:
        return text
    one = chance.choice(found)
    new = chance.choice(found)[2] if chance.random() < 0.2 else chance.choice(VALUES[:21])
    return text[: one.start(2)] + new + text[one.end(2) :]


def _scale(text: str, chance: random.Random) -> str:
    """Multiply a number, and so have it negative, tiny or huge."""
    found = [one for one in _ATTRIBUTE.finditer(text) if _NUMBER.match(one[2])]
    if not found:
        return text
    one = chance.choice(found)
    try:
        new = float(one[2]) * float(chance.choice(FACTORS))
    except ValueError:
        return text
    return text[: one.start(2)] + f"{new:g}" + text[one.end(2) :]


def _lose_attribute(text: str, chance: random.Random) -> str:
    found = list(_ATTRIBUTE.finditer(text))
    if not found:
        return text
    one = chance.choice(found)
    return text[: one.start()] + text[one.end() :]


def _element(text: str, chance: random.Random) -> tuple[int, int] | None:
    """Return where an element stands, with all inside it."""
    found = [*_EMPTY.finditer(text), *_OPEN.finditer(text)]
    if not found:
        return None
    one = chance.choice(found)
    if one[0].endswith("/>"):
        return one.start(), one.end()
    depth, at = 0, one.start()
    for tag in re.finditer(rf"<(/?){one[1]}(?:\s[^<>]*?)?(/?)>", text[one.start() :]):
        depth += -1 if tag[1] else 0 if tag[2] else 1
        if depth == 0:
            return at, at + tag.end()
    return None


def _lose_element(text: str, chance: random.Random) -> str:
    spot = _element(text, chance)
    return text if spot is None else text[: spot[0]] + text[spot[1] :]


def _copy_element(text: str, chance: random.Random) -> str:
    """Have an element twice, or very often."""
    spot = _element(text, chance)
    if spot is None:
        return text
    one = text[spot[0] : spot[1]]
    times = chance.choice((1, 1, 2, _MOST_COPIES))
    if len(one) * times > _LONGEST // 10:
        times = 1
    copies = "".join(
        re.sub(r' name="([^"]*)"', rf' name="\g<1>{k}"', one, count=1) if times > 1 else one
        for k in range(times)
    )
    return text[: spot[1]] + copies + text[spot[1] :]


def _move_element(text: str, chance: random.Random) -> str:
    """Put an element somewhere else: beside or inside another, perhaps inside its own kind."""
    spot, other = _element(text, chance), _element(text, chance)
    if spot is None or other is None:
        return text
    one = text[spot[0] : spot[1]]
    if chance.random() < 0.5:
        return text[: other[0]] + one + text[other[0] :]
    return text[: other[0]] + one + text[other[1] :]


def _swap_references(text: str, chance: random.Random) -> str:
    """Let an element refer to what another one does: cycles, wrong kinds, nothing at all."""
    found = [one for one in _ATTRIBUTE.finditer(text) if one[1] in _REFERENCES]
    if not found:
        return text
    one, other = chance.choice(found), chance.choice(found)
    if chance.random() < 0.7:
        other = chance.choice([same for same in found if same[1] == one[1]])
    return text[: one.start(2)] + other[2] + text[one.end(2) :]


def _rename(text: str, chance: random.Random) -> str:
    """Give an element the name of another one."""
    found = list(re.finditer(r"<([A-Za-z]\w*)(?=[\s/>])", text))
    if not found:
        return text
    one = chance.choice(found)
    return text[: one.start(1)] + chance.choice(found)[1] + text[one.end(1) :]


def _cycle(text: str, chance: random.Random) -> str:
    """Let parameters depend on one another, or on themselves."""
    found = list(re.finditer(r'<ParameterDeclaration[^<>]*?\sname="([^"]*)"[^<>]*', text))
    if not found:
        return _value(text, chance)
    one, other = chance.choice(found), chance.choice(found)
    said = f'value="${{${other[1]} + 1}}"'
    changed = re.sub(r'value="[^"]*"', lambda _: said, one[0], count=1)
    return text[: one.start()] + changed + text[one.end() :]


def _cut(text: str, chance: random.Random) -> str:
    at = chance.randrange(len(text) + 1)
    return text[:at] + text[at + chance.randrange(1, 40) :]


def _word(text: str, chance: random.Random) -> str:
    """Say another word of the file where a word of the standard stands."""
    found = [one for one in _ATTRIBUTE.finditer(text) if one[2].isalpha()]
    if not found:
        return text
    one = chance.choice(found)
    return text[: one.start(2)] + chance.choice(found)[2] + text[one.end(2) :]


def _parameter(text: str, chance: random.Random) -> str:
    """Let a value be that of a parameter."""
    names = re.findall(r'<ParameterDeclaration[^<>]*?\sname="([^"]*)"', text)
    found = list(_ATTRIBUTE.finditer(text))
    if not names or not found:
        return _number(text, chance)
    one, name = chance.choice(found), chance.choice(names)
    said = chance.choice((f"${name}", f"${{${name} * 2}}", f"${{1 / ${name}}}", f"${{-${name}}}"))
    return text[: one.start(2)] + said + text[one.end(2) :]


_CHANCES: tuple[tuple[Mutation, int], ...] = (
    (_number, 30), (_scale, 10), (_value, 10), (_lose_attribute, 5), (_lose_element, 7),
    (_copy_element, 7), (_move_element, 5), (_swap_references, 10), (_rename, 3), (_cycle, 3),
    (_cut, 2), (_word, 8), (_parameter, 4),
)  # fmt: skip
_MUTATIONS = [mutation for mutation, _ in _CHANCES]
_WEIGHTS = [weight for _, weight in _CHANCES]
