"""A file of an earlier release is lifted step by step when it is opened, with everything in it."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from omo_adapters.shop import open_shop
from omo_adapters.storage import database, schema
from omo_adapters.testing.samples import granted
from omo_core.loyalty import simple_programme

PROGRAMME = simple_programme("HKD", per=1000, zone_name="Asia/Hong_Kong")


@pytest.mark.parametrize("step", range(1, schema.SCHEMA_VERSION))
def test_a_file_of_each_earlier_step_is_lifted(step: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "omo.db"
    with monkeypatch.context() as patch:
        patch.setattr(database, "SCHEMA_VERSION", step)
        with open_shop(path, PROGRAMME) as shop:
            shop.record(granted())
    with open_shop(path, PROGRAMME) as shop:
        assert shop.account("p1").earned == 100
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (schema.SCHEMA_VERSION,)
        lifted = connection.execute("SELECT name FROM sqlite_schema ORDER BY name").fetchall()
    with open_shop(tmp_path / "new.db", PROGRAMME):
        pass
    with closing(sqlite3.connect(tmp_path / "new.db")) as connection:
        assert connection.execute("SELECT name FROM sqlite_schema ORDER BY name").fetchall() == lifted
