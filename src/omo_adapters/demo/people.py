"""The demo's customers. None of them exists: names are dealt out at random, phones and e-mails are for examples."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Final

from omo_adapters.demo.brand import DAYS, at, number

MEMBERS: Final = 120
BIG5: Final = 30
"""How many of them stand in the old Mong Kok list, which a computer of its time wrote in Big5."""
_SURNAMES: Final = (
    "陳 Chan,李 Lee,黃 Wong,張 Cheung,林 Lam,何 Ho,梁 Leung,吳 Ng,劉 Lau,鄭 Cheng,郭 Kwok,葉 Yip,鍾 Chung,馮 Fung,"
    "蘇 So,曾 Tsang,謝 Tse,羅 Law"
)
_GIVEN: Final = (
    "小玲 Siu Ling,家豪 Ka Ho,詠詩 Wing Sze,子軒 Tsz Hin,嘉欣 Ka Yan,志明 Chi Ming,美儀 Mei Yee,俊傑 Chun Kit,"
    "慧敏 Wai Man,浩然 Ho Yin,淑芬 Shuk Fan,偉強 Wai Keung,靜雯 Ching Man,家明 Ka Ming,樂怡 Lok Yi,曉彤 Hiu Tung,"
    "文傑 Man Kit,心怡 Sum Yi"
)
_ENGLISH: Final = (
    "Emily,Kelvin,Wing,Jason,Karen,Michael,May,Ken,Vivian,Howard,Fanny,Ricky,Joyce,Kenneth,Louise,Toby,Martin,Sandy"
)
_VISITORS: Final = "Priya Nair,Tom Whitfield,Ana Duarte,Yuki Mori,Lars Holm,Grace Okafor,Noor Rahman,Mia Keller"


@dataclass(frozen=True, kw_only=True)
class Person:
    """A member as the shop's own list has them, or (without a number) somebody who only ever bought on the web."""

    member: str
    name: str
    first: str
    last: str
    phone: str
    email: str
    card: str
    line: str
    birthday: str
    subscribed: bool


@dataclass(frozen=True, kw_only=True)
class WebAccount:
    """A customer record in the web shop."""

    person: Person
    id: int
    created_at: datetime
    verified: bool = True


@dataclass(frozen=True, kw_only=True)
class People:
    """Everybody, and those whom the week is about."""

    members: tuple[Person, ...]
    accounts: tuple[WebAccount, ...]
    heroine: WebAccount
    """Card 4711. Her web account is new, its e-mail unconfirmed until Thursday."""
    offline: Person
    """Pays with the same points twice: at a till that asks, and at one that can't."""
    collector: WebAccount
    """Picks up in Mong Kok."""
    team: WebAccount
    """Orders three totes for a team, to be picked up in Tsuen Wan."""
    doubles: tuple[WebAccount, WebAccount]
    """One person with two web accounts, which staff merge in Shopify on Friday."""

    @property
    def others(self) -> tuple[Person, ...]:
        """Give the members whom the story is not about."""
        return tuple(one for one in self.members if one not in (self.heroine.person, self.offline))


def make_people(random: Random) -> People:
    """Deal out everybody."""
    members = tuple(_member(random, place) for place in range(MEMBERS))
    heroine = WebAccount(person=members[11], id=number(2, 11), created_at=at(DAYS[1], 19, 58, 12), verified=False)
    accounts = [_account(random, person, place) for place, person in enumerate(members[12:62], 12)]
    accounts += [_account(random, _visitor(random, place), 200 + place) for place in range(24)]
    return People(
        members=members,
        accounts=tuple(accounts),
        heroine=heroine,
        offline=members[63],
        collector=accounts[1],
        team=accounts[2],
        doubles=(accounts[50], accounts[58]),
    )


def _member(random: Random, place: int) -> Person:
    surname, given, english = _SURNAMES.split(","), _GIVEN.split(","), _ENGLISH.split(",")
    one = place * 7 % len(surname)
    other = (place * 5 + place // len(given)) % len(given)
    if place == 11:
        one, other = 0, 0
    chinese_last, _, last = surname[one].partition(" ")
    chinese_first, _, first = given[other].partition(" ")
    nick = english[other]
    return Person(
        member=f"M-{700 + place:04d}",
        name=f"{chinese_last}{chinese_first}" if place % 4 else f"{nick} {last}",
        first=nick if place % 3 else first,
        last=last,
        phone=f"9555 {1000 + place * 61:04d}",
        email=f"{nick}.{last}{place}@example.com".lower(),
        card=str(4700 + place),
        line=f"U{random.getrandbits(128):032x}" if place % 3 == 2 else "",
        birthday=f"{1962 + place * 13 % 42}-{1 + place * 5 % 12:02d}-{1 + place * 11 % 28:02d}",
        subscribed=random.random() < 0.6,
    )


def _visitor(random: Random, place: int) -> Person:
    names = _VISITORS.split(",")
    first, _, last = names[place % len(names)].partition(" ")
    return Person(
        member="",
        name=f"{first} {last}",
        first=first,
        last=last,
        phone="",
        email=f"{first}.{last}{place}@example.net".lower(),
        card="",
        line="",
        birthday="",
        subscribed=random.random() < 0.3,
    )


def _account(random: Random, person: Person, place: int) -> WebAccount:
    joined = at(DAYS[0], 12) - timedelta(days=random.randrange(3, 700), seconds=random.randrange(86_400))
    return WebAccount(person=person, id=number(2, place), created_at=joined)
