"""What is kept of a run: against numpy over the whole run, against closed forms, and by rule."""

import math

import numpy as np
import pytest

from treadle.engine.driving.tables import OTHER, OWN
from treadle.engine.measuring.gathering import FIXED_KIND, measure
from treadle.engine.measuring.tables import (
    INDEX,
    LOST,
    MEASURES,
    WIDTH,
    accumulators,
    measured,
    measured_at,
    settings_of,
)
from treadle.engine.scenario.tables import MISC_OBJECT

DT = 0.01
OF_OTHERS = (
    "min_ttc", "min_planar_ttc", "min_thw", "min_gap", "min_distance", "min_ttb", "min_wttc",
    "min_rss_margin", "max_drac", "max_dst", "max_required_deceleration", "max_btn",
    "max_required_lateral_acceleration", "max_stn", "max_pfs", "max_cfs", "tet", "tit",
    "rss_time", "rss_violations", "following_time", "cut_ins", "cut_outs",
)  # fmt: skip
SIZE = {"length": 4.0, "width": 2.0}


def owns(n: int, **told: object) -> np.ndarray:
    rows = np.zeros(n, OWN)
    rows["time"] = np.arange(n) * DT
    usual = {**SIZE, "lane_width": 3.5, "is_on_road": 1, "speed_limit": math.inf,
             "max_deceleration": math.inf}  # fmt: skip
    for name, value in (usual | told).items():
        rows[name] = value
    return rows


def others(n: int, own: np.ndarray, x: np.ndarray, y: np.ndarray, **told: object) -> np.ndarray:
    """Return rows of one other who is x ahead and y to the left, (n, 1)."""
    rows = np.zeros((n, 1), OTHER)
    seen = rows[:, 0]
    seen["is_there"] = 1
    for name, value in (SIZE | told).items():
        seen[name] = value
    seen["dx"], seen["dy"] = x, y
    seen["gap_x"] = np.abs(x) - 0.5 * (own["length"] + seen["length"])
    seen["gap_y"] = np.abs(y) - 0.5 * (own["width"] + seen["width"])
    return rows


def run(
    own: np.ndarray, rows: np.ndarray, **chosen: float
) -> tuple[dict[str, float], dict[str, float]]:
    kept, settings = accumulators(1), settings_of(**chosen)
    for k in range(len(own)):
        measure(own[k], rows[k], settings[0], kept[0], DT)
    values, times = measured(kept)[0], measured_at(kept)[0]
    return (
        {m.name: float(values[i]) for i, m in enumerate(MEASURES)},
        {m.name: float(times[i]) for i, m in enumerate(MEASURES)},
    )


def nobody(n: int) -> np.ndarray:
    return np.zeros((n, 1), OTHER)


def test_every_measure_has_columns_of_its_own() -> None:
    taken = [m.column for m in MEASURES] + [m.at for m in MEASURES if m.at >= 0]
    assert len(set(taken)) == len(taken)
    assert max(taken) < LOST < WIDTH
    assert len(INDEX) == len(MEASURES)
    assert FIXED_KIND == MISC_OBJECT


def test_an_unknown_setting_is_refused() -> None:
    with pytest.raises(KeyError, match="ttc_limt"):
        settings_of(ttc_limt=2.0)


def test_a_run_that_was_not_measured_has_no_number() -> None:
    assert np.isnan(measured(accumulators(2))).all()


def test_where_nobody_is_there_measures_of_others_have_no_number() -> None:
    told, _ = run(owns(10, speed=10.0), nobody(10))
    assert all(math.isnan(told[name]) for name in OF_OTHERS)
    assert math.isnan(told["max_speed_excess"])
    assert math.isnan(told["over_limit_time"])
    assert told["way_gone"] == pytest.approx(1.0)
    assert told["duration"] == pytest.approx(0.1)
    assert told["steps"] == 10
    assert told["max_jerk"] == 0.0


