"""From plain values to models and instants; the first field that is wrong is named."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from omo_core.errors import Malformed
from omo_core.instants import utc

Model = TypeVar("Model", bound=BaseModel)


def shaped(model: type[Model], body: Mapping[str, object]) -> Model:
    """Read the fields that omo uses; the first that is missing or of the wrong type is named in the complaint."""
    try:
        return model.model_validate(body)
    except ValidationError as complaint:
        first = complaint.errors(include_url=False, include_context=False, include_input=False)[0]
        path = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in first["loc"]).lstrip(".")
        raise Malformed(path[:200], first["msg"]) from None


@lru_cache(maxsize=1 << 12)
def instant(text: str, path: str) -> datetime:
    """Read an ISO 8601 instant; one without a time zone is refused."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise Malformed(path, f"{text!r:.40} is not an instant") from None
    return utc(found, path)
