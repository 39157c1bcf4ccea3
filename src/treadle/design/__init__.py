"""Design: features and rules, bill of material, requirements, changes, software baselines.

A feature model is read (formats), compiled to a rulebook (facts/rulebook.py) that every other
domain asks, and released; parts, requirements and software hang on its options. Read in this order:
facts/rulebook.py, facts/design.py, rules/, state/, formats/, decide/, views/.
"""

from treadle.kernel import Domain
from treadle.kernel.domain import Door


def _door() -> Door:
    from treadle.design.door import DOOR  # noqa: PLC0415 - who asks for help alone needs no room

    return DOOR


DOMAIN = Domain.behind(
    _door,
    name="design",
    title="Design",
    summary="Features and rules, bill of material, requirements, changes, software baselines.",
)