def test_off_the_road_lane_keeping_has_no_number() -> None:
    told, _ = run(owns(10, speed=10.0, is_on_road=0), nobody(10))
    assert math.isnan(told["max_lane_offset"])
    assert math.isnan(told["out_of_lane_time"])
    assert told["off_road_time"] == pytest.approx(0.1)


def test_who_drives_beside_is_nowhere_near() -> None:
    own = owns(10, speed=20.0)
    told, _ = run(own, others(10, own, np.full(10, 20.0), np.full(10, 3.5), speed=20.0))
    for name in ("min_ttc", "min_planar_ttc", "min_thw", "min_gap", "min_ttb"):
        assert told[name] == math.inf
    for name in ("max_drac", "max_dst", "max_btn", "max_stn", "max_pfs", "max_cfs", "tet", "tit"):
        assert told[name] == 0.0
    assert told["min_distance"] == pytest.approx(math.hypot(16.0, 1.5))
    assert told["rss_violations"] == 0


def test_a_number_that_is_none_takes_all_of_the_run() -> None:
    own = owns(10, speed=20.0)
    rows = others(10, own, np.full(10, 20.0), np.zeros(10), speed=20.0)
    rows["acceleration"][4] = math.nan
    told, times = run(own, rows)
    assert all(math.isnan(v) for v in told.values())
    assert all(math.isnan(v) for v in times.values())
    own["speed"][4] = math.nan
    assert all(math.isnan(v) for v in run(own, nobody(10))[0].values())


def test_time_exposed_and_integrated_are_those_of_an_even_approach() -> None:
    n = 300
    own = owns(n, speed=20.0)
    gap = 30.0 - 10.0 * own["time"]
    told, times = run(own, others(n, own, gap + 4.0, np.zeros(n), speed=10.0), ttc_limit=1.5)
    # 3 s to the touch: the last 1.5 s below the limit, and a triangle of 1.5 s by 1.5 s
    assert told["tet"] == pytest.approx(1.5, abs=2 * DT)
    assert told["tit"] == pytest.approx(1.125, abs=2 * DT)
    assert told["min_ttc"] == pytest.approx(DT)
    assert times["min_ttc"] == pytest.approx(2.99)
    assert told["max_drac"] == pytest.approx(100 / (2 * 0.1))
    assert times["max_drac"] == pytest.approx(2.99)


def test_a_run_with_a_leader_is_that_of_numpy_over_all_of_it() -> None:
    n = 500
    t = np.arange(n) * DT
    own_a = np.where(t > 1.0, -4.0, 0.0) * (t < 3.0)
    v = 25.0 + np.concatenate([[0.0], np.cumsum(own_a[:-1]) * DT])
    u = 25.0 - 3.0 * np.minimum(t, 3.0)
    gap = 30.0 + np.concatenate([[0.0], np.cumsum((u - v)[:-1]) * DT])
    own = owns(n, speed=v, acceleration=own_a, max_deceleration=6.0)
    y = np.full(n, 0.4)
    rows = others(n, own, gap + 4.0, y, speed=u, acceleration=np.where(t < 3.0, -3.0, 0.0))
    assert gap.min() > 0
    told, times = run(own, rows)
    closing = v - u
    with np.errstate(divide="ignore"):
        ttc = np.where(closing > 0, gap / closing, np.inf)
        drac = np.where(closing > 0, closing**2 / (2 * gap), 0.0)
        room = gap - u
        dst = np.where(closing > 0, np.where(room > 0, closing**2 / (2 * room), np.inf), 0.0)
        ttb = np.where(closing > 0, ttc - closing / 12.0, np.inf)
    w = v + 0.75 * 3
    rss = np.maximum(v * 0.75 + 1.5 * 0.75**2 + w**2 / 12 - u**2 / 12, 0)
    sideways = 2 * 0.5625 + 0.3 + 0.0
    margin = np.maximum(gap - rss, (0.4 - 2.0) - sideways)
    for name, series in (
        ("min_ttc", ttc), ("min_planar_ttc", ttc), ("min_gap", gap), ("min_thw", gap / v),
        ("min_ttb", ttb), ("min_rss_margin", margin),
    ):  # fmt: skip
        assert told[name] == pytest.approx(series.min()), name
        assert times[name] == pytest.approx(t[series.argmin()]), name
    for name, series in (("max_drac", drac), ("max_dst", dst), ("max_speed", v)):
        assert told[name] == pytest.approx(series.max()), name
        assert times[name] == pytest.approx(t[series.argmax()]), name
    lateral = np.where(closing > 0, 2 * (2.0 - 0.4) / ttc**2, 0.0)
    assert told["max_required_lateral_acceleration"] == pytest.approx(lateral.max())
    assert told["max_stn"] == pytest.approx(lateral.max() / (0.774 * 9.81))
    assert told["rss_time"] == pytest.approx((margin < 0).sum() * DT)
    assert told["rss_violations"] == np.count_nonzero(np.diff((margin < 0).astype(int)) > 0)
    assert told["max_deceleration"] == 4.0
    assert told["max_acceleration"] == 0.0
    assert told["max_jerk"] == pytest.approx(4.0 / DT)
    assert told["way_gone"] == pytest.approx(v.sum() * DT)
    assert told["max_btn"] == pytest.approx(told["max_required_deceleration"] / 6.0)
    assert told["max_required_deceleration"] >= told["max_drac"]


