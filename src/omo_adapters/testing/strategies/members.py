"""Strategies for every kind of event about customer records."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, get_args

from hypothesis import strategies as st

from omo_adapters.testing.strategies.world import CLAIMS, PROFILES, document, instants, maybe, versions
from omo_core.events import Event
from omo_core.identifiers import EventId, Fingerprint
from omo_core.members import (
    Claim,
    ClaimSettled,
    ConsentSeen,
    ExportRequested,
    KeyShared,
    MatchProposed,
    NoteTaken,
    NumberRecycled,
    ProfileSeen,
    ProfilesJoined,
    ProfilesParted,
    RecordErased,
    RecordExported,
    TagsChanged,
    TagsSeen,
    TraitsSeen,
)
from omo_core.members.events import Proof

if TYPE_CHECKING:
    from hypothesis.strategies import DrawFn, SearchStrategy

TAGS: Final = ("vip", "staff")


def claims() -> SearchStrategy[Claim]:
    """Draw a claim; two cards and two phones go round."""
    borne = st.sampled_from(CLAIMS)
    return st.builds(
        lambda value, proof, until: Claim(kind=value.partition(":")[0], fingerprint=value, proof=proof, until=until),
        borne,
        st.sampled_from(get_args(Proof)),
        st.one_of(st.none(), st.none(), st.none(), instants()),
    )


@st.composite
def profile_sightings(draw: DrawFn) -> ProfileSeen:
    """Draw a customer record in one of its versions."""
    profile = draw(st.sampled_from(PROFILES))
    consents = st.tuples(st.sampled_from(("email", "sms")), st.booleans())
    return ProfileSeen(
        id=EventId(f"profile/{profile}"),
        at=draw(instants()),
        version=draw(versions()),
        profile=profile,
        claims=tuple(draw(st.lists(claims(), max_size=2))),
        consents=tuple(draw(st.lists(consents, max_size=1))),
        tags=tuple(draw(st.lists(st.sampled_from(("vip", "staff")), max_size=2))),
        deleted=draw(st.sampled_from((False, False, False, True))),
        updated_at=draw(st.one_of(st.none(), instants())),
    )


@st.composite
def joins(draw: DrawFn) -> ProfilesJoined:
    """Draw a statement that two records are one person, or that it was a mistake."""
    one, other = draw(st.permutations(PROFILES))[:2]
    return ProfilesJoined(
        id=draw(document("join")),
        at=draw(instants()),
        version=draw(versions()),
        one=one,
        other=other,
        withdrawn=draw(st.booleans()),
    )


def about_members() -> dict[type[Event], SearchStrategy[Event]]:
    """Give a strategy for each kind of event about customer records."""
    return {ProfileSeen: profile_sightings(), ProfilesJoined: joins(), **_descriptions(), **_statements()}


def _common() -> dict[str, SearchStrategy[object]]:
    return {"at": instants(), "version": versions(), "profile": st.sampled_from(PROFILES)}


def _descriptions() -> dict[type[Event], SearchStrategy[Event]]:
    tags = st.lists(st.sampled_from(TAGS), max_size=2).map(tuple)
    names = st.sampled_from((Fingerprint("surname:chan"), Fingerprint("surname:wong")))
    traits = st.lists(st.tuples(st.just("surname"), st.tuples(names)), max_size=1).map(tuple)
    return {
        ConsentSeen: st.builds(
            ConsentSeen,
            id=document("consent"),
            channel=st.sampled_from(("email", "sms")),
            allowed=maybe(st.booleans()),
            **_common(),
        ),
        TagsSeen: st.builds(TagsSeen, id=document("tags"), tags=tags, **_common()),
        TagsChanged: st.builds(TagsChanged, id=document("retag"), added=tags, removed=tags, **_common()),
        TraitsSeen: st.builds(TraitsSeen, id=document("traits"), traits=traits, **_common()),
        NoteTaken: st.builds(NoteTaken, id=document("note"), **_common()),
    }


def _statements() -> dict[type[Event], SearchStrategy[Event]]:
    said = {"at": instants(), "version": versions()}
    of_key = {**said, "fingerprint": st.sampled_from(CLAIMS), "withdrawn": st.sampled_from((False, False, True))}
    sides = st.permutations(PROFILES).map(lambda order: {"ones": tuple(order[:1]), "others": tuple(order[1:])})
    pairs = st.permutations(PROFILES).map(lambda order: {"one": order[0], "other": order[1]})
    return {
        ProfilesParted: st.builds(
            lambda who, **rest: ProfilesParted(**who, **rest),
            sides,
            id=document("parted"),
            withdrawn=st.booleans(),
            **said,
        ),
        MatchProposed: st.builds(
            lambda who, **rest: MatchProposed(**who, **rest),
            pairs,
            id=document("match"),
            likeness=st.sampled_from((500_000, 990_000)),
            **said,
        ),
        ClaimSettled: st.builds(ClaimSettled, id=document("settled"), claim=claims(), holds=st.booleans(), **_common()),
        NumberRecycled: st.builds(NumberRecycled, id=document("recycled"), **of_key),
        KeyShared: st.builds(KeyShared, id=document("shared"), **of_key),
        RecordErased: st.builds(RecordErased, id=document("erased"), **_common()),
        RecordExported: st.builds(RecordExported, id=document("exported"), **_common()),
        ExportRequested: st.builds(ExportRequested, id=document("wanted"), **_common()),
    }
