"""What stands behind the front door of design: everything that the doors offer of it."""

from treadle.design.decide import requirements as of_requirements
from treadle.design.decide import software as of_software
from treadle.design.decide.change_files import take_change
from treadle.design.decide.changes import (
    approve_change,
    propose_change,
    reject_change,
    review_change,
    withdraw_change,
)
from treadle.design.decide.effecting import make_change_effective
from treadle.design.decide.figures import state_figures_by_bill
from treadle.design.formats.baselines import take_baseline
from treadle.design.formats.bills import take_bom
from treadle.design.formats.figures import take_figures
from treadle.design.formats.models import release_model
from treadle.design.formats.requirements import take_requirements
from treadle.design.views.bom_checks import check_bom
from treadle.design.views.bom_files import export_bom
from treadle.design.views.bom_resolving import resolve
from treadle.design.views.bom_tree import bom
from treadle.design.views.cars_at_risk import cars_at_risk
from treadle.design.views.changes import changes, export_change
from treadle.design.views.comparing import compare_models
from treadle.design.views.deviations import deviations
from treadle.design.views.figures import figures, figures_by_bill
from treadle.design.views.models import analyse, analysis, export_model, models
from treadle.design.views.names import describe, names
from treadle.design.views.requirements import (
    coverage,
    export_requirements,
    requirement,
    requirements,
    specifications,
    suspects,
)
from treadle.design.views.software import (
    baseline,
    baselines,
    compare_baselines,
    installed_software,
    rxswin,
)
from treadle.design.views.software_record import software_record
from treadle.design.views.touched import touched_by
from treadle.kernel.domain import Door

DOOR = Door(
    commands=(
        of_requirements.link,
        of_requirements.confirm_link,
        of_requirements.remove_link,
        of_requirements.waive_requirement,
        of_requirements.withdraw_requirement,
        of_requirements.give_verdict,
        of_software.release_baseline,
        of_software.withdraw_baseline,
        of_software.install_software,
        propose_change,
        review_change,
        approve_change,
        make_change_effective,
        reject_change,
        withdraw_change,
        state_figures_by_bill,
    ),
    intakes=(release_model, take_requirements, take_baseline, take_bom, take_change, take_figures),
    readings=(analyse,),
    queries=(
        models,
        analysis,
        compare_models,
        export_model,
        specifications,
        requirements,
        requirement,
        coverage,
        suspects,
        export_requirements,
        cars_at_risk,
        baselines,
        baseline,
        compare_baselines,
        rxswin,
        installed_software,
        bom,
        resolve,
        check_bom,
        changes,
        export_change,
        touched_by,
        deviations,
        export_bom,
        figures,
        figures_by_bill,
        software_record,
    ),
    names=names,
    describe=describe,
)
