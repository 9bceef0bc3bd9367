"""Made-up observations of a handful of records, with every kind of event that says who is who."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from random import Random

from attrs import evolve

from omo_core.events import Event
from omo_core.identifiers import EventId, Fingerprint, ProfileId, compound
from omo_core.members import (
    Claim,
    ClaimSettled,
    ConsentSeen,
    IdentityRules,
    KeyRule,
    KeyShared,
    MatchProposed,
    NumberRecycled,
    ProfileSeen,
    ProfilesJoined,
    ProfilesParted,
    RecordErased,
    TraitsSeen,
)
from omo_core.members.events import Proof

START = datetime(2026, 1, 1, tzinfo=UTC)
ALL: tuple[Proof, ...] = ("otp", "login", "clerk", "import", "platform", "typed")
RULES = IdentityRules(
    keys=(
        KeyRule(kind="crm", proofs=ALL, values_max=1),
        KeyRule(kind="card", proofs=ALL, profiles_max=3),
        KeyRule(kind="email", proofs=ALL[:-1], names_stop=True),
        KeyRule(kind="phone", proofs=ALL[:-1], names_stop=True, stale_days=30, profiles_max=3),
    ),
    blocked=(Fingerprint("phone:0"), Fingerprint("email:0")),
    records_max=4,
    traits=(("surname",),),
)
"""Every guard, with limits low enough that a handful of records meets each."""


def day(number: int) -> datetime:
    return START + timedelta(days=number)


def claim(
    kind: str,
    value: object,
    proof: Proof = "clerk",
    since: int | None = None,
    until: int | None = None,
    seen: int | None = None,
    provider: str = "",
) -> Claim:
    def when(number: int | None) -> datetime | None:
        return None if number is None else day(number)

    return Claim(
        kind=kind,
        fingerprint=Fingerprint(f"{kind}:{provider}{value}"),
        proof=proof,
        since=when(since),
        until=when(until),
        seen=when(seen),
        provider=provider,
    )


def seen(profile: str, *claims: Claim, at: int = 0, version: int = 0, deleted: bool = False) -> ProfileSeen:
    return ProfileSeen(
        id=EventId(f"profile/{profile}"),
        at=day(at),
        version=version,
        profile=ProfileId(profile),
        claims=claims,
        deleted=deleted,
    )


def joined(one: str, other: str, at: int = 50, version: int = 0, withdrawn: bool = False) -> ProfilesJoined:
    first, second = sorted((ProfileId(one), ProfileId(other)))
    return ProfilesJoined(
        id=compound("joined", first, second),
        at=day(at),
        version=version,
        one=first,
        other=second,
        withdrawn=withdrawn,
    )


def parted(
    ones: str | Sequence[str], others: str | Sequence[str], at: int = 50, version: int = 0, withdrawn: bool = False
) -> ProfilesParted:
    return ProfilesParted(
        id=EventId(f"parted/{','.join(ones)}:{','.join(others)}"),
        at=day(at),
        version=version,
        ones=tuple(ProfileId(each) for each in ones),
        others=tuple(ProfileId(each) for each in others),
        withdrawn=withdrawn,
    )


def surname(profile: str, *values: str) -> TraitsSeen:
    return TraitsSeen(
        id=EventId(f"traits/{profile}"),
        at=day(0),
        profile=ProfileId(profile),
        traits=(("surname", tuple(Fingerprint(each) for each in values)),),
    )


def erased(profile: str) -> RecordErased:
    return RecordErased(id=EventId(f"erased/{profile}"), at=day(60), profile=ProfileId(profile))


def recycled(value: str, at: int, withdrawn: bool = False, version: int = 0) -> NumberRecycled:
    return NumberRecycled(
        id=EventId(f"recycled/{value}:{at}"),
        at=day(at),
        version=version,
        fingerprint=Fingerprint(value),
        withdrawn=withdrawn,
    )


def shared(value: str, withdrawn: bool = False, version: int = 0) -> KeyShared:
    return KeyShared(
        id=EventId(f"shared/{value}"),
        at=day(40),
        fingerprint=Fingerprint(value),
        version=version,
        withdrawn=withdrawn,
    )


def likely(one: str, other: str, likeness: int) -> MatchProposed:
    return MatchProposed(
        id=EventId(f"match/{one}:{other}"),
        at=day(1),
        one=ProfileId(one),
        other=ProfileId(other),
        likeness=likeness,
    )


def settled(profile: str, borne: Claim, holds: bool = True, at: int = 20) -> ClaimSettled:
    return ClaimSettled(
        id=compound("claim", profile, borne.kind, borne.fingerprint, borne.provider),
        at=day(at),
        version=at,
        profile=ProfileId(profile),
        claim=borne,
        holds=holds,
    )


def consent(profile: str, channel: str, allowed: bool | None, version: int) -> ConsentSeen:
    return ConsentSeen(
        id=EventId(f"consent/{profile}:{channel}"),
        at=day(version),
        version=version,
        profile=ProfileId(profile),
        channel=channel,
        allowed=allowed,
    )


def _claims(random: Random) -> tuple[Claim, ...]:
    found = {}
    for _ in range(random.randint(0, 3)):
        kind = random.choice(("crm", "card", "email", "phone", "phone"))
        borne = claim(kind, random.randint(0, 3), random.choice(("clerk", "otp", "typed", "clerk")))
        if kind in ("crm", "card") and random.random() < 0.3:
            borne = evolve(borne, provider="B")  # the same fingerprint, handed out by somebody else
        if random.random() < 0.25:
            borne = evolve(borne, since=day(random.randint(0, 90)))
        if random.random() < 0.15:
            borne = evolve(borne, until=day(random.randint(10, 90)))
            if borne.since is not None and borne.until is not None and borne.until <= borne.since:
                borne = evolve(borne, since=None)
        if random.random() < 0.3:
            borne = evolve(borne, seen=day(random.randint(0, 90)))
        found[borne.kind, borne.provider, borne.fingerprint] = borne
    return tuple(found.values())


def _consents(random: Random) -> tuple[tuple[str, bool], ...]:
    channels = random.sample(("email", "Email", "sms"), random.choice((0, 0, 1, 2)))
    return tuple((channel, random.random() < 0.5) for channel in channels)


def _statement(random: Random, names: Sequence[str]) -> Event:
    one, other, third = random.sample(names, 3)
    at, version = random.randint(0, 90), random.randint(0, 1)
    return random.choice(
        (
            joined(one, other, at, version, withdrawn=random.random() < 0.3),
            parted((one,), (other, third), at, version, withdrawn=random.random() < 0.3),
            parted((one,), (other,), at),
            surname(one, random.choice("WC"), random.choice("WCL")),
            surname(other, random.choice("WCL")),
            erased(third),
            recycled(f"phone:{random.randint(1, 3)}", at),
            recycled(f"phone:{random.randint(1, 3)}", at // 30, withdrawn=version == 1, version=version),
            shared(f"phone:{random.randint(1, 3)}"),
            shared(f"phone:{random.randint(1, 3)}", withdrawn=True, version=1),
            likely(one, other, random.randint(0, 1_000_000)),
            settled(one, claim("phone", random.randint(1, 3), "otp"), holds=random.random() < 0.7, at=at),
            settled(one, claim("card", random.randint(1, 3), provider="B"), holds=random.random() < 0.5, at=at),
            consent(one, "email", random.choice((True, False, None)), version),
        )
    )


def observations(random: Random, count: int, *, records: int = 0) -> list[Event]:
    """Make up so many different observations of a few records."""
    names = [chr(ord("a") + number) for number in range(records or max(4, min(12, count)))]
    found: dict[tuple[str, int, Event | None], Event] = {}
    while len(found) < count:
        if random.random() < 0.65:
            event: Event = evolve(
                seen(
                    random.choice(names),
                    *_claims(random),
                    at=random.randint(0, 90),
                    version=random.randint(0, 2),
                    deleted=random.random() < 0.05,
                ),
                inferred=random.random() < 0.1,
                updated_at=day(random.randint(0, 90)) if random.random() < 0.4 else None,
                consents=_consents(random),
            )
        else:
            event = _statement(random, names)
        # Now and then two different contents come under one id and version.
        found.setdefault((event.id, event.version, event if random.random() < 0.1 else None), event)
    return list(found.values())
