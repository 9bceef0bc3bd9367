"""The reference says what the command does."""

from pathlib import Path

import pytest
from pydantic import BaseModel

from omo_adapters.cli.exits import MEANINGS, Exit
from omo_adapters.cli.reference import reference
from omo_adapters.config_models import LocationConfig, ShopConfig, ShopifyConfig
from omo_adapters.identity_models import IdentityModel, KeyModel
from omo_adapters.stock_models import (
    BackorderModel,
    BufferModel,
    CapacityModel,
    MeasuresModel,
    SiteModel,
    SourcingModel,
    StockSettingsModel,
)
from tests.cli.conftest import Run

DOCS = Path(__file__).resolve().parents[2] / "docs" / "reference"


def test_the_page_is_what_the_command_prints() -> None:
    assert (DOCS / "cli.md").read_text("utf-8") == reference()


def test_every_exit_code_has_a_meaning() -> None:
    assert set(MEANINGS) == set(Exit)


@pytest.mark.parametrize(
    "model",
    [
        ShopConfig,
        LocationConfig,
        ShopifyConfig,
        KeyModel,
        IdentityModel,
        StockSettingsModel,
        SourcingModel,
        SiteModel,
        BufferModel,
        BackorderModel,
        CapacityModel,
        MeasuresModel,
    ],
)
def test_every_setting_is_described(model: type[BaseModel]) -> None:
    page = (DOCS / "shop-toml.md").read_text("utf-8")
    assert [name for name in model.model_fields if name not in page] == []


def test_help_and_no_arguments_tell_the_commands(run: Run) -> None:
    assert (run("--help").code, run("import", "--help").code) == (0, 0)
    told = run()
    assert told.code == Exit.USAGE
    assert "quarantine" in told.err
