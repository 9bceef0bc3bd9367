"""What a record's bearer allows: of all that was said, the word that counts. Where it is not clear, it is a no.

Two voices speak of one consent. A *word* was said about that channel at that moment (``ConsentSeen``); a record
*states* what its source holds, again and again with each of its versions (``ProfileSeen.consents``). So a statement is
as old as the first of the versions that say the same without a break, and a record that goes on stating a yes takes no
no back.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final

from attrs import frozen

from omo_core.events import Event
from omo_core.identifiers import EventId, ProfileId
from omo_core.members.events import MARKETING, ConsentSeen, ProfileSeen

Of = tuple[ProfileId, str]
"""A record, and what is consented to, as ``consent_key`` names it."""
_STRICT: Final = {False: 0, None: 1, True: 2}


@frozen
class Word:
    """What counts of what a record's bearer said about one channel, for one purpose."""

    allowed: bool | None
    """None where the question was put but not answered."""
    at: datetime
    id: EventId


def consent_key(channel: str, purpose: str) -> str:
    """Name a consent: by its channel, and by its purpose too where that is not marketing (``email/receipts``).

    Capitals make no difference.
    """
    return (channel if purpose.lower() == MARKETING else f"{channel}/{purpose}").lower()


def words(events: Iterable[Event]) -> Mapping[Of, Word]:
    """Fold all that is known, in any order, into the word that counts of each record and channel.

    A no counts until a word says yes later. A yes counts until a later no, in a word or newly stated by the record; at
    the same instant the no counts. A question that was put and not answered takes an earlier yes back.
    """
    known = list(events)
    said = _said(event for event in known if isinstance(event, ConsentSeen))
    stated = _stated(event for event in known if isinstance(event, ProfileSeen))
    found = {}
    for of in dict.fromkeys((*said, *stated)):
        word, statement = said.get(of), stated.get(of)
        found[of] = _counting(word, statement) if word is not None and statement is not None else word or statement
    return {of: word for of, word in found.items() if word is not None}


def word_on(events: Iterable[Event], profile: ProfileId, channel: str, purpose: str) -> Word | None:
    """Give the word that counts of one record about one channel, for one purpose."""
    return words(events).get((profile, consent_key(channel, purpose)))


def _counting(word: Word, statement: Word) -> Word:
    if word.allowed is False:
        return word
    newer = statement.at > word.at or (statement.at == word.at and not statement.allowed)
    if word.allowed is None:
        return statement if newer or not statement.allowed else word
    return statement if newer and not statement.allowed else word


def _said(events: Iterable[ConsentSeen]) -> dict[Of, Word]:
    """Keep the newest word; of two that contradict each other at one moment, or in one version, the stricter."""
    top: dict[EventId, list[ConsentSeen]] = {}
    for event in events:
        known = top.get(event.id)
        if known is None or event.version > known[0].version:
            top[event.id] = [event]
        elif event.version == known[0].version:
            known.append(event)
    found: dict[Of, Word] = {}
    for contents in top.values():
        mine: dict[Of, Word] = {}
        for event in contents:
            of, word = (
                (event.profile, consent_key(event.channel, event.purpose)),
                Word(event.allowed, event.at, event.id),
            )
            mine[of] = _stricter(mine.get(of, word), word)
        for of, word in mine.items():
            found[of] = _later(found.get(of, word), word)
    return found


def _stricter(one: Word, other: Word) -> Word:
    """Of a no, no answer and a yes give the first; of two that say the same the newer."""
    if one.allowed is not other.allowed:
        return min(one, other, key=lambda each: _STRICT[each.allowed])
    return max(one, other, key=lambda each: (each.at, each.id))


def _later(one: Word, other: Word) -> Word:
    return max(one, other, key=lambda each: each.at) if one.at != other.at else _stricter(one, other)


def _stated(events: Iterable[ProfileSeen]) -> dict[Of, Word]:
    """Give what each record states, as of the first version that states it; of several documents the stricter."""
    documents: dict[EventId, dict[int, list[ProfileSeen]]] = {}
    for event in events:
        documents.setdefault(event.id, {}).setdefault(event.version, []).append(event)
    found: dict[Of, Word] = {}
    for versions in documents.values():
        for of, word in _document(versions).items():
            found[of] = _stricter(found.get(of, word), word)
    return found


def _document(versions: Mapping[int, Sequence[ProfileSeen]]) -> dict[Of, Word]:
    stated: dict[Of, Word] = {}
    for _, contents in sorted(versions.items()):
        now: dict[Of, bool] = {}
        for event in contents:
            for channel, allowed in event.consents:
                of = event.profile, consent_key(channel, MARKETING)
                now[of] = now.get(of, True) and allowed
        at, name = max(event.updated_at or event.at for event in contents), contents[0].id
        stated = {
            of: stated[of] if of in stated and stated[of].allowed == allowed else Word(allowed, at, name)
            for of, allowed in now.items()
        }
    return stated
