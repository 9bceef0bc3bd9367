"""Turns what pydantic says about a written file into one complaint that names the field and says what is wrong.

For people who write programmes and scenarios by hand: a typo is answered with the nearest word that would be right.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from typing import Final, Literal, TypeVar, get_args, get_origin

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import ErrorDetails

from omo_core.errors import Malformed

M = TypeVar("M", bound=BaseModel)

SHOWN_MAX: Final = 5
"""How many complaints about one file are told at once."""


class Shape(BaseModel):
    """A table of a written file: a field that is not named here is a mistake, and text is never taken for a number."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, use_attribute_docstrings=True)


def shaped(model: type[M], given: object, path: str = "") -> M:
    """Read a table as a model, or raise ``Malformed`` naming each field that is wrong."""
    try:
        return model.model_validate(given)
    except ValidationError as error:
        raise complaint(model, error, path) from None
    except RecursionError:
        raise Malformed(path, "is nested too deeply") from None


def complaint(model: type[BaseModel], error: ValidationError, path: str = "") -> Malformed:
    """Put what pydantic found into one complaint; the first field gives the path, the others follow."""
    found = [(dotted(e["loc"], path), _why(model, e)) for e in error.errors(include_url=False)]
    first_path, first_why = found[0]
    others = [f"{other}: {why}" for other, why in found[1:SHOWN_MAX]]
    more = [f"and {len(found) - SHOWN_MAX} more"] if len(found) > SHOWN_MAX else []
    return Malformed(first_path, "; ".join([first_why, *others, *more]))


def dotted(places: Iterable[str | int], path: str = "") -> str:
    """Write a place in a file as people do: ``versions[0].earnings[1].per``."""
    for place in places:
        if isinstance(place, int):
            path += f"[{place}]"
        else:
            path += f".{place}" if path else str(place)
    return path


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Give the words that one may have meant, as the end of a sentence."""
    names = list(known)
    near = get_close_matches(word, names, n=1)
    return f"; did you mean {near[0]!r}?" if near else f"; known are {', '.join(sorted(names))}"


def _why(model: type[BaseModel], error: ErrorDetails) -> str:
    kind, given = error["type"], error["input"]
    if kind == "extra_forbidden":
        word = str(error["loc"][-1])
        return f"is not a field here{did_you_mean(word, _fields(model, error['loc'][:-1]))}"
    if kind == "missing":
        return "is missing"
    if kind == "literal_error":
        allowed = str(error.get("ctx", {}).get("expected", "")).replace("'", "").replace(" or ", ", ")
        return f"{given!r:.60} is none of {allowed}"
    if kind == "value_error":
        return str(error.get("ctx", {}).get("error", error["msg"]))
    if kind in {"int_type", "bool_type", "string_type", "tuple_type", "dict_type"}:
        wanted = {"int": "a whole number", "bool": "true or false", "string": "text", "tuple": "a list"}
        return f"{given!r:.60} is not {wanted.get(kind.removesuffix('_type'), 'a table')}"
    return f"{error['msg'][:1].lower()}{error['msg'][1:]} (is {given!r:.60})"


def _fields(model: type[BaseModel], places: Sequence[str | int]) -> list[str]:
    """Name the fields that a table at this place may have."""
    for place in places:
        field = model.model_fields.get(str(place))
        inner = None if field is None else _model_in(field.annotation)
        model = inner or model
    return list(model.model_fields)


def _model_in(annotation: object) -> type[BaseModel] | None:
    """Find the model in an annotation such as ``tuple[Earning, ...] | None``."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    if get_origin(annotation) is Literal:
        return None
    return next((found for part in get_args(annotation) if (found := _model_in(part)) is not None), None)
