"""What the rules about members are given to decide on."""

from __future__ import annotations

from typing import Final

from omo_adapters.desk import Desk
from omo_core.errors import InvariantBroken
from omo_core.members.binding import decide_bind
from omo_core.members.circle import Answer
from omo_core.members.commands import (
    BindProfile,
    ExportMember,
    ForgetMember,
    JoinProfiles,
    MemberCommand,
    NoteProfile,
    PartProfiles,
    RecycleNumber,
    ResolveReview,
    RevokeClaim,
    SetConsent,
    ShareKey,
    TagProfile,
    VerifyClaim,
    WithdrawStatement,
)
from omo_core.members.deciding import decide_join, decide_part, decide_review, decide_withdraw
from omo_core.members.settling import (
    decide_consent,
    decide_export,
    decide_forget,
    decide_note,
    decide_recycle,
    decide_revoke,
    decide_share,
    decide_tag,
    decide_verify,
)


def answer_member(desk: Desk, command: MemberCommand) -> Answer:
    """Answer a command about members."""
    match command:
        case JoinProfiles():
            return decide_join(desk.circle(command.one, command.other), command)
        case ResolveReview():
            return decide_review(desk.circle(command.one, command.other), command)
        case PartProfiles():
            return decide_part(desk.circle(*command.profiles), command)
        case BindProfile():
            return decide_bind(desk.circle(command.profile, keys=(command.claim.fingerprint,)), command)
        case VerifyClaim():
            return decide_verify(desk.circle(command.profile, keys=(command.claim.fingerprint,)), command)
        case RevokeClaim():
            return decide_revoke(desk.circle(command.profile), command)
        case RecycleNumber():
            return decide_recycle(desk.circle(keys=(command.fingerprint,)), command)
        case ShareKey():
            return decide_share(desk.circle(keys=(command.fingerprint,)), command)
        case WithdrawStatement():
            return decide_withdraw(desk.circle(command.profile), command)
        case ForgetMember():
            return decide_forget(desk.circle(command.profile), command)
        case ExportMember():
            return decide_export(desk.circle(command.profile), command)
        case TagProfile():
            return decide_tag(desk.circle(command.profile), command)
        case NoteProfile():
            return decide_note(desk.circle(command.profile), command)
        case SetConsent():
            return decide_consent(desk.circle(command.profile), command)
        case _:
            raise InvariantBroken(f"{type(command).__name__} has no rule")


MEMBER_COMMANDS: Final[tuple[type[MemberCommand], ...]] = (
    BindProfile,
    JoinProfiles,
    PartProfiles,
    WithdrawStatement,
    ResolveReview,
    VerifyClaim,
    RevokeClaim,
    RecycleNumber,
    ShareKey,
    ForgetMember,
    ExportMember,
    TagProfile,
    NoteProfile,
    SetConsent,
)
"""Every command about members."""
