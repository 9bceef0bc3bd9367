"""Steps about customer records: seen, joined, parted."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import BeforeValidator, Field

from omo_adapters.complaints import Shape
from omo_adapters.inbound import Personal
from omo_adapters.names.traits import Name as SaidName
from omo_adapters.scenarios.scene import Scene
from omo_adapters.scenarios.steps import FactStep
from omo_adapters.written import Moment, Name
from omo_core.events import Event
from omo_core.identifiers import EventId, ProfileId
from omo_core.members import Claim, ProfileSeen, ProfilesJoined
from omo_core.members.events import Proof


class ClaimModel(Shape):
    """An identifier on a record."""

    kind: Name
    """`phone`, `email`, `card`, `line`, `shopify`, or a name of the shop's own."""
    value: Name
    proof: Proof | None = None
    """How it was checked; else as the step says, else as is usual."""
    since: Moment | None = None
    until: Moment | None = None


def _claims(given: object) -> object:
    """Read ``{ phone = "9123 4567" }`` as a list of claims."""
    if not isinstance(given, dict):
        return given
    return [
        {"kind": kind, "value": value}
        for kind, values in given.items()
        for value in (values if isinstance(values, list) else [values])
    ]


class SeenStep(FactStep):
    """`seen = "crm:88"`: a customer record, in one of its versions."""

    seen: Name
    claims: Annotated[tuple[ClaimModel, ...], BeforeValidator(_claims)] = Field(default=(), strict=False)
    """`{ phone = "9123 4567", card = "4711" }`, or a list of tables."""
    proof: Proof | None = None
    """How all of them were checked."""
    consents: dict[str, bool] = Field(default_factory=dict)
    tags: tuple[Name, ...] = Field(default=(), strict=False)
    deleted: bool = False
    source: str = ""
    version: int = 0
    updated: Moment | None = None
    """When its source made this version of it."""
    fields: dict[Name, str] = Field(default_factory=dict)
    """Personal data, for the vault: `{ name = "Amy", birthday = "1990-02-09" }`; names speak where they may."""

    def events(self, scene: Scene, at: datetime) -> tuple[Event, ...]:
        """Give the record's version."""
        scene.records[self.seen] = None
        event = ProfileSeen(
            id=EventId(self.id or f"profile/{self.seen}"),
            at=at,
            version=self.version,
            source=self.source,
            profile=ProfileId(self.seen),
            claims=tuple(self._claim(claim, scene) for claim in self.claims),
            consents=tuple(sorted(self.consents.items())),
            tags=self.tags,
            deleted=self.deleted,
            updated_at=None if self.updated is None else scene.instant(self.updated, "updated"),
        )
        if scene.names is None:
            return (event,)
        first, last = self.fields.get("first_name", ""), self.fields.get("last_name", "")
        name = SaidName(text=self.fields.get("name", ""), first=first, last=last)
        return (event, scene.names.of(event, name, scene.shop.vault.key()))

    def personal(self) -> tuple[Personal, ...]:
        """Give what the vault is to keep of the record."""
        return (
            (Personal(profile=ProfileId(self.seen), version=self.version, fields=self.fields),) if self.fields else ()
        )

    def _claim(self, claim: ClaimModel, scene: Scene) -> Claim:
        since = None if claim.since is None else scene.instant(claim.since, "since")
        until = None if claim.until is None else scene.instant(claim.until, "until")
        return scene.claim(claim.kind, claim.value, claim.proof or self.proof, since=since, until=until)


class JoinedStep(FactStep):
    """`joined = ["crm:88", "web:7"]`: somebody who may say so said that two records are one person."""

    joined: tuple[Name, Name] = Field(strict=False)
    reason: str = ""
    actor: str = ""

    def events(self, scene: Scene, at: datetime) -> tuple[Event, ...]:
        """Give the statement, after what makes its records known."""
        (one, seen_one), (other, seen_other) = (scene.bearer(record) for record in self.joined)
        name = EventId(self.id or _statement(self.joined))
        version = 2 * scene.number(name) - 2
        statement = ProfilesJoined(
            id=name, at=at, version=version, one=one, other=other, reason=self.reason, actor=self.actor
        )
        return (*seen_one, *seen_other, statement)


class PartedStep(FactStep):
    """`parted = ["crm:88", "web:7"]`: what was said with `joined` is taken back."""

    parted: tuple[Name, Name] = Field(strict=False)
    reason: str = ""
    actor: str = ""

    def events(self, scene: Scene, at: datetime) -> tuple[Event, ...]:
        """Give the statement's next version."""
        one, other = (ProfileId(record) for record in self.parted)
        name = EventId(self.id or _statement(self.parted))
        version = 2 * scene.number(f"parted/{name}") - 1
        statement = ProfilesJoined(
            id=name,
            at=at,
            version=version,
            one=one,
            other=other,
            reason=self.reason,
            actor=self.actor,
            withdrawn=True,
        )
        return (statement,)


def _statement(records: tuple[str, str]) -> str:
    """Name the statement about two records: it is the same one, whichever is named first."""
    return f"joined/{'+'.join(sorted(records))}"
