"""What stands behind the front door of trace: everything that the doors offer of it."""

from treadle.kernel.domain import Door
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

DOOR = Door(
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
