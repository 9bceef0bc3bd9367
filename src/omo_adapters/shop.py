"""A shop: the one object an application talks to.

Facts go in with ``record`` and are never refused; ``execute`` asks for something and gives the answer; the rest are
questions. Threads may share a shop: concurrent calls are written together.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack, suppress
from datetime import UTC, datetime
from pathlib import Path
from secrets import token_bytes
from threading import RLock
from typing import Self

from attrs import evolve

from omo_adapters.admitting import check, expect_commands, expect_events, moments, own_outcomes
from omo_adapters.coalescing import Coalescer
from omo_adapters.dating import DatingShop
from omo_adapters.desk import Desk, Memos, NoMemos, Rules
from omo_adapters.errors import StoreBusy
from omo_adapters.identifiers import claim_key
from omo_adapters.knowing import KnowingShop
from omo_adapters.placeholders import guarded
from omo_adapters.privacy import asks_to_forget, erased_by, scrub, unfinished
from omo_adapters.ruling import Given, rules_of
from omo_adapters.shell import Item, Result, Shell
from omo_adapters.states import read_history
from omo_adapters.storage.database import Database
from omo_adapters.storage.memory import MemoryJournal, MemoryVault
from omo_adapters.storage.memos import SqliteMemos
from omo_adapters.storage.sqlite import SqliteJournal
from omo_adapters.storage.vault import SqliteVault
from omo_adapters.taking import TakingShop
from omo_adapters.whole import WholeShop
from omo_adapters.wiring import Answer
from omo_core.decisions import Accepted, Command, Refused
from omo_core.errors import Malformed, ensure
from omo_core.events import Event, current
from omo_core.fulfilment import Order, order
from omo_core.identifiers import (
    EventId,
    Fingerprint,
    OrderId,
    ProfileId,
    claim_stream,
    order_stream,
    profile_stream,
)
from omo_core.instants import FOREVER
from omo_core.loyalty import Account, Line, Programme, account, statement, view
from omo_core.members import Claim, Member, ProfileSeen
from omo_core.members.observing import observe
from omo_core.ports import Batch, Journal, Recorded, Vault


class Shop(WholeShop, TakingShop, DatingShop, KnowingShop):
    """One shop over one journal and one vault."""

    def __init__(
        self,
        journal: Journal,
        vault: Vault,
        rules: Rules,
        *,
        memos: Memos | None = None,
        now: Callable[[], datetime] | None = None,
        region: str = "HK",
    ) -> None:
        """Put a shop together from its parts; ``open_shop`` and ``memory_shop`` do it for you."""
        self.journal = journal
        self.vault = vault
        self.rules = rules
        self.region = region
        self.now = now or _now
        self.database: Database | None = None
        self._memos = memos or NoMemos()
        self._shell = Shell(journal, rules, self._memos, self.now)
        self._coalescer: Coalescer[Sequence[Item], list[Result]] = Coalescer(self._run_all)
        self._asking = RLock()

    def record(self, *events: Event) -> Recorded:
        """Write down what happened; durable when it returns, never refused, in any order, any number of times."""
        expect_events(events)
        result = self.run(events)[0] if events else self.journal.append(Batch(), recorded_at=self.now())
        ensure(isinstance(result, Recorded), "facts are recorded")
        return result  # type: ignore[return-value]  # just ensured

    def execute(self, command: Command) -> Answer:
        """Ask for something; what is accepted is durable when it returns."""
        expect_commands((command,))
        result = self.run((command,))[0]
        ensure(isinstance(result, Accepted | Refused), "commands are answered")
        return result  # type: ignore[return-value]  # just ensured

    def run(self, items: Sequence[Item]) -> list[Result]:
        """Take a batch of facts and commands, in order; one result each.

        Everything is checked before anything is written: one malformed item and nothing of the batch happens. Facts
        that stand together are written together: each of them gets the outcome of all of them.
        """
        for item in items:
            check(item)
        results = self._coalescer.submit(items) if items else []
        if asks_to_forget(items):
            erased = dict.fromkeys((*erased_by(items, results), *unfinished(self.vault)))
            scrub(self.vault, self.quarantine, tuple(erased), self.now())
        return results

    def finish_erasures(self) -> None:
        """Carry out what was written down to be erased and was interrupted; opening a shop does it."""
        scrub(self.vault, self.quarantine, unfinished(self.vault), self.now())

    def _run_all(self, batches: Sequence[Sequence[Item]]) -> list[list[Result]]:
        with self._asking:
            results = iter(self._shell.run([item for batch in batches for item in batch]))
            given = [[next(results) for _ in batch] for batch in batches]
        return given if len(batches) == 1 else [own_outcomes(*pair) for pair in zip(batches, given, strict=True)]

    def member(self, profile: ProfileId) -> Member | None:
        """Say who bears a record; none when nothing was ever heard of it (and then its account is an empty one)."""
        with self._asking:
            desk = self._desk()
            person = desk.person(profile)
            desk.put_back()
            return person.member if person.known else None

    def find(self, **claims: str) -> tuple[Member, ...]:
        """Find members by what they bear: ``find(phone="9123 4567")``, ``find(card="4711")``, ``find(email=...)``.

        Several people may bear one phone; they come in order of their ids.
        """
        found: dict[str, Member] = {}
        for kind, value in claims.items():
            for profile in self.bearers(self.fingerprint(kind, value)):
                member = self.member(profile)
                if member is not None:
                    found[member.id] = member
        return tuple(member for _, member in sorted(found.items()))

    def bearers(self, claim: Fingerprint) -> tuple[ProfileId, ...]:
        """Name the records that bear an identifier: by the version that counts, and by what was settled since."""
        return observe(self.journal.read((claim_stream(claim),)).events).bearers(claim)

    def account(
        self,
        member: Member | ProfileId,
        *,
        programme: str = "",
        as_of: datetime | None = None,
        known_at: datetime | None = None,
    ) -> Account:
        """Give points and tier: now, as of an instant, or as omo knew it at an instant.

        ``programme`` names the points where a shop has several kinds; without it, the main one is meant. A record that
        nobody has heard of has an empty account, as an article has a stock of nothing; ``member`` tells the two apart.
        """
        as_of, known_at = moments(as_of, known_at)
        rules = self.programme(programme)
        profile = _profile(member)
        if as_of is None and known_at is None:
            now = self.now()
            with self._asking:
                desk = self._desk()
                folding = desk.person(profile).foldings[rules.name]
                if folding.clock <= now:
                    desk.put_back()
                    return view(folding, now)
        events, who = self._history(profile, known_at)
        return account(rules, events, frozenset(who.profiles), as_of or self.now(), who.joined)

    def statement(
        self,
        member: Member | ProfileId,
        *,
        programme: str = "",
        as_of: datetime | None = None,
        known_at: datetime | None = None,
    ) -> tuple[Line, ...]:
        """Give every movement of points, with the event and the rule that it comes from."""
        as_of, known_at = moments(as_of, known_at)
        events, who = self._history(_profile(member), known_at)
        return statement(self.programme(programme), events, frozenset(who.profiles), as_of or self.now(), who.joined)

    def programme(self, name: str = "") -> Programme:
        """Give a programme by its name; without one, the main one."""
        found = next((each for each in self.rules.programmes if each.is_meant(name)), None)
        if found is None:
            raise Malformed("programme", f"there is no programme {name!r:.40}")
        return found

    def order(self, name: OrderId, *, as_of: datetime | None = None, known_at: datetime | None = None) -> Order:
        """Give an order with its lines and state."""
        as_of, known_at = moments(as_of, known_at)
        return order(name, self.journal.read((order_stream(name),), known_at=known_at).events, until=as_of or FOREVER)

    def history(self, member: Member | ProfileId) -> tuple[Event, ...]:
        """Give everything that happened to a member, each thing in the version that counts, in canonical order."""
        _, who = self._history(_profile(member), None)
        return tuple(current(self.journal.read(map(profile_stream, sorted(who.profiles))).events))

    def fingerprint(self, kind: str, value: str, provider: str = "") -> Fingerprint:
        """Hash an identifier with the shop's secret, after bringing it to its one spelling."""
        claim = kind, claim_key(kind, value, self.region)
        return self.rules.placeholders.hashed(self.vault.key(), self.region, claim, provider)

    def profile(self, profile: ProfileId, *, at: datetime, version: int = 0, **claims: str) -> ProfileSeen:
        """Make the fact that a clerk saw a customer record: ``shop.profile("crm:88", at=now, phone="9123 4567")``."""
        borne = (
            Claim(kind=kind, fingerprint=self.fingerprint(kind, value), proof="clerk") for kind, value in claims.items()
        )
        record = ProfileId(profile)
        return ProfileSeen(
            id=EventId(f"profile/{record}"), at=at, version=version, source="omo", profile=record, claims=tuple(borne)
        )

    def forget_states(self) -> None:
        """Drop what is folded in memory; the next question folds from the journal."""
        with self._asking:
            self._shell.shelves.clear()

    def close(self) -> None:
        """Let the database go."""
        if self.database is not None:
            self.database.close()

    def __enter__(self) -> Self:
        """Use the shop in a ``with`` block."""
        return self

    def __exit__(self, *_: object) -> None:
        """Let the database go."""
        self.close()

    def _desk(self) -> Desk:
        return Desk(self.journal, self.rules, self._shell.shelves, self._memos)

    def _history(self, profile: ProfileId, known_at: datetime | None) -> tuple[tuple[Event, ...], Member]:
        found = read_history(self.journal, profile, self.rules.identity, known_at=known_at)
        return found.events, found.member


