"""``omo members requests`` and ``forget-source``: who waits for a copy, and a source that is gone."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console

from omo_adapters import forgetting
from omo_adapters.cli.exits import BadArgument, Exit
from omo_adapters.cli.member_asking import ByOption, RoleOption
from omo_adapters.cli.member_statements import role_of
from omo_adapters.cli.points import drawn
from omo_adapters.cli.session import DEFAULT_DB, AtOption, DbOption, JsonOption, RequestOption, opened
from omo_adapters.cli.telling import moment, number, plain, table, tell
from omo_core.decisions import Refused
from omo_core.identifiers import ProfileId
from omo_core.members.commands import ForgetMember


def requests(*, db: DbOption = DEFAULT_DB, as_json: JsonOption = False) -> None:
    """List the customers who asked for a copy of what is kept of them and wait for it, the oldest first."""
    with opened(db) as session:
        waiting = forgetting.open_requests(session.shop)

        def show(out: Console) -> None:
            rows = [(moment(each.at, session.zone), each.profile, each.source) for each in waiting]
            if rows:
                out.print(table(("asked", "record", "by way of"), rows))
            out.print(f"{number(len(rows))} waiting; omo members export gives a copy.")

        asked = [{"id": each.id, "profile": each.profile, "at": each.at, "source": each.source} for each in waiting]
        tell({"requests": asked}, show, as_json=as_json)


def forget_source(  # noqa: PLR0913  (a command's parameters are its options)
    source: Annotated[str, typer.Argument(metavar="SOURCE", help="What its records' ids begin with: shopify, crm.")],
    *,
    role: RoleOption,
    sure: Annotated[bool, typer.Option("--yes", help="Erasing can't be undone; without this nothing happens.")] = False,
    by: ByOption = "",
    at: AtOption = "",
    request: RequestOption = "",
    db: DbOption = DEFAULT_DB,
    as_json: JsonOption = False,
) -> None:
    """Erase every record of one source, and its documents in quarantine. What was bought stays on the books."""
    if not sure:
        raise BadArgument(f"erasing all of {source[:60]} can't be undone; say --yes if it is meant")
    with opened(db) as session:
        asked = ForgetMember(
            request=drawn(request),
            at=session.moment(at),
            actor=by,
            role=role_of(role),
            profile=ProfileId(f"{source}:"),
        )
        found = forgetting.forget_source(session.shop, source, asked)

        def show(out: Console) -> None:
            if isinstance(found, Refused):
                out.print(f"No: {plain(found.reason.say())}")
            else:
                out.print(f"{number(found.records)} records and {number(found.documents)} documents are erased.")

        document: dict[str, object] = {"request": asked.request}
        if isinstance(found, Refused):
            document |= {"answer": "refused", "says": found.reason.say()}
        else:
            document |= {"answer": "accepted", "records": found.records, "documents": found.documents}
        tell(document, show, as_json=as_json)
    if isinstance(found, Refused):
        raise typer.Exit(Exit.NO)
