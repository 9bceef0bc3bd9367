"""What an event or a command says, in one form that later releases keep.

A field that has its default says nothing: so a release that adds an optional field finds, in what it reads, the same
saying as the release that wrote it. The form: text as its length, a colon and the text; whole numbers as digits;
``t``, ``f`` and ``n`` for true, false and nothing; an instant as its ISO 8601 text in UTC; what has several parts in
brackets; what has fields, or is a mapping, in braces, name and value in turn, in order of name.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import cache

from attrs import fields, has

from omo_core.errors import Malformed


def saying(thing: object, *, without: tuple[str, ...] = ()) -> str:
    """Write what a thing with fields says, less some of them; two that say the same are written the same."""
    return _braced((name, value) for name, value in _told(thing) if name not in without)


def _told(thing: object) -> list[tuple[str, object]]:
    """Give the fields that do not have their default."""
    given = ((name, getattr(thing, name), default) for name, default in _fields(type(thing)))  # type: ignore[arg-type]  # classes can be hashed
    return [(name, value) for name, value, default in given if value is not default and value != default]


@cache
def _fields(kind: type) -> tuple[tuple[str, object], ...]:
    """Name the fields of a class in order, with their defaults; one without a default is always told."""
    return tuple(sorted(((each.name, each.default) for each in fields(kind)), key=lambda field: field[0]))


def _written(value: object) -> str:
    if isinstance(value, str):
        return f"{len(value)}:{value}"
    if value is None:
        return "n"
    if isinstance(value, bool):
        return "t" if value else "f"
    if isinstance(value, int):
        return f"{value};"
    if isinstance(value, datetime):
        return _written(value.isoformat())
    if isinstance(value, tuple):
        return f"[{''.join(map(_written, value))}]"
    if isinstance(value, Mapping):
        return _braced(sorted(value.items()))
    if has(type(value)):
        return _braced(_told(value))
    raise Malformed("", f"{type(value).__name__} has no one way to be written")


def _braced(pairs: Iterable[tuple[str, object]]) -> str:
    return "{" + "".join(f"{name}={_written(value)}" for name, value in pairs) + "}"
