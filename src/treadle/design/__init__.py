"""Design: features and rules, bill of material, requirements, changes, software baselines.

A feature model is read (formats), compiled to a rulebook (facts/rulebook.py) that every other
domain asks, and released; parts, requirements and software hang on its options. Read in this order:
facts/rulebook.py, facts/design.py, rules/, formats/, state.py, decide/, views/.
"""

from treadle.design.formats.models import release_model
from treadle.design.views.comparing import compare_models
from treadle.design.views.models import analyse, analysis, export_model, models
from treadle.design.views.names import describe, names
from treadle.kernel import Domain

DOMAIN = Domain(
    name="design",
    title="Design",
    summary="Features and rules, bill of material, requirements, changes, software baselines.",
    intakes=(release_model,),
    readings=(analyse,),
    queries=(models, analysis, compare_models, export_model),
    names=names,
    describe=describe,
)
