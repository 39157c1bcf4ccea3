"""Names of drivers that Treadle brings along."""

import sys

import pytest

from treadle.engine.driving.drivers import DRIVERS
from treadle.kernel import InvalidInputError
from treadle.kernel.bundle import Bundle
from treadle.proving.formats import osi_messages
from treadle.proving.formats.drivers.naming import driver_of

NO_FILES = Bundle(files={})


@pytest.mark.parametrize("name", DRIVERS)
def test_every_registered_driver_is_found_with_its_defaults(name: str) -> None:
    driver = driver_of(name, NO_FILES, entity="Lead")
    assert (driver.kind, driver.entity) == (DRIVERS[name].number, "Lead")
    assert tuple(value for _, value in driver.settings) == DRIVERS[name].defaults


def test_a_reading_of_the_regulation_is_part_of_the_name_and_identity() -> None:
    usual, text = driver_of("cc", NO_FILES), driver_of("cc:r157_text", NO_FILES)
    same = driver_of("cc:jrc_2021", NO_FILES)
    assert usual.settings == same.settings != text.settings
    assert len({usual.identity, text.identity}) == 2


@pytest.mark.parametrize(
    ("name", "settings", "said"),
    [
        ("cc:mine", {}, "cc cannot be had as read by 'mine'; .* jrc_2021, r157_text"),
        ("idm:jama", {}, "idm cannot be had as read by 'jama'"),
        ("idm", {"gap": 1.0}, r"idm has no setting gap \(there are: acceleration"),
        ("human", {}, "there is no driver 'human'; .* one of ours: cc, fsm"),
        ("d.fmux", {}, r"there is no driver 'd\.fmux'; name FILE\.py:NAME"),
    ],
)
def test_what_is_not_there_is_refused_with_what_is(
    name: str, settings: dict[str, float], said: str
) -> None:
    with pytest.raises(InvalidInputError, match=said):
        driver_of(name, NO_FILES, settings=settings)


@pytest.mark.parametrize(
    ("name", "module", "extra"),
    [("d.fmu", "fmpy", "fmi"), ("osi:host:1", "osi3.osi_groundtruth_pb2", "osi")],
)
def test_a_missing_extra_is_named(
    name: str, module: str, extra: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    osi_messages.messages.cache_clear()
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(
        InvalidInputError, match=rf"install it with: pip install 'treadle\[{extra}\]'"
    ):
        driver_of(name, Bundle(files={"d.fmu": b""}))
