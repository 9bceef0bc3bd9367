"""``omo changes``: who became somebody else since it was last told, why, and what that did to their points."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console

from omo_adapters.cli.points import counted
from omo_adapters.cli.session import DEFAULT_DB, DbOption, JsonOption, Session, opened
from omo_adapters.cli.telling import moment, number, plain, tell
from omo_adapters.following import Holding, Regrouping, news, told
from omo_adapters.storage.progress import SqliteProgress
from omo_core.members.recounting import recount


def changes(
    *,
    from_start: Annotated[
        bool, typer.Option("--from-start", help="The first time: tell everything that was ever heard.")
    ] = False,
    db: DbOption = DEFAULT_DB,
    as_json: JsonOption = False,
) -> None:
    """Tell which members were joined or parted since it was last told, by what, and what that did to their points."""
    with opened(db) as session:
        marks = SqliteProgress(session.database)
        run = news(session.shop, marks, session.shop.now(), from_start=from_start)

        def show(out: Console) -> None:
            for each in run.regroupings:
                out.print(f"{moment(each.at, session.zone)}  {plain(recount(each.members))}")
                for line in _holdings(session, each):
                    out.print(f"  {plain(line)}")
            out.print(f"{number(len(run.regroupings))} to tell.")

        flat = [{"key": each.key, "at": each.at, "members": each.members, "before": each.before, "after": each.after}
                for each in run.regroupings]  # fmt: skip
        tell({"at": run.at, "position": run.position, "changes": flat}, show, as_json=as_json)
        told(session.shop, marks, run)


def _holdings(session: Session, each: Regrouping) -> list[str]:
    return [
        f"{said} {holding.member}: {_holding(session, holding)}"
        for said, side in (("before", each.before), ("after", each.after))
        for holding in side
    ]


def _holding(session: Session, holding: Holding) -> str:
    programme, account = session.shop.programme(holding.programme), holding.account
    parts = [f"{counted(account.spendable, programme)} to spend"]
    parts += [f"{counted(account.pending, programme)} not usable yet"] if account.pending else []
    parts += [f"{counted(account.debt, programme)} owed"] if account.debt else []
    parts += [f"tier {account.tier.name}"] if account.tier is not None else []
    return ", ".join(parts)
