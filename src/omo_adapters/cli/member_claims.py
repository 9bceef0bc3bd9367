"""``omo members verify``, ``revoke``, ``recycle`` and ``share``: what is settled about identifiers."""

from __future__ import annotations

from typing import Annotated

import typer

from omo_adapters.cli.exits import BadArgument
from omo_adapters.cli.finding import KeyArgument, ProviderOption, RecordArgument, key_of
from omo_adapters.cli.member_asking import ByOption, RoleOption, ask
from omo_adapters.cli.member_statements import ProvenOption, role_of
from omo_adapters.cli.points import drawn
from omo_adapters.cli.session import DEFAULT_DB, AtOption, DbOption, JsonOption, RequestOption, opened
from omo_core.identifiers import ProfileId
from omo_core.members import Claim
from omo_core.members.commands import OtpProof, RecycleNumber, RevokeClaim, ShareKey, VerifyClaim
from omo_core.members.events import Proof


def verify(  # noqa: PLR0913  (a command's parameters are its options)
    record: RecordArgument,
    key: KeyArgument,
    *,
    proof: Annotated[
        str, typer.Option("--proof", help="How it was checked: otp, login, clerk, import, platform or typed.")
    ] = "clerk",
    challenge: Annotated[str, typer.Option("--challenge", help="The one-time password's own number, for otp.")] = "",
    proven_at: ProvenOption = "",
    provider: ProviderOption = "",
    role: RoleOption = "clerk",
    by: ByOption = "",
    at: AtOption = "",
    request: RequestOption = "",
    db: DbOption = DEFAULT_DB,
    as_json: JsonOption = False,
) -> None:
    """Settle that a record bears an identifier, whatever its source says from now on."""
    with opened(db) as session:
        found, when = key_of(session.shop, key, provider), session.moment(at)
        otp = None
        if challenge:
            typed = session.instant(proven_at, "--proven-at") or when
            otp = OtpProof(fingerprint=found.fingerprint, at=typed, challenge=challenge)
        command = VerifyClaim(
            request=drawn(request),
            at=when,
            actor=by,
            role=role_of(role),
            profile=ProfileId(record),
            claim=Claim(kind=found.kind, fingerprint=found.fingerprint, proof=_proof(proof), provider=provider),
            otp=otp,
        )
        ask(session, command, command.profile, as_json=as_json)


def _proof(text: str) -> Proof:
    return text  # type: ignore[return-value]  # Claim.check knows the proofs


def revoke(  # noqa: PLR0913  (as above)
    record: RecordArgument,
    key: KeyArgument,
    *,
    provider: ProviderOption = "",
    role: RoleOption = "clerk",
    by: ByOption = "",
    at: AtOption = "",
    request: RequestOption = "",
    db: DbOption = DEFAULT_DB,
    as_json: JsonOption = False,
) -> None:
    """Settle that a record does not bear an identifier, whatever its source says. What it joined opens again."""
    with opened(db) as session:
        command = RevokeClaim(
            request=drawn(request),
            at=session.moment(at),
            actor=by,
            role=role_of(role),
            profile=ProfileId(record),
            fingerprint=key_of(session.shop, key, provider).fingerprint,
        )
        ask(session, command, command.profile, as_json=as_json)


def recycle(  # noqa: PLR0913  (as above)
    key: KeyArgument,
    *,
    since: Annotated[
        str, typer.Option("--since", metavar="INSTANT", help="From when on it is somebody else's: 2026-03-31T18:00.")
    ],
    provider: ProviderOption = "",
    role: RoleOption = "manager",
    by: ByOption = "",
    at: AtOption = "",
    request: RequestOption = "",
    db: DbOption = DEFAULT_DB,
    as_json: JsonOption = False,
) -> None:
    """Say that a number was given to somebody else: who bore it before is not who bears it from then on."""
    with opened(db) as session:
        cut = session.instant(since, "--since")
        if cut is None:
            raise BadArgument("--since is empty; say from when on it is somebody else's")
        fingerprint = key_of(session.shop, key, provider).fingerprint
        command = RecycleNumber(
            request=drawn(request),
            at=session.moment(at),
            actor=by,
            role=role_of(role),
            fingerprint=fingerprint,
            since=cut,
        )
        ask(session, command, *session.shop.bearers(fingerprint), as_json=as_json)


def share(  # noqa: PLR0913  (as above)
    key: KeyArgument,
    *,
    shared: Annotated[
        bool, typer.Option("--several/--one-person", help="Whether several people use it, or one after all.")
    ] = True,
    provider: ProviderOption = "",
    role: RoleOption = "clerk",
    by: ByOption = "",
    at: AtOption = "",
    request: RequestOption = "",
    db: DbOption = DEFAULT_DB,
    as_json: JsonOption = False,
) -> None:
    """Say that several people use an identifier, a household's phone: it joins nobody."""
    with opened(db) as session:
        fingerprint = key_of(session.shop, key, provider).fingerprint
        command = ShareKey(
            request=drawn(request),
            at=session.moment(at),
            actor=by,
            role=role_of(role),
            fingerprint=fingerprint,
            shared=shared,
        )
        ask(session, command, *session.shop.bearers(fingerprint), as_json=as_json)