def _now() -> datetime:
    return datetime.now(UTC)


def _profile(member: Member | ProfileId) -> ProfileId:
    return ProfileId(member.id) if isinstance(member, Member) else member


def memory_shop(programme: Given, *, now: Callable[[], datetime] | None = None, region: str = "HK") -> Shop:
    """Open a shop that is forgotten when the process ends."""
    vault = MemoryVault(token_bytes(32))
    return Shop(MemoryJournal(), vault, _guarded(rules_of(programme), vault, region), now=now, region=region)


def open_shop(
    path: str | Path,
    programme: Given,
    *,
    create: bool = True,
    now: Callable[[], datetime] | None = None,
    region: str = "HK",
) -> Shop:
    """Open a shop in a SQLite file, made if it is not there; the programme may stand in a file of its own."""
    given = rules_of(programme)  # before a file is made
    with ExitStack() as undo:
        database = Database(path, create=create)
        undo.callback(database.close)
        journal, vault = SqliteJournal(database), SqliteVault(database)
        rules = _guarded(given, vault, region)
        shop = Shop(journal, vault, rules, memos=SqliteMemos(database, rules), now=now, region=region)
        shop.database = database
        with suppress(StoreBusy):  # somebody reads just now: whoever opens it next, or erases, tries again
            shop.finish_erasures()
        undo.pop_all()
        return shop


def _guarded(rules: Rules, vault: Vault, region: str) -> Rules:
    return evolve(rules, identity=guarded(rules.identity, vault.key(), region, rules.placeholders))
