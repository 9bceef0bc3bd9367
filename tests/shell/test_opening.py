"""A shop is opened with a programme, with all its rules, or with the file that a programme is written in."""

from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from omo_adapters.programmes import programme_to_toml
from omo_adapters.shop import memory_shop, open_shop
from omo_core.errors import Malformed
from omo_core.instants import zone
from omo_core.loyalty import Programme, Version, simple_programme

POINTS = simple_programme("HKD", per=1000, zone_name="Asia/Hong_Kong")


def test_the_zone_of_a_programme_may_be_given_by_name() -> None:
    by_name = Programme(zone="Asia/Hong_Kong", versions=(Version(),))
    assert isinstance(by_name.zone, ZoneInfo)
    assert by_name == Programme(zone=zone("Asia/Hong_Kong"), versions=(Version(),))
    with pytest.raises(Malformed):
        Programme(zone="Hong Kong", versions=(Version(),))


def test_a_programme_is_read_from_its_file(tmp_path: Path) -> None:
    written = tmp_path / "points.toml"
    written.write_text(programme_to_toml(POINTS), "utf-8")
    assert memory_shop(written).programme() == POINTS
    with open_shop(tmp_path / "shop.db", str(written)) as shop:
        assert shop.programme() == POINTS


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(Malformed, match=r"nowhere\.toml"):
        memory_shop(tmp_path / "nowhere.toml")
