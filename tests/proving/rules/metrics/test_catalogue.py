"""The catalogue says everything of every metric, and knows all that a run keeps."""

import math

from treadle.engine.measuring.tables import MEASURES
from treadle.proving.rules.metrics.catalogue import METRIC, METRICS


def test_names_and_symbols_are_each_of_one_metric() -> None:
    assert len(METRIC) == len(METRICS)
    assert len({metric.symbol for metric in METRICS}) == len(METRICS)


def test_every_measure_of_a_run_is_in_the_catalogue_with_its_unit_and_no_other() -> None:
    of_runs = {metric.name: metric.unit for metric in METRICS if metric.origin == "run"}
    assert of_runs == {measure.name: measure.unit for measure in MEASURES}


def test_minima_are_safer_when_larger_and_maxima_when_smaller() -> None:
    for measure in MEASURES:
        safer = METRIC[measure.name].larger_is_safer
        if safer is not None:
            assert safer == (measure.reduction == "minimum"), measure.name


def test_every_metric_is_told_whole() -> None:
    for metric in METRICS:
        assert metric.meaning
        assert metric.source
        assert metric.missing
        assert metric.lowest < metric.highest
        assert not math.isnan(metric.lowest)
