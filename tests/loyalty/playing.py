"""Small shops for tables of policies: a programme as its file says it, and the public object that answers."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from omo_adapters.programmes import programme_from_toml
from omo_adapters.shop import Shop, memory_shop
from omo_core.loyalty import Account, TierView
from omo_core.trade import Refund, RefundLine, Sale, SaleLine, Tender

HERE = ZoneInfo("Asia/Taipei")
ME = "crm:7"
HEAD = 'zone = "Asia/Taipei"\ncurrency = "TWD"\n'
EARN = 'earnings = [{ per = "30.00" }]\n'


def day(written: str) -> datetime:
    """Noon of a day, or the minute that is written."""
    at = datetime.fromisoformat(written)
    return (at + timedelta(hours=12) if len(written) == 10 else at).replace(tzinfo=HERE)


def a_shop(rules: str, *, head: str = HEAD) -> Shop:
    """A shop by a programme's file."""
    return memory_shop(programme_from_toml(head + rules), now=lambda: day("2035-01-01"))


def sold(order: str, at: str, *lines: Any, paid: dict[str, int] | None = None, **more: Any) -> Sale:
    """A purchase: lines are amounts in whole dollars, or tables."""
    return Sale(
        **{
            "id": f"sale/{order}",
            "at": day(at),
            "order": order,
            "profile": ME,
            "currency": "TWD",
            "lines": tuple(_line(place, line) for place, line in enumerate(lines, 1)),
            "tenders": tuple(Tender(kind=kind, amount=amount * 100) for kind, amount in (paid or {}).items()),
            **more,
        }  # type: ignore[arg-type]  # what a table says
    )


def _line(place: int, line: Any) -> SaleLine:
    given = dict(line) if isinstance(line, dict) else {"amount": line}
    given = {name: value * 100 if name in ("amount", "tax") else value for name, value in given.items()}
    return SaleLine(**{"line": str(place), "sku": f"SKU{place}", "units": 1, "handing": "none", **given})


def back(order: str, at: str, lines: dict[str, int] | None = None, **more: Any) -> Refund:
    """Money back in whole dollars: by line, or as ``adjustment``."""
    number = f"{order}/{at}/{sorted((lines or {}).items())}/{sorted(more)}"
    loose = {name: more.pop(name) * 100 for name in ("adjustment", "shipping") if name in more}
    paid = tuple(Tender(kind=kind, amount=amount * 100) for kind, amount in more.pop("paid", {}).items())
    told = tuple(
        RefundLine(line=line, sku=f"SKU{line}", units=1, amount=amount * 100) for line, amount in (lines or {}).items()
    )
    fields = {"id": f"refund/{number}", "at": day(at), "order": order, "currency": "TWD", "lines": told, **loose}
    return Refund(**{**fields, "tenders": paid, **more})


def account(rules: str, told: Iterable[Any], at: str) -> Account:
    """What a member has after all that is told, facts and wishes alike."""
    shop = a_shop(rules)
    for each in told:
        shop.run((each,))
    return shop.account(ME, as_of=day(at))


def tier(rules: str, told: Iterable[Any], at: str) -> TierView:
    """Where a member stands."""
    found = account(rules, told, at).tier
    assert found is not None
    return found
