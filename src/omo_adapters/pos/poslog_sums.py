"""How an ARTS receipt adds up: rewards and taxes laid on its lines until they sum to the total that it states.

The standard leaves open what a line's amount contains: sales tax or not, bottle deposits or not, a discount that also
stands as a line of its own or not. A receipt that states its total proves its own reading: the readings are tried in
one fixed order, and the first that adds up to the cent is taken. One that adds up in no reading is set aside.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import product
from typing import Final
from xml.etree.ElementTree import Element

from attrs import frozen

from omo_adapters.pos.elements import Item, amount_of, kind_of, money, words
from omo_adapters.pos.poslog_lines import Line
from omo_core.errors import Malformed, ensure
from omo_core.money import decimal_text, split

_TOTALS: Final = ("TransactionGrandAmount", "TransactionNetAmount")
"""What the customer pays, by whichever name a maker calls it; the first that is there counts."""


@frozen(kw_only=True)
class Levy:
    """Money that stands on a line of its own and belongs to others: a tax, a reward, a discount."""

    amount: int
    name: str = ""
    """For a tax: which lines bear it (``Tax1``)."""
    reference: str = ""
    """For a reward: the till's number of the line it was given for."""
    line: str = ""
    """For a discount: the line it was given on."""


@frozen(kw_only=True)
class Sums:
    """What a receipt states beside its goods."""

    taxes: tuple[Levy, ...]
    rewards: tuple[Levy, ...]
    discounts: tuple[Levy, ...]
    rounding: int
    total: int | None


def sums_of(retail: Element, items: Iterable[Item], currency: str) -> Sums:
    """Collect taxes, rewards, discounts and totals of a transaction."""
    taxes, rewards, discounts, rounding = [], [], [], 0
    for item in items:
        where = item.place
        for child in item.element if not item.voided else ():
            if child.tag == "Tax":
                amount = money(child, "Amount", currency, where) or 0
                taxes.append(Levy(amount=amount, name="Tax" + child.get("TaxID", "")))
            elif child.tag == "LoyaltyReward" and _is_money(child):
                amount = money(child, "ExtendedRewardAmount", currency, where) or 0
                rewards.append(Levy(amount=-amount, reference=words(child, "OperatorSequenceReference")))
            elif child.tag == "Discount":
                amount = abs(money(child, "Amount", currency, where) or 0)
                discounts.append(Levy(amount=amount, line=words(child, "ItemLink")))
            elif child.tag == "Tender":
                rounding += money(child, "Rounding", currency, where) or 0
    return Sums(
        taxes=tuple(taxes),
        rewards=tuple(rewards),
        discounts=tuple(discounts),
        rounding=rounding,
        total=_total(retail, currency),
    )


def _is_money(reward: Element) -> bool:
    """Say whether a reward takes money off. Of a sum and its details (NCR has both) only the details count."""
    detailed, summed = reward.get("detailedData"), reward.get("summarizedActivity")
    return words(reward, "RewardCategory") in ("", "Monetary") and (detailed == "true" or summed != "true")


def _total(retail: Element, currency: str) -> int | None:
    stated = {kind_of(total, "TotalType"): total for total in retail.iterfind("Total")}
    found = next((stated[name] for name in _TOTALS if name in stated), None)
    if found is None:
        return None
    amount = amount_of(found, currency, "Total")
    return -abs(amount or 0) if kind_of(found, "TypeCode") == "Return" else amount


def settle(lines: list[Line], sums: Sums, currency: str, *, rounding_max: int = 0) -> None:
    """Change the lines' amounts to what the customer pays for each; raise when that can't be found out."""
    side = [line for line in lines if not line.returned] or lines
    _lay(side, sums.rewards, -1)
    within = max(abs(sums.rounding), rounding_max)
    back = -1 if side and side[0].returned else 1
    net, taxes, discounts = _net(lines), _sum(sums.taxes, back), _sum(sums.discounts, back)
    deposits = back * sum(line.recycling for line in side)
    for taxed, inside, discounted in product((False, True), repeat=3):
        reading = net + taxes * taxed - deposits * inside - discounts * discounted
        if sums.total is None or _agrees(reading, sums.total, within):
            _apply(side, sums, taxed=taxed, inside=inside, discounted=discounted)
            ensure(_net(lines) == reading, "what is laid on the lines sums to what was read")
            return
    parts = ", ".join(
        f"{name} {decimal_text(amount, currency)}"
        for name, amount in (("lines", net), ("taxes", taxes), ("discounts", discounts))
    )
    raise Malformed("Total", f"{decimal_text(sums.total or 0, currency)} is not what the receipt adds up to: {parts}")


def _agrees(reading: int, total: int, within: int) -> bool:
    """Say whether a reading is the total; a receipt of nothing but returns may state its total without a sign."""
    return abs(reading - total) <= within or (reading < 0 and abs(-reading - total) <= within)


def _apply(lines: Sequence[Line], sums: Sums, *, taxed: bool, inside: bool, discounted: bool) -> None:
    for line in lines:
        line.amount -= line.recycling * inside
    if discounted:
        _lay(lines, sums.discounts, -1)
    if taxed or not any(line.tax for line in lines):
        for line in lines:
            line.tax = 0
        _lay(lines, sums.taxes, 1 if taxed else 0)


def _lay(lines: Sequence[Line], levies: Iterable[Levy], sign: int) -> None:
    """Share each levy out among the lines it belongs to, by what they cost, to the cent.

    The lines are of one side: what was sold, or on a receipt of nothing but returns what came back (whose taxes some
    tills write negative). With sign 0 only its share of tax is noted on a line; with -1 it is a discount; with 1 a
    tax on top of the price.
    """
    for levy in levies:
        bearing = _bearing(lines, levy)
        if not levy.amount:
            continue
        if not bearing:
            raise Malformed("LineItem", "a tax, reward or discount stands on a receipt without goods to bear it")
        weights = [max(0, line.amount) for line in bearing]
        amount = abs(levy.amount) if bearing[0].returned else levy.amount
        shares = split(amount, weights if any(weights) else [1] * len(bearing))
        for line, share in zip(bearing, shares, strict=True):
            line.amount += sign * share
            line.discount += share if sign < 0 else 0
            line.tax += share if sign >= 0 else 0


def _bearing(lines: Sequence[Line], levy: Levy) -> Sequence[Line]:
    """Name the lines that a levy belongs to: those it names, else those it could be meant for, else all."""
    for belongs in (
        [line for line in lines if levy.reference not in ("", "0") and line.reference == levy.reference],
        [line for line in lines if levy.line and line.number == levy.line],
        [line for line in lines if levy.name in line.tax_names],
        [line for line in lines if not line.deposit and line.kind != "gift_card"],
    ):
        if belongs:
            return belongs
    return lines


def _net(lines: Iterable[Line]) -> int:
    return sum(-line.amount if line.returned else line.amount for line in lines)


def _sum(levies: Iterable[Levy], back: int) -> int:
    return sum(levy.amount if back > 0 else -abs(levy.amount) for levy in levies)
