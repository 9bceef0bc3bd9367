"""Whatever a release has stored can be read by this one, and says the same."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from omo_adapters.codecs.answers import REFUSAL_CLASSES, decode_answer
from omo_adapters.codecs.events import EVENT_CLASSES, decode, encode
from omo_adapters.errors import StoreCorrupt
from omo_core.decisions import Accepted, Refused

RELEASES = sorted(path for path in Path(__file__).parent.iterdir() if path.is_dir() and path.name.startswith("v"))
EVENTS = [path for release in RELEASES for path in sorted(release.glob("event-*.json"))]
REFUSALS = [path for release in RELEASES for path in sorted(release.glob("refusal-*.json"))]


def says(value: object, stored: Any) -> bool:
    """Say whether a value still says everything that was stored of it; it may say more."""
    return _holds(json.loads(msgspec.json.encode(value)), stored)


def _holds(shown: Any, stored: Any) -> bool:
    if isinstance(stored, dict):
        return all(_holds(shown[name], part) for name, part in stored.items())
    if isinstance(stored, list):
        return len(shown) == len(stored) and all(map(_holds, shown, stored))
    return bool(shown == stored)


@pytest.mark.parametrize("path", EVENTS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_stored_event_is_read_and_says_what_it_said(path: Path) -> None:
    _, kind, shape = path.stem.split("-")
    for stored in json.loads(path.read_text("utf-8")):
        event = decode(kind, int(shape), json.dumps(stored))
        assert event.kind == kind
        assert says(event, stored)
        assert decode(kind, int(shape), encode(event)) == event


@pytest.mark.parametrize("path", REFUSALS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_kept_refusal_is_given_again_word_for_word(path: Path) -> None:
    stored = json.loads(path.read_text("utf-8"))
    answer = decode_answer(json.dumps(stored).encode())
    assert isinstance(answer, Refused)
    assert answer.reason.kind == stored["refused"][0]
    assert says(answer.reason, stored["refused"][1])


@pytest.mark.parametrize("release", RELEASES, ids=lambda path: path.name)
def test_a_kept_acceptance_is_given_again(release: Path) -> None:
    stored = json.loads((release / "accepted.json").read_text("utf-8"))
    answer = decode_answer(json.dumps(stored).encode())
    assert isinstance(answer, Accepted)
    assert [event.kind for event in answer.events] == [kind for kind, _, _ in stored["accepted"]]


def test_every_kind_that_is_stored_has_a_sample() -> None:
    assert {cls.kind for cls in EVENT_CLASSES} <= {path.stem.split("-")[1] for path in EVENTS}
    assert {cls.kind for cls in REFUSAL_CLASSES} <= {path.stem.removeprefix("refusal-") for path in REFUSALS}


def test_an_event_of_a_later_release_is_refused_by_name() -> None:
    with pytest.raises(StoreCorrupt, match="shape 2"):
        decode("sale", 2, "{}")
    with pytest.raises(StoreCorrupt, match="'wishes'"):
        decode("wishes", 1, "{}")
