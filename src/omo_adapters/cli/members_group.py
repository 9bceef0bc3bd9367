"""``omo members``: every command about who is who, in one group."""

from __future__ import annotations

import typer

from omo_adapters.cli import backfill, member_claims, member_privacy, member_records, member_statements

members_app = typer.Typer(
    help="Who is who: join, part, review, identifiers, tags, consent, erasing.", no_args_is_help=True
)
members_app.command("backfill")(backfill.backfill)
members_app.command("bind")(member_statements.bind)
members_app.command("join")(member_statements.join)
members_app.command("part")(member_statements.part)
members_app.command("withdraw")(member_statements.withdraw)
members_app.command("review")(member_statements.review_)
members_app.command("resolve")(member_statements.resolve)
members_app.command("verify")(member_claims.verify)
members_app.command("revoke")(member_claims.revoke)
members_app.command("recycle")(member_claims.recycle)
members_app.command("share")(member_claims.share)
members_app.command("tag")(member_records.tag)
members_app.command("note")(member_records.note)
members_app.command("consent")(member_records.consent)
members_app.command("forget")(member_records.forget)
members_app.command("export")(member_records.export_)
members_app.command("requests")(member_privacy.requests)
members_app.command("forget-source")(member_privacy.forget_source)