def test_the_worst_time_is_kept_exactly_although_most_steps_are_cut_short() -> None:
    n = 200
    own = owns(n, speed=20.0)
    x = 60.0 - 8.0 * own["time"]
    rows = others(n, own, x, np.full(n, 3.5), speed=12.0)
    told, times = run(own, rows)
    reach = math.hypot(4.0, 2.0)
    t = np.linspace(0.0, 3.0, 300_001)
    free = np.hypot(x[-1] - 8.0 * t, 3.5) - reach - 9.81 * t * t
    assert told["min_wttc"] == pytest.approx(t[np.argmax(free <= 0)], abs=2e-5)
    assert times["min_wttc"] == pytest.approx(own["time"][-1])
    still = others(n, own, x, np.full(n, 3.5), speed=12.0, kind=MISC_OBJECT)
    assert run(own, still)[0]["min_wttc"] > told["min_wttc"]


def test_swaying_in_the_lane_has_the_accelerations_and_jerks_of_a_sine() -> None:
    n = 1000
    t = np.arange(n) * DT
    a, f = 1.0, 2.0
    own = owns(n, speed=20.0, lane_offset=a * np.sin(f * t), lateral_speed=a * f * np.cos(f * t))
    told, _ = run(own, nobody(n))
    assert told["max_lane_offset"] == pytest.approx(a, abs=1e-3)
    assert told["max_lateral_acceleration"] == pytest.approx(a * f * f, rel=1e-3)
    assert told["max_lateral_jerk"] == pytest.approx(a * f**3, rel=1e-3)
    # the lane has 0.75 m of room on each side: |sin| > 0.75
    assert told["max_lane_overshoot"] == pytest.approx(0.25, abs=1e-3)
    over = np.abs(np.sin(f * t)) > 0.75
    assert told["out_of_lane_time"] == pytest.approx(over.sum() * DT)
    assert told["lane_departures"] == np.count_nonzero(np.diff(over.astype(int)) > 0)
    assert told["last_lane_offset"] == pytest.approx(a * math.sin(f * t[-1]))


def test_a_turned_box_leaves_its_lane_with_its_corners() -> None:
    told, _ = run(owns(3, speed=1.0, lane_heading=0.5), nobody(3))
    corner = 2.0 * math.sin(0.5) + 1.0 * math.cos(0.5)
    assert told["max_lane_overshoot"] == pytest.approx(corner - 1.75)


def test_a_bend_counts_as_lateral_acceleration() -> None:
    told, _ = run(owns(3, speed=20.0, curvature=-0.01), nobody(3))
    assert told["max_lateral_acceleration"] == pytest.approx(4.0)


