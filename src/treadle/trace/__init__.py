"""The trace: what physically happened to parts and cars, and what is in what at any date.

EPCIS 2.0 documents come in and go out unchanged (formats); links follow from them (facts/trace.py);
one asks what is in a car, what a lot is in, and which cars to call (views). Read in this order:
facts/trace.py, rules/, formats/, state.py, decide.py, views/.
"""

from treadle.kernel import Domain
from treadle.trace import decide, state
from treadle.trace.formats.capture import capture
from treadle.trace.rules.identifiers import one_spelling
from treadle.trace.views.export import export
from treadle.trace.views.findings import FINDINGS, findings
from treadle.trace.views.genealogy import down, up
from treadle.trace.views.milestones import MILESTONES
from treadle.trace.views.names import NAMES, names
from treadle.trace.views.recall import recall
from treadle.trace.views.story import describe, story

DOMAIN = Domain(
    name="trace",
    title="Trace",
    summary="What physically happened to parts and cars, and what is in what at any date.",
    fold=state.fold,
    commands=(
        decide.install_part,
        decide.remove_part,
        decide.replace_part,
        decide.declare_error,
    ),
    intakes=(capture,),
    queries=(down, up, recall, story, findings, export),
    projections=(MILESTONES, FINDINGS, NAMES),
    names=names,
    canonical=one_spelling,
    describe=describe,
)
