"""What a scenario may expect at an instant: of members, stock, orders, and who is one person."""

from __future__ import annotations

from typing import Annotated

from pydantic import BeforeValidator, Field

from omo_adapters.complaints import Shape
from omo_adapters.scenarios.steps import Step
from omo_adapters.written import Amount, Moment, Name, Names


class LotExpected(Shape):
    """Points that were credited together."""

    left: int | None = None
    pending: bool | None = None
    usable_from: Moment | None = None
    usable_through: Moment | None = None
    """The last day on which they can be used."""
    expires_at: Moment | None = None
    """The instant from which they are gone."""
    never_expires: bool | None = None


class LineExpected(Shape):
    """A line of a statement."""

    what: Name | None = None
    points: int | None = None
    balance: int | None = None
    event: Name | None = None
    rule: Name | None = None
    version: Name | None = None
    """The programme's version whose rule it was."""


def _lots(given: object) -> object:
    """Read ``{ "1001" = 39 }`` as ``{ "1001" = { left = 39 } }``."""
    if not isinstance(given, dict):
        return given
    return {name: {"left": lot} if type(lot) is int else lot for name, lot in given.items()}


class RedeemableExpected(Shape):
    """How many of the points that somebody wishes to redeem may pay for an order."""

    asked: int | None = None
    """Without it, all that can be spent."""
    order: Amount | None = None
    """What the order costs; without it, limits per order do not count."""
    currency: Name | None = None
    channel: str = ""
    store: str = ""
    gives: int | None = None
    worth: Amount | None = None
    limit: Name | None = None
    """What allows no more: `asked`, `balance`, `order`, `maximum`, `max_amount`, `max_percent`, `bands`, `currency`."""


class MemberExpected(Shape):
    """What the member that bears a record has. Only what is written is looked at."""

    balance: int | None = None
    """Spendable, pending and held points, less what is owed."""
    spendable: int | None = None
    pending: int | None = None
    held: int | None = None
    """Set apart."""
    given: int | None = None
    """To other members."""
    holds: dict[str, int] | None = None
    """Exactly the holds that are alive, with their points."""
    redeemable: tuple[RedeemableExpected, ...] | None = Field(default=None, strict=False)
    programmes: dict[str, MemberExpected] | None = None
    """The same of further programmes, by name."""
    debt: int | None = None
    earned: int | None = None
    spent: int | None = None
    expired: int | None = None
    clawed_back: int | None = None
    returned_expired: int | None = None
    forgiven: int | None = None
    lots: Annotated[dict[str, LotExpected] | None, BeforeValidator(_lots)] = None
    """By the id of the purchase or grant; a lot that is used up has nothing left."""
    expiring: dict[str, int] | None = None
    """By day or time: how many of today's points are gone by that instant if nothing else happens."""
    statement: tuple[LineExpected, ...] | None = Field(default=None, strict=False)
    """Every line up to now, in order."""
    entries: dict[str, int] | None = None
    """How many lines the statement has of a kind: `{ earned = 2, "clawed back" = 1 }`."""
    tier: Name | None = None
    tier_since: Moment | None = None
    tier_until: Moment | None = None
    """The instant of its review: a day is its first instant."""
    tier_through: Moment | None = None
    """The last whole day before its review."""
    tier_spend: Amount | None = None
    """What counts in the window."""
    next_tier: str | None = None
    missing: Amount | None = None
    """How much more spend reaches the next tier."""
    missing_points: int | None = None
    missing_visits: int | None = None
    tier_points: int | None = None
    """Points earned that count in the window."""
    tier_visits: int | None = None
    projected: Name | None = None
    """The tier that a review now would give."""
    counted: tuple[Name, ...] | None = Field(default=None, strict=False)
    """The orders that count now, in any order."""
    to_keep: Amount | None = None
    """How much more spend would keep the present tier if it were reviewed now."""
    to_keep_points: int | None = None
    to_keep_visits: int | None = None
    member: Name | None = None
    """The member's id: that of its earliest record."""
    records: tuple[Name, ...] | None = Field(default=None, strict=False)
    """All records that are this member, in any order."""
    consents: dict[str, bool] | None = None
    tags: tuple[Name, ...] | None = Field(default=None, strict=False)
    known: dict[str, str] | None = None
    """Of each field the word that counts; an empty text: nothing is known of it."""
    known_from: dict[str, str] | None = None
    """Of each field the record whose word counts."""
    erased: bool | None = None


