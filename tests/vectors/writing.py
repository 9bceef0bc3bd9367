"""Writes the samples of a release, once: ``python -m tests.vectors.writing v0.1``. It never overwrites a sample.

A kind that is new since the last release gets its sample in the coming one's folder; a sample that was released is
never changed, whatever becomes of the class.
"""

from __future__ import annotations

import json
import sys
import types
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import attrs

from omo_adapters.codecs.answers import REFUSAL_CLASSES, encode_answer
from omo_adapters.codecs.events import EVENT_CLASSES, SHAPES, encode
from omo_core.decisions import Accepted, Refused

HERE = Path(__file__).parent


def filled(kind: Any, name: str = "") -> Any:
    """Make a value of a type, every part of it set."""
    origin, parts = get_origin(kind), get_args(kind)
    if hasattr(kind, "__supertype__"):
        return filled(kind.__supertype__, name)
    if origin is Literal:
        return parts[-1]
    if origin in (Union, types.UnionType):
        return filled(next(part for part in parts if part is not type(None)), name)
    if origin is tuple:
        whole = (parts[0],) * 2 if parts[-1] is Ellipsis else parts
        return tuple(filled(part, f"{name} {place}") for place, part in enumerate(whole))
    if attrs.has(kind):
        hints = get_type_hints(kind)
        return kind(**{field.name: filled(hints[field.name], field.name) for field in attrs.fields(kind)})
    simple = {str: f"some {name} 渡", int: 2**53 + 1, bool: True, datetime: datetime(2026, 1, 5, 4, 0, 0, 7, UTC)}
    return simple[kind]


def bare(kind: Any) -> Any:
    """Make an event with nothing but what it must have."""
    hints = get_type_hints(kind)
    needed = [field.name for field in attrs.fields(kind) if field.default is attrs.NOTHING]
    return kind(**{name: filled(hints[name], name) for name in needed})


def samples() -> dict[str, Any]:
    """Give the samples of the present release by file name."""
    found: dict[str, Any] = {}
    for cls in EVENT_CLASSES:
        bodies = [json.loads(encode(event)) for event in (filled(cls), bare(cls))]
        found[f"event-{cls.kind}-{SHAPES[cls.kind]}.json"] = bodies
    for refusal in REFUSAL_CLASSES:
        found[f"refusal-{refusal.kind}.json"] = json.loads(encode_answer(Refused(filled(refusal))))
    accepted = Accepted(tuple(bare(cls) for cls in EVENT_CLASSES))
    found["accepted.json"] = json.loads(encode_answer(accepted))
    return found


def write(release: str) -> list[str]:
    """Write the samples that the release's folder does not have yet; gives their names."""
    folder = HERE / release
    folder.mkdir(exist_ok=True)
    new = {name: sample for name, sample in samples().items() if not (folder / name).exists()}
    for name, sample in new.items():
        text = json.dumps(sample, ensure_ascii=False, indent=1, sort_keys=True)
        (folder / name).write_text(text + "\n", encoding="utf-8")
    return list(new)


if __name__ == "__main__":
    sys.stdout.write("\n".join(write(sys.argv[1])) + "\n")
