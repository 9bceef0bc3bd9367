"""Writes tables as TOML, for what omo hands back to people who write TOML; reading is the standard library's."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime

from omo_core.errors import InvariantBroken


def toml_text(table: Mapping[str, object]) -> str:
    """Write a table with its inner tables; lists of tables become ``[[blocks]]``."""
    return "\n".join(_lines(table, "")).strip("\n") + "\n"


def _lines(table: Mapping[str, object], name: str) -> list[str]:
    """Write plain values first, as TOML wants it, then inner tables, then lists of tables."""
    lines = [f"{_key(key)} = {_value(value)}" for key, value in table.items() if not _is_block(value)]
    for key, value in table.items():
        path = f"{name}.{_key(key)}" if name else _key(key)
        if isinstance(value, Mapping):
            lines += ["", f"[{path}]", *_lines(value, path)]
    for key, value in table.items():
        path = f"{name}.{_key(key)}" if name else _key(key)
        if isinstance(value, Sequence) and _is_block(value):
            for item in value:
                lines += ["", f"[[{path}]]", *_lines(item, path)]
    return lines


def _is_block(value: object) -> bool:
    if isinstance(value, Mapping):
        return True
    return isinstance(value, list | tuple) and bool(value) and all(isinstance(item, Mapping) for item in value)


def _key(key: str) -> str:
    bare = key.isascii() and key.replace("_", "").replace("-", "").isalnum()
    return key if bare else _text(key)


def _value(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return f"[{', '.join(_value(item) for item in value)}]"
    raise InvariantBroken(f"{type(value).__name__} is never written as TOML")


def _text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