def test_each_time_over_the_limit_is_one_violation() -> None:
    n = 400
    t = np.arange(n) * DT
    v = 20.0 + 3.0 * np.sin(2 * math.pi * t / 2.0)  # above 20 in [0, 1] and [2, 3]
    told, times = run(owns(n, speed=v, speed_limit=20.0), nobody(n))
    assert told["speed_violations"] == 2
    assert told["over_limit_time"] == pytest.approx(2.0, abs=2 * DT)
    assert told["max_speed_excess"] == pytest.approx(3.0)
    assert times["max_speed_excess"] == pytest.approx(0.5)
    told, _ = run(owns(n, speed=20.0 + 1e-12, speed_limit=20.0), nobody(n))
    assert told["speed_violations"] == 0


def test_one_who_comes_towards_one_needs_the_room_of_both() -> None:
    own = owns(2, speed=10.0)
    told, _ = run(own, others(2, own, np.full(2, 54.0), np.zeros(2), speed=-10.0))
    assert told["min_ttc"] == pytest.approx(2.5)
    assert told["max_required_deceleration"] == math.inf
    assert told["min_ttb"] == -math.inf
    w = 10 + 0.75 * 3  # both: (v + w) / 2 * 0.75 + w2 / 12
    both = 2 * ((10 + w) / 2 * 0.75 + w * w / 12)
    assert told["min_rss_margin"] == pytest.approx(50.0 - both)


def test_who_is_behind_is_not_in_the_way() -> None:
    own = owns(2, speed=10.0)
    told, _ = run(own, others(2, own, np.full(2, -14.0), np.zeros(2), speed=20.0))
    assert told["min_ttc"] == math.inf
    assert told["min_planar_ttc"] == pytest.approx(1.0)
    assert told["min_distance"] == pytest.approx(10.0)
    assert told["rss_violations"] == 0


def test_who_comes_into_the_path_cuts_in_once_and_who_leaves_it_cuts_out_once() -> None:
    n = 1200
    own = owns(n, speed=20.0)
    at = np.arange(n) * DT
    # from 3.5 m to the left into the path within [2 s, 5 s], and out of it again within [7 s, 10 s]
    y = np.interp(at, [2.0, 5.0, 7.0, 10.0], [3.5, 0.0, 0.0, 3.5])
    sideways = np.gradient(y, at)
    rows = others(n, own, np.full(n, 30.0), y, speed=20.0, lateral_speed=sideways)
    told, _ = run(own, rows)
    assert (told["cut_ins"], told["cut_outs"]) == (1.0, 1.0)
    inside = np.abs(y) < 2.0  # widths of 2 m
    assert told["following_time"] == pytest.approx(inside.sum() * DT)


def test_who_stands_in_the_path_from_the_start_or_is_driven_up_to_does_not_cut_in() -> None:
    n = 300
    own = owns(n, speed=20.0, lateral_speed=np.full(n, 1.0))
    ahead = others(n, own, np.full(n, 30.0), np.zeros(n), speed=20.0)
    beside = others(n, own, np.full(n, 30.0), 3.5 - np.arange(n) * DT, speed=20.0)
    for rows in (ahead, beside):
        told, _ = run(own, rows)
        assert (told["cut_ins"], told["cut_outs"]) == (0.0, 0.0)
    far, _ = run(own, others(n, own, np.full(n, 70.0), np.zeros(n), speed=20.0))
    assert far["following_time"] == 0.0  # 66 m at 20 m/s are 3.3 s


def test_the_least_speed_is_the_smallest_of_all_steps() -> None:
    told, at = run(owns(5, speed=np.array([9.0, 4.0, 0.5, 3.0, 7.0])), nobody(5))
    assert told["min_speed"] == 0.5
    assert at["min_speed"] == pytest.approx(2 * DT)
    assert math.isnan(told["cut_ins"])
