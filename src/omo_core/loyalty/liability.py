"""What a shop owes in points, and how that moved in a period.

Each number is a sum over the statements of all members, so the opening of a period is the closing of the one before,
and last month's report can be made again as it was known then.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TypeVar

from attrs import fields, frozen

from omo_core.errors import Malformed
from omo_core.loyalty.account import Account
from omo_core.loyalty.lots import Line


@frozen(kw_only=True)
class Movement:
    """A period of a programme: ``closing = opening + issued - redeemed - expired - clawed_back - given_away``.

    Balances count usable, pending and held points, less what members owe.
    """

    opening: int
    issued: int
    """Earned, granted, received and reinstated."""
    redeemed: int
    """Spent, less what refunds gave back."""
    expired: int
    clawed_back: int
    """Taken back by refunds or by hand."""
    given_away: int
    """Given to other members; received points stand under ``issued``."""
    closing: int

    def __add__(self, other: Movement) -> Movement:
        """Add the same period of other members."""
        return _added(self, other)

    @property
    def change(self) -> int:
        """Give by how much the period changed what members hold."""
        return self.closing - self.opening


@frozen(kw_only=True)
class Liability:
    """What is outstanding at an instant, over all members."""

    spendable: int
    pending: int
    held: int
    debt: int
    members: int
    """How many members have anything outstanding."""

    def __add__(self, other: Liability) -> Liability:
        """Add what is outstanding for other members."""
        return _added(self, other)

    @property
    def outstanding(self) -> int:
        """Give all points that could still be redeemed; what members owe is not set off against it."""
        return self.spendable + self.pending + self.held


@frozen(kw_only=True)
class Books:
    """A programme's books of a period, over all members."""

    programme: str
    brand: str
    unit: str
    """``points``, or the currency in whose minor units everything is counted."""
    movement: Movement
    outstanding: Liability
    """At the end of the period."""


_ISSUED = ("earned", "granted", "received", "reinstated")
_REDEEMED = ("redeemed", "returned")
_TAKEN = ("clawed back", "taken")


def movement(lines: Iterable[Line], start: datetime, end: datetime) -> Movement:
    """Add up the statement lines of any number of members over a period: from ``start`` until ``end`` (exclusive)."""
    opening = 0
    sums: dict[str, int] = {}
    for line in lines:
        if line.at < start:
            opening += line.points
        elif line.at < end:
            sums[line.what] = sums.get(line.what, 0) + line.points
    issued = sum(sums.get(what, 0) for what in _ISSUED)
    redeemed = -sum(sums.get(what, 0) for what in _REDEEMED)
    taken = -sum(sums.get(what, 0) for what in _TAKEN)
    expired, given = -sums.get("expired", 0), -sums.get("given", 0)
    return Movement(
        opening=opening,
        issued=issued,
        redeemed=redeemed,
        expired=expired,
        clawed_back=taken,
        given_away=given,
        closing=opening + issued - redeemed - expired - taken - given,
    )


S = TypeVar("S", Movement, Liability)


def _added(one: S, other: S) -> S:
    """Add two sums field by field."""
    return type(one)(
        **{field.name: getattr(one, field.name) + getattr(other, field.name) for field in fields(type(one))}
    )


def liability(accounts: Iterable[Account]) -> Liability:
    """Add up what is outstanding over members."""
    spendable = pending = held = debt = members = 0
    for account in accounts:
        spendable += account.spendable
        pending += account.pending
        held += account.held
        debt += account.debt
        members += bool(account.spendable or account.pending or account.held or account.debt)
    return Liability(spendable=spendable, pending=pending, held=held, debt=debt, members=members)


def price_share(price: int, goods_value: int, points_value: int) -> tuple[int, int]:
    """Part a price between goods and the points that come with them, by their stand-alone values.

    The rule of IFRS 15.81 (and example 52): the points' part is not revenue until they are redeemed or gone. The
    points' part is rounded half up to the minor unit; the two parts sum to the price.
    """
    if goods_value < 0 or points_value < 0 or goods_value + points_value == 0:
        raise Malformed("goods_value", "the stand-alone values must not be negative, nor both zero")
    whole = goods_value + points_value
    points = (2 * price * points_value + whole) // (2 * whole)
    return price - points, points


def revenue_due(deferred: int, redeemed: int, expected: int, recognised: int) -> int:
    """Give the revenue to recognise now for points redeemed so far.

    ``deferred`` is what was set aside for the points, ``redeemed`` how many were redeemed to date, ``expected`` how
    many are expected to be in all (the estimate may change), ``recognised`` what was recognised before. Rounded half
    up; once as many are redeemed as expected, the rest is due.
    """
    if expected <= 0:
        raise Malformed("expected", "is not a number of points")
    done = min(redeemed, expected)
    return (2 * deferred * done + expected) // (2 * expected) - recognised