class PlaceExpected(Shape):
    """What an article's stock in a location is, or in the pool."""

    on_hand: int | None = None
    allocated: int | None = None
    """In a location: what order lines wait for there; in the pool: what is not yet assigned to a location."""
    held: int | None = None
    unavailable: int | None = None
    free: int | None = None
    """What can be promised; never below zero."""
    raw: int | None = None
    """The same, negative where more is promised than there is."""
    at_risk: tuple[Name, ...] | None = Field(default=None, strict=False)
    """Orders whose promise can't be kept, the earliest first."""
    leaving: int | None = None
    """Promised to other locations, and not sent yet."""
    in_transit: int | None = None
    """On its way there from another location."""
    expected: int | None = None
    """What deliveries still bring."""
    expired: int | None = None
    """Of lots that may not be sold any more."""
    lots: dict[str, int] | None = None
    """Exactly the lots that lie there."""
    served: dict[str, int] | None = None
    """Of the pool: who gets how many now, first come first served: `{ "1001/1" = 2, "hold/B1" = 0 }`."""
    kits: int | None = None
    """Of the pool, for a kit: how many its parts make."""
    own: Name | Names | None = None
    """Holds that do not count for `free`, `raw` and `held`: they are the asker's own."""
    channel: str | None = None
    """For the pool: what this channel may promise, by the shop's rules."""
    locations: tuple[Name, ...] | None = Field(default=None, strict=False)
    """For the pool: these locations instead of the shop's."""


class SlotExpected(Shape):
    """What a location packs in a slot."""

    taken: int | None = None
    """Parcels that have a place."""
    load: int | None = None
    """Those of committed orders that are still to leave."""


class OrderLineExpected(Shape):
    """A line of an order."""

    units: int | None = None
    handed_over: int | None = None
    refunded: int | None = None
    open: int | None = None
    location: str | None = None


class OrderExpected(Shape):
    """What became of an order."""

    state: Name | None = None
    refunded: Amount | None = None
    """Money given back so far."""
    total: Amount | None = None
    """What was to be paid, delivery included."""
    tax: Amount | None = None
    """What of that is tax."""
    due: Amount | None = None
    """What was to be paid otherwise than with points, store credit and gift cards."""
    by: Name | None = None
    lines: dict[str, OrderLineExpected] | None = None


class BooksExpected(Shape):
    """What the shop owes in a programme at the step's instant, and how that moved since another."""

    since: Moment | None = None
    """Without it, from the beginning."""
    opening: int | None = None
    issued: int | None = None
    redeemed: int | None = None
    expired: int | None = None
    clawed_back: int | None = None
    given_away: int | None = None
    closing: int | None = None
    outstanding: int | None = None
    """Usable, pending and held points; what members owe is not set off."""
    members: int | None = None


class WaitingExpected(Shape):
    """An item for review."""

    one: Name
    other: Name
    why: str = ""
    """The kind of reason; not looked at, unless it is written."""


class Expected(Shape):
    """What is expected at an instant."""

    members: dict[str, MemberExpected] = Field(default_factory=dict)
    """By a record: `members."card:4711" = { spendable = 39 }`."""
    stock: dict[str, dict[str, PlaceExpected]] = Field(default_factory=dict)
    """By article and location: `stock.TEE.K11 = { free = 3 }`; the location `pool` is all of them."""
    orders: dict[str, OrderExpected] = Field(default_factory=dict)
    slots: dict[str, dict[str, SlotExpected]] = Field(default_factory=dict)
    """By location and slot: `slots.K11."2026-01-05" = { taken = 2 }`."""
    books: dict[str, BooksExpected] = Field(default_factory=dict)
    """By programme: `books.points = { since = 2026-01-01, issued = 300, closing = 250 }`."""
    persons: tuple[Names, ...] = Field(default=(), strict=False)
    """Each list is exactly the records of one person."""
    apart: tuple[Names, ...] = Field(default=(), strict=False)
    """In each list, no two records are one person."""
    waiting: tuple[WaitingExpected, ...] | None = Field(default=None, strict=False)
    """Exactly the pairs of records that wait for review, in any order."""
    useless: tuple[Name, ...] | None = Field(default=None, strict=False)
    """Exactly the identifiers that join nobody, with their kind: `phone:12345678`."""


class ExpectStep(Step):
    """`expect.members."card:4711" = { spendable = 39 }`: what is so at that instant, by all that was heard so far."""

    expect: Expected
    known: Moment | None = None
    """By what omo knew at that instant; without it, by all that was told above."""


POOL = "pool"
"""The name under which a scenario asks for all locations together."""
