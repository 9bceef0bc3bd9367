"""A report as one HTML page: no script, nothing fetched, readable on a phone and on paper."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from html import escape
from typing import Final
from zoneinfo import ZoneInfo

from omo_adapters.reporting.charts import stacked_bars
from omo_adapters.reporting.model import DaySales, Shelf, ShopReport
from omo_core.money import decimal_text

STYLE: Final = """
:root{color-scheme:light dark;--ink:#1c2733;--paper:#fff;--soft:#eef2f5;--line:#cfd8df;--warn:#b3261e}
@media(prefers-color-scheme:dark){:root{--ink:#e6ebef;--paper:#12181e;--soft:#1d262e;--line:#37444f;--warn:#ff8a80}}
*{box-sizing:border-box}body{margin:0 auto;max-width:60rem;padding:1.5rem;color:var(--ink);background:var(--paper);
font:16px/1.5 system-ui,sans-serif}h1{margin:0}h2{margin:2.5rem 0 .5rem;border-bottom:1px solid var(--line)}
p.note{margin:.2rem 0 1rem;opacity:.8}p.none{opacity:.7}ul.figures{display:flex;flex-wrap:wrap;gap:.75rem;padding:0;
list-style:none}ul.figures li{background:var(--soft);border-radius:.5rem;padding:.6rem 1rem;min-width:8.5rem}
ul.figures b{display:block;font-size:1.35rem}.wide{overflow-x:auto}table{border-collapse:collapse;width:100%;
font-variant-numeric:tabular-nums}th,td{text-align:left;padding:.25rem .6rem .25rem 0;vertical-align:top;
border-bottom:1px solid var(--line);overflow-wrap:anywhere}.n{text-align:right;white-space:nowrap}
.short{color:var(--warn);font-weight:600}
svg{width:100%;height:auto;font:11px system-ui,sans-serif}svg text{fill:var(--ink)}text.y{text-anchor:end}
text.x{text-anchor:middle}line.grid{stroke:var(--line)}line.zero{stroke:var(--ink)}ul.legend{display:flex;flex-wrap:wrap;
gap:1rem;padding:0;margin:.2rem 0 1rem;list-style:none}ul.legend span{display:inline-block;width:.8em;height:.8em;
margin-right:.4em;border-radius:2px}@media print{body{max-width:none}}
"""
POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'"

Cell = str | int


def to_html(report: ShopReport) -> str:
    """Draw a report."""
    sections = (_figures, _sales, _points, _members, _stock, _sources, _quarantine)
    body = "\n".join(section(report) for section in sections)
    name = escape(report.name)
    when = escape(_moment(report.as_of, report.zone))
    head = f'<meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="{POLICY}">'
    view = '<meta name="viewport" content="width=device-width,initial-scale=1">'
    top = f'<h1>{name}</h1>\n<p class="note">As of {when}, {escape(report.zone)}. Every figure is derived from '
    return (
        f'<!doctype html>\n<html lang="en"><head>{head}{view}<title>{name}</title><style>{STYLE}</style></head>\n'
        f"<body>\n{top}{_number(report.events)} recorded events.</p>\n{body}\n</body></html>\n"
    )


def _figures(report: ShopReport) -> str:
    days = [day for day in report.sales.days if day.currency == report.currency]
    figures = [
        (_money(sum(day.amount for day in days), report.currency), "sold"),
        (_number(sum(day.orders for day in report.sales.days)), "orders"),
        (_money(report.sales.refunds.get(report.currency, 0), report.currency), "given back"),
        (_number(report.membership.known), "members"),
        (_number(sum(member.spendable for member in report.membership.members)), "points to spend"),
        (_number(report.stock.articles), "articles"),
        (_number(sum(report.quarantine.values())), "documents set aside"),
    ]
    items = "".join(f"<li><b>{escape(figure)}</b>{escape(what)}</li>" for figure, what in figures)
    return f'<ul class="figures">{items}</ul>'


def _sales(report: ShopReport) -> str:
    parts = ["<h2>Sales by channel</h2>"]
    codes = sorted({day.currency for day in report.sales.days}, key=lambda code: (code != report.currency, code))
    for code in codes or [report.currency]:
        days = [day for day in report.sales.days if day.currency == code]
        parts.append(f'<p class="note">{escape(code)}, by the day the order was placed; refunds are not taken off.</p>')
        parts.append(_sales_chart(days, code))
        totals = _by_channel(days)
        rows = [(channel, _number(orders), _money(amount, code)) for channel, (orders, amount) in totals.items()]
        parts.append(_table(("channel", "orders#", "amount#"), rows))
    return "\n".join(parts)


def _sales_chart(days: Sequence[DaySales], code: str) -> str:
    labels = sorted({day.day for day in days})
    place = {day: number for number, day in enumerate(labels)}
    series = {channel: [0] * len(labels) for channel in sorted({day.channel for day in days})}
    for day in days:
        series[day.channel][place[day.day]] += day.amount
    texts = [day.isoformat() for day in labels]
    return stacked_bars(texts, series, lambda amount: _money(amount, code), title="Sales by channel and day")


def _by_channel(days: Iterable[DaySales]) -> dict[str, tuple[int, int]]:
    totals: dict[str, tuple[int, int]] = {}
    for day in days:
        orders, amount = totals.get(day.channel, (0, 0))
        totals[day.channel] = (orders + day.orders, amount + day.amount)
    return dict(sorted(totals.items()))


def _points(report: ShopReport) -> str:
    months = report.membership.months
    labels = [month.month for month in months]
    series = {
        "issued": [month.issued for month in months],
        "returned": [month.returned for month in months],
        "redeemed": [-month.redeemed for month in months],
        "expired": [-month.expired for month in months],
        "clawed back or taken": [-month.taken for month in months],
    }
    outstanding = {"outstanding at the month's end": [month.outstanding for month in months]}
    rows = [(m.month, m.issued, m.redeemed, m.returned, m.expired, m.taken, m.outstanding) for m in reversed(months)]
    columns = ("month", "issued#", "redeemed#", "returned#", "expired#", "taken#", "outstanding#")
    return "\n".join(
        (
            "<h2>Points</h2>",
            stacked_bars(labels, series, _number, title="Points by month"),
            stacked_bars(labels, outstanding, _number, title="Points outstanding"),
            _table(columns, rows),
        )
    )


def _members(report: ShopReport) -> str:
    tiers = _table(("tier", "members#"), list(report.membership.tiers.items()))
    most = sorted(report.membership.members, key=lambda member: (-member.spendable, member.member))[:20]
    rows = [(m.member, m.records, m.tier, m.spendable, m.pending, m.debt, m.earned, m.spent, m.expired) for m in most]
    columns = ("member", "records#", "tier", "to spend#", "pending#", "owed#", "earned#", "spent#", "expired#")
    note = '<p class="note">The twenty with most points to spend; records are named, people are not.</p>'
    return f"<h2>Members</h2>\n{tiers}\n{note}\n{_table(columns, rows)}"


def _stock(report: ShopReport) -> str:
    top = [shelf for shelf in report.stock.shelves if shelf.sku in report.stock.top]
    short = [shelf for shelf in report.stock.shelves if shelf.free_raw < 0]
    columns = ("article", "location", "on hand#", "promised#", "free#", "")
    alarm = f"<h3>Short</h3>\n{_table(columns, map(_shelf, short))}" if short else ""
    note = '<p class="note">The articles sold most, in every location.</p>'
    return f"<h2>Stock</h2>\n{note}\n{_table(columns, map(_shelf, top))}\n{alarm}"


def _shelf(shelf: Shelf) -> tuple[Cell, ...]:
    risk = f", {_number(shelf.at_risk)} promised units at risk" if shelf.at_risk else ""
    short = f"short by {_number(-shelf.free_raw)}{risk}" if shelf.free_raw < 0 else ""
    return shelf.sku, shelf.name, shelf.on_hand, shelf.allocated, shelf.free, short


def _sources(report: ShopReport) -> str:
    rows = [(source or "unnamed", kind.replace("_", " "), count) for source, kind, count in report.sources]
    return f"<h2>What came in</h2>\n{_table(('source', 'events', 'how many#'), rows)}"


def _quarantine(report: ShopReport) -> str:
    if not report.quarantine:
        return '<h2>Set aside</h2>\n<p class="none">Every document was understood.</p>'
    rows = [
        (d.id, d.kind, d.place, f"{d.path}: {d.reason}".lstrip(": "), _moment(d.received_at, report.zone))
        for d in report.set_aside
    ]
    waiting = sum(report.quarantine.values())
    note = f'<p class="note">{_number(waiting)} documents wait, whole; omo quarantine drive reads them again.</p>'
    return f"<h2>Set aside</h2>\n{note}\n{_table(('number#', 'kind', 'where', 'why', 'since'), rows)}"


def _table(columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> str:
    numeric = [column.endswith("#") for column in columns]
    head = "".join(f"<th{_class(n)}>{escape(c.rstrip('#'))}</th>" for c, n in zip(columns, numeric, strict=True))
    body = "".join(
        f"<tr>{''.join(f'<td{_class(n)}>{_cell(c)}</td>' for c, n in zip(row, numeric, strict=True))}</tr>"
        for row in rows
    )
    if not body:
        return '<p class="none">Nothing yet.</p>'
    return f'<div class="wide"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'


def _class(numeric: bool) -> str:
    return ' class="n"' if numeric else ""


def _cell(value: Cell) -> str:
    if isinstance(value, int):
        return _number(value)
    text = "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in value)
    plain = escape(text.encode("utf-8", "replace").decode())
    return f'<span class="short">{plain}</span>' if value.startswith("short by ") else plain


def _number(value: int) -> str:
    return f"{value:,}"


def _money(amount: int, code: str) -> str:
    whole, point, part = decimal_text(abs(amount), code).partition(".")
    return f"{'-' if amount < 0 else ''}{code} {int(whole):,}{point}{part}"


def _moment(at: datetime, zone: str) -> str:
    return at.astimezone(ZoneInfo(zone)).strftime("%Y-%m-%d %H:%M")
