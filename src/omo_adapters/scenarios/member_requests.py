"""Steps in which somebody asks something about who is who: staff, a shopper, whoever keeps people's data."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from pydantic import Field

from omo_adapters.scenarios.scene import Scene
from omo_adapters.scenarios.steps import RequestStep
from omo_adapters.written import Moment, Name
from omo_core.decisions import Command
from omo_core.errors import Malformed
from omo_core.identifiers import EventId, Fingerprint, RequestId
from omo_core.members import Claim
from omo_core.members.commands import (
    BindProfile,
    ForgetMember,
    JoinProfiles,
    MemberCommand,
    OtpProof,
    PartProfiles,
    RecycleNumber,
    ResolveReview,
    RevokeClaim,
    ShareKey,
    VerifyClaim,
    WithdrawStatement,
)
from omo_core.members.events import Proof
from omo_core.members.rules import Role

Pair = tuple[Name, Name]
USUAL_REASON: Final = "the story says so"


class MemberRequestStep(RequestStep):
    """Somebody asks, in a role."""

    role: Role = "clerk"

    def asked(self, at: datetime, request: str) -> dict[str, object]:
        """Give what every command about members says."""
        return {"request": RequestId(request), "at": at, "actor": self.actor, "role": self.role}


class JoinStep(MemberRequestStep):
    """`join = ["crm:88", "web:7"]`: make one member of the bearers of two records."""

    join: Pair = Field(strict=False)
    reason: Name = USUAL_REASON

    def command(self, scene: Scene, at: datetime, request: str) -> Command:
        """Give the wish."""
        one, other = (scene.bearer(record)[0] for record in self.join)
        return _made(JoinProfiles, self.asked(at, request), one=one, other=other, reason=self.reason)


class PartStep(MemberRequestStep):
    """`part = ["web:7"]`: these records of a member are not the same person as its others."""

    part: tuple[Name, ...] = Field(strict=False)
    reason: Name = USUAL_REASON

    def command(self, scene: Scene, at: datetime, request: str) -> Command:
        """Give the wish."""
        records = tuple(scene.bearer(record)[0] for record in self.part)
        return _made(PartProfiles, self.asked(at, request), profiles=records, reason=self.reason)


class WithdrawStep(MemberRequestStep):
    """`withdraw = "joined/crm:88+web:7"`: take a statement back, as if it had never been said."""

    withdraw: Name
    by: Name
    """A record that the statement names."""
    role: Role = "manager"

    def command(self, scene: Scene, at: datetime, request: str) -> Command:
        """Give the wish."""
        statement, record = EventId(self.withdraw), scene.bearer(self.by)[0]
        return _made(WithdrawStatement, self.asked(at, request), statement=statement, profile=record)


class DecideStep(MemberRequestStep):
    """`decide = ["crm:88", "web:7"]`: settle an item for review."""

    decide: Pair = Field(strict=False)
    same: bool
    reason: Name = USUAL_REASON
    role: Role = "manager"

    def command(self, scene: Scene, at: datetime, request: str) -> Command:
        """Give the wish."""
        one, other = (scene.bearer(record)[0] for record in self.decide)
        return _made(ResolveReview, self.asked(at, request), one=one, other=other, same=self.same, reason=self.reason)


class BindStep(MemberRequestStep):
    """`bind = "line:U1"`: the record is whoever bears an identifier that a one-time password has just proven."""

    bind: Name
    key: Name
    """The identifier, with its kind: `phone:9123 4567`."""
    sent_to: Name | None = None
    """Where the password was sent, if elsewhere."""
    proven: Moment | None = None
    """When it was typed in; now, unless said."""
    challenge: Name | None = None
    role: Role = "shopper"

    def command(self, scene: Scene, at: datetime, request: str) -> Command:
        """Give the wish."""
        claim = key_claim(scene, self.key, "otp")
        typed = at if self.proven is None else scene.instant(self.proven, "proven")
        sent = claim if self.sent_to is None else key_claim(scene, self.sent_to, "otp")
        proof = OtpProof(fingerprint=sent.fingerprint, at=typed, challenge=self.challenge or request)
        return _made(BindProfile, self.asked(at, request), profile=scene.bearer(self.bind)[0], claim=claim, otp=proof)


class VerifyStep(MemberRequestStep):
    """`verify = "phone:9123 4567"`: settle that a record bears an identifier."""

    verify: Name
    by: Name
    proof: Proof = "clerk"
    """With `otp`, a password was sent there and typed in now."""

    def command(self, scene: Scene, at: datetime, request: str) -> Command:
        """Give the wish."""
        claim = key_claim(scene, self.verify, self.proof)
        proof = OtpProof(fingerprint=claim.fingerprint, at=at, challenge=request) if self.proof == "otp" else None
        return _made(VerifyClaim, self.asked(at, request), profile=scene.bearer(self.by)[0], claim=claim, otp=proof)


class RevokeStep(MemberRequestStep):
    """`revoke = "phone:9123 4567"`: settle that a record does not bear an identifier, whatever its source says."""

    revoke: Name
    by: Name

    def command(self, scene: Scene, at: datetime, request: str) -> Command:
        """Give the wish."""
        key = fingerprint_of(scene, self.revoke)
        return _made(RevokeClaim, self.asked(at, request), profile=scene.bearer(self.by)[0], fingerprint=key)


class RecycleStep(MemberRequestStep):
    """`recycle = "phone:9123 4567"`: the number was given to somebody else."""

    recycle: Name
    since: Moment
    role: Role = "manager"

    def command(self, scene: Scene, at: datetime, request: str) -> Command:
        """Give the wish."""
        key, since = fingerprint_of(scene, self.recycle), scene.instant(self.since, "since")
        return _made(RecycleNumber, self.asked(at, request), fingerprint=key, since=since)


class ShareStep(MemberRequestStep):
    """`share = "phone:2123 4567"`: several people use it."""

    share: Name
    shared: bool = True
    """False: it is one person's after all."""

    def command(self, scene: Scene, at: datetime, request: str) -> Command:
        """Give the wish."""
        key = fingerprint_of(scene, self.share)
        return _made(ShareKey, self.asked(at, request), fingerprint=key, shared=self.shared)


class ForgetStep(MemberRequestStep):
    """`forget = "crm:88"`: erase what is kept of a record's bearer."""

    forget: Name
    whole: bool = False
    """All records of the member."""
    role: Role = "privacy"

    def command(self, scene: Scene, at: datetime, request: str) -> Command:
        """Give the wish."""
        return _made(ForgetMember, self.asked(at, request), profile=scene.bearer(self.forget)[0], whole=self.whole)


def key_claim(scene: Scene, written: str, proof: Proof) -> Claim:
    """Read an identifier with its kind."""
    kind, told, value = written.partition(":")
    if not told or not value:
        raise Malformed("key", f"{written!r:.40} is no kind and value such as phone:91234567")
    return scene.claim(kind, value, proof)


def fingerprint_of(scene: Scene, written: str) -> Fingerprint:
    """Give the fingerprint of an identifier with its kind."""
    return key_claim(scene, written, "clerk").fingerprint


def _made(kind: type[MemberCommand], asked: dict[str, object], **said: object) -> Command:
    return kind(**asked, **said)  # type: ignore[arg-type]  # each step gives what its command takes
