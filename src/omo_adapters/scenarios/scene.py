"""The shop that a scenario is played on, and what the story has said so far: the short names are filled in here."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from attrs import Factory, define

from omo_adapters.inbound import Personal
from omo_adapters.names.evidence import NameEvidence
from omo_adapters.shop import Shop
from omo_adapters.written import Written, instant
from omo_core.errors import Malformed
from omo_core.events import Event
from omo_core.identifiers import EventId, OrderId, ProfileId, Sku
from omo_core.instants import EPOCH
from omo_core.members import Claim, ProfileSeen
from omo_core.members.events import Proof
from omo_core.trade import Sale

BORNE: Final = ("card", "phone", "email", "line")
"""What a customer may show at the counter: ``by = "card:4711"`` names the record of that card."""
PROOFS: Final[dict[str, Proof]] = {"line": "login", "shopify": "platform"}
"""How a claim was checked where the story does not say: as that kind of claim always is. Others: by a clerk."""


@define
class Clock:
    """The instant at which omo hears of things; it never goes back."""

    now: datetime = EPOCH

    def __call__(self) -> datetime:
        """Give the present."""
        return self.now

    def hear(self, at: datetime) -> None:
        """Let time pass; each hearing is a little after the one before."""
        self.now = max(at, self.now + timedelta(microseconds=1))


@define
class Scene:
    """A shop, and what the story has said of it."""

    shop: Shop
    zone: ZoneInfo
    currency: str
    clock: Clock
    names: NameEvidence | None = None
    """How names speak in this story."""
    personal: list[Personal] = Factory(list)
    """What the vault was given, in order."""
    sales: dict[OrderId, Sale] = Factory(dict)
    """The purchases as told so far; those that are told later stand here from the beginning."""
    described: set[str] = Factory(set)
    """Records that a step describes; the others are made when somebody first buys on them."""
    told: dict[str, tuple[Event, ...]] = Factory(dict)
    """What each step said, by its number and its name."""
    records: dict[str, None] = Factory(dict)
    skus: dict[str, None] = Factory(dict)
    _numbers: dict[str, int] = Factory(dict)

    def money(self, amount: Written | None, path: str, currency: str | None = None) -> int:
        """Give an amount in minor units; nothing written is nothing."""
        return 0 if amount is None else amount.units(currency or self.currency, path)

    def instant(self, moment: date, path: str = "at") -> datetime:
        """Give the instant of a day or time in the scenario's zone."""
        return instant(moment, self.zone, path)

    def later(self, at: datetime, seconds: int) -> datetime:
        """Give the instant so many seconds after another."""
        return at + timedelta(seconds=seconds)

    def number(self, what: str) -> int:
        """Count the documents of a kind: the first is 1."""
        self._numbers[what] = self._numbers.get(what, 0) + 1
        return self._numbers[what]

    def bearer(self, by: str) -> tuple[ProfileId, tuple[ProfileSeen, ...]]:
        """Give the record that a customer shows, and what makes it known if no step does.

        A card, phone, e-mail or LINE id is the record of that identifier, as a till makes it.
        """
        record, (kind, _, value) = ProfileId(by), by.partition(":")
        self.records[by] = None
        if kind not in BORNE or by in self.described:
            return record, ()
        claim = self.claim(kind, value, None)
        seen = ProfileSeen(id=EventId(f"profile/{by}"), at=EPOCH, source="till", profile=record, claims=(claim,))
        return record, (seen,)

    def claim(self, kind: str, value: str, proof: Proof | None, **interval: datetime | None) -> Claim:
        """Make a claim; where the story does not say how it was checked, it was as is usual for its kind."""
        known = proof or PROOFS.get(kind.partition(":")[0], "clerk")
        return Claim(
            kind=kind,
            fingerprint=self.shop.fingerprint(kind, value),
            proof=known,
            since=interval.get("since"),
            until=interval.get("until"),
        )

    def sale(self, order: str) -> Sale | None:
        """Find a purchase that the story tells of, or that a command of it placed."""
        known = self.sales.get(OrderId(order))
        if known is not None:
            return known
        return self.shop.order(OrderId(order)).sale

    def redeemable_in(self, programme: str, at: datetime) -> str:
        """Name the money that points pay in: the scenario's, or the programme's own; none where they pay nothing."""
        rules = self.shop.programme(programme)
        version = rules.version_at(at)
        codes = (self.currency, rules.unit)
        return next((code for code in codes if version is not None and version.redemption_in(code) is not None), "")

    def needed_sale(self, order: str, path: str) -> Sale:
        """Find a purchase that must be known for a step to mean anything."""
        sale = self.sale(order)
        if sale is None:
            raise Malformed(path, f"no sale {order!r} in this scenario")
        return sale

    def article(self, sku: str) -> Sku:
        """Name an article, and remember that the story is about it."""
        self.skus[sku] = None
        return Sku(sku)
