"""The pages on programmes and scenarios name every word that may be written."""

import re
from pathlib import Path

import pytest
from pydantic import BaseModel

from omo_adapters.programme_models import ProgrammeModel
from omo_adapters.scenarios.expecting import Expected
from omo_adapters.scenarios.reading import STEPS, ScenarioModel

PAGES = Path(__file__).resolve().parents[2] / "docs" / "reference"


def words(model: type[BaseModel]) -> set[str]:
    """Every field of a model and of the models in it, as the published schema has them."""
    schema = model.model_json_schema()
    tables = [schema, *schema.get("$defs", {}).values()]
    return {name for table in tables for name in table.get("properties", {})}


def missing(page: str, wanted: set[str]) -> set[str]:
    named = set(re.findall(r"[a-z_]+", (PAGES / page).read_text("utf-8")))
    return wanted - named


def test_every_word_of_a_programme_is_explained() -> None:
    assert missing("programme.md", words(ProgrammeModel)) == set()


def test_every_word_of_a_scenario_is_explained() -> None:
    heads = words(ScenarioModel) | words(Expected)
    assert missing("scenarios.md", heads) == set()


@pytest.mark.parametrize("verb", STEPS)
def test_every_step_is_explained(verb: str) -> None:
    text = (PAGES / "scenarios.md").read_text("utf-8")
    assert f"`{verb} =" in text or f"### `{verb}`" in text
    assert missing("scenarios.md", words(STEPS[verb])) == set()
