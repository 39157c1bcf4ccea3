"""Metrics of recorded trajectories: against numpy at each sample, by hand, and when turned."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from treadle.kernel import InvalidInputError
from treadle.proving.rules.metrics.recorded import encroachments, metrics_of_tracks, of_contacts
from treadle.proving.rules.metrics.series import of_leader
from treadle.proving.rules.metrics.tracks import Box, Tracks, seen_by, tracks_of
from treadle.proving.rules.result import CONTACT, SAMPLE

CAR = Box(length_m=4.0, width_m=2.0)
NAMES = ("Ego", "Other")
DT = 0.05


def tracks(ego: np.ndarray, other: np.ndarray, speeds: np.ndarray, heading: float = 0.0) -> Tracks:
    """Return tracks of one variant; ego and other (n, 2) in the frame of the heading."""
    n = len(ego)
    turn = np.array(
        [[math.cos(heading), math.sin(heading)], [-math.sin(heading), math.cos(heading)]]
    )
    places = np.stack([ego @ turn, other @ turn], axis=1)
    return Tracks(
        variants=np.array([0]),
        n_samples=np.array([n]),
        times=np.arange(n)[None] * DT,
        x=places[None, :, :, 0],
        y=places[None, :, :, 1],
        headings=np.full((1, n, 2), heading),
        speeds=speeds[None],
        boxes=(CAR, CAR),
    )


def following(heading: float = 0.0) -> Tracks:
    t = np.arange(120) * DT
    v = 20.0 - 4.0 * np.clip(t - 1.0, 0.0, 3.0)
    u = 20.0 - 3.0 * np.clip(t, 0.0, 4.0)
    x = np.concatenate([[0.0], np.cumsum(v[:-1] * DT)])
    ahead = 25.0 + np.concatenate([[0.0], np.cumsum(u[:-1] * DT)])
    none = np.zeros_like(t)
    return tracks(
        np.stack([x, none], 1), np.stack([ahead, none + 0.3], 1), np.stack([v, u], 1), heading
    )


def test_what_runs_keep_is_the_extreme_of_the_series() -> None:
    one = following()
    own, others = seen_by(one, 0)
    series = of_leader(own, others)
    values, times = metrics_of_tracks(one, 0)
    for name, key, extreme in (
        ("min_gap", "gap", np.nanmin), ("min_ttc", "ttc", np.nanmin),
        ("min_thw", "thw", np.nanmin), ("max_drac", "drac", np.nanmax),
    ):  # fmt: skip
        assert values[name][0] == pytest.approx(extreme(series[key])), name
        at = round(times[name][0] / DT)
        assert series[key][0, at] == pytest.approx(values[name][0])
    assert values["max_deceleration"][0] == pytest.approx(4.0)
    assert values["duration"][0] == pytest.approx(119 * DT)
    assert math.isnan(values["max_lane_offset"][0])
    assert math.isnan(values["max_speed_excess"][0])
    assert math.isnan(values["off_road_time"][0])


@settings(deadline=None, max_examples=10)
@given(st.floats(-3.1, 3.1))
def test_turning_the_world_changes_no_metric(heading: float) -> None:
    here, _ = metrics_of_tracks(following(), 0)
    there, _ = metrics_of_tracks(following(heading), 0)
    for name, value in here.items():
        assert there[name][0] == pytest.approx(value[0], nan_ok=True, rel=1e-6, abs=1e-6), name


def test_going_round_a_circle_has_the_lateral_acceleration_of_one() -> None:
    t = np.arange(100) * DT
    v, radius = 10.0, 50.0
    h = v / radius * t
    one = tracks(np.zeros((100, 2)), np.full((100, 2), 500.0), np.full((100, 2), v))
    one.x[0, :, 0], one.y[0, :, 0] = radius * np.sin(h), radius * (1 - np.cos(h))
    one.headings[0, :, 0] = h
    values, _ = metrics_of_tracks(one, 0)
    assert values["max_lateral_acceleration"][0] == pytest.approx(v * v / radius)
    assert values["max_lateral_jerk"][0] == pytest.approx(0.0, abs=1e-9)


def test_who_is_not_there_all_the_time_counts_while_there() -> None:
    one = following()
    one.x[0, :60, 1] = np.nan
    values, times = metrics_of_tracks(one, 0)
    assert times["min_gap"][0] >= 60 * DT
    one.x[0, :, 1] = np.nan
    values, _ = metrics_of_tracks(one, 0)
    assert math.isnan(values["min_ttc"][0])
    assert values["way_gone"][0] > 0


def test_a_hole_in_the_own_trajectory_leaves_no_number() -> None:
    one = following()
    one.speeds[0, 50, 0] = np.nan
    values, times = metrics_of_tracks(one, 0)
    assert all(np.isnan(v).all() for v in (*values.values(), *times.values()))


def test_one_that_ends_early_is_measured_to_there() -> None:
    one = following()
    one.speeds[0, 50:, 0] = np.nan
    values, _ = metrics_of_tracks(one, 0)
    assert values["duration"][0] == pytest.approx(49 * DT)


def test_a_crossing_is_told_from_both_sides() -> None:
    t = np.arange(201) * DT
    none = np.zeros_like(t)
    one = tracks(
        np.stack([-30 + 10 * t, none], 1),
        np.stack([none, -50 + 10 * t], 1),
        np.full((201, 2), 10.0),
    )
    one.headings[0, :, 1] = math.pi / 2
    told = encroachments(one, 0, 1)
    # by hand, as in tests/engine/measuring/test_encroachment.py
    assert told["pet"][0] == pytest.approx(1.4)
    assert told["encroachment_time"][0] == pytest.approx(0.6)
    assert told["own_from"][0] == pytest.approx(2.7)
    assert told["own_is_first"][0] == 1.0
    assert encroachments(one, 1, 0)["own_is_first"][0] == 0.0


def test_ways_that_share_no_ground_have_no_times() -> None:
    t = np.arange(50) * DT
    one = tracks(np.stack([t, 0 * t], 1), np.stack([t, 0 * t + 10], 1), np.full((50, 2), 1.0))
    told = encroachments(one, 0, 1)
    assert told["pet"][0] == math.inf
    assert math.isnan(told["encroachment_time"][0])
    assert math.isnan(told["own_from"][0])
    one.x[0, :, 1] = np.nan
    assert math.isnan(encroachments(one, 0, 1)["pet"][0])


def test_a_record_that_ends_on_shared_ground_has_no_encroachment_time() -> None:
    t = np.arange(61) * DT  # at 3 s the own car is on the other's way
    none = np.zeros_like(t)
    one = tracks(
        np.stack([-30 + 10 * t, none], 1), np.stack([none, -20 + 10 * t], 1), np.full((61, 2), 10.0)
    )
    one.headings[0, :, 1] = math.pi / 2
    told = encroachments(one, 0, 1)
    assert told["own_to"][0] == pytest.approx(3.0)
    assert math.isnan(told["encroachment_time"][0])


def rows(*told: tuple[int, float, int, float, float, float, float]) -> np.ndarray:
    samples = np.zeros(len(told), SAMPLE)
    for k, (variant, time, entity, x, y, heading, speed) in enumerate(told):
        samples[k] = (variant, time, entity, x, y, 0.0, heading, speed)
    return samples


def test_samples_become_arrays_variant_by_variant() -> None:
    samples = rows(
        (7, 0.0, 0, 1, 2, 0.0, 5), (7, 0.0, 1, 9, 9, 0.0, 1), (7, 0.5, 0, 3, 2, math.pi / 2, 5),
        (3, 0.0, 0, 4, 4, 0.0, 6), (3, 0.3, 0, 5, 4, 0.0, 6), (3, 0.4, 0, 6, 4, 0.0, 6),
    )  # fmt: skip
    boxes = {"Ego": Box(length_m=4, width_m=2, ahead_m=1.5), "Other": CAR}
    told = tracks_of(samples, np.array([3, 5, 7]), NAMES, boxes)
    assert told.n_samples.tolist() == [3, 0, 2]
    assert told.times[0].tolist() == [0.0, 0.3, 0.4]
    assert told.times[2, :2].tolist() == [0.0, 0.5]
    assert told.x[2, 0].tolist() == [2.5, 9.0]  # the box's centre is 1.5 m ahead
    assert (told.x[2, 1, 0], told.y[2, 1, 0]) == pytest.approx((3.0, 3.5))
    assert np.isnan(told.x[2, 1, 1])
    assert np.isnan(told.x[1]).all()
    values, _ = metrics_of_tracks(told, 0)
    assert values["duration"].tolist() == pytest.approx([0.4, math.nan, 0.5], nan_ok=True)


def test_no_samples_at_all_have_no_numbers() -> None:
    told = tracks_of(rows(), np.array([1]), NAMES, dict.fromkeys(NAMES, CAR))
    values, _ = metrics_of_tracks(told, 0)
    assert np.isnan(values["duration"]).all()
    assert np.isnan(encroachments(told, 0, 1)["pet"]).all()


def test_an_entity_of_unknown_size_is_refused() -> None:
    with pytest.raises(InvalidInputError, match="the size of Other is not known"):
        tracks_of(rows(), np.array([1]), NAMES, {"Ego": CAR})


def test_collisions_are_those_of_the_entity_whichever_side_it_is_on() -> None:
    contacts = np.zeros(4, CONTACT)
    contacts["variant"] = [1, 1, 2, 3]
    contacts["entity"], contacts["other"] = [0, 2, 1, 0], [1, 0, 2, 1]
    contacts["impact_speed_mps"] = [3.0, 8.0, 99.0, 5.0]
    contacts["delta_v_mps"] = [1.0, 7.0, 9.0, math.nan]
    contacts["other_delta_v_mps"] = [2.0, 4.0, 9.0, 1.0]
    outcomes = np.array(["COMPLETED", "COMPLETED", "COMPLETED", "INCONCLUSIVE"], dtype=object)
    told = of_contacts(contacts, np.array([1, 2, 3, 4]), outcomes, 0)
    assert told["collisions"].tolist() == pytest.approx([2, 0, 1, math.nan], nan_ok=True)
    assert told["impact_speed"].tolist() == pytest.approx([8, 0, 5, math.nan], nan_ok=True)
    assert told["delta_v"].tolist() == pytest.approx([4, 0, math.nan, math.nan], nan_ok=True)
