"""A synthetic customer base of Hong Kong and Taiwan: made up from a seed, nobody in it exists.

People have a name in several scripts, phones, e-mails and cards, live in households, give up numbers that others get,
and are written down by four channels, each with its own habits and typing mistakes. Staff type placeholders. Each
record carries the person that it is really of, so that resolving can be scored.
"""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from attrs import define, frozen

from omo_adapters.names.surnames import SPELLED

DAY = 86_400_000_000
SURNAMES = tuple(sign for sign in SPELLED if len(sign) == 1)
GIVEN = "大文志明家豪偉俊傑建宏淑芬美玲雅婷怡君詠詩嘉欣子軒浩然思穎曉彤梓晴國強麗華秀英敏儀永康俊賢雪梅"
LATIN_GIVEN = "tai man chi ming ka ho wai chun kit kin wang suk fan mei ling nga ting yi kwan wing sze".split()
ENGLISH = "Peter Mary John Amy Kelvin Joyce Jason Winnie Raymond Cherry Ivan Fiona Eric Karen Tony Grace".split()
PLACEHOLDER_PHONES = ("+85212345678", "+85299999999", "+85200000000", "+886900000000", "+886912345678")
PLACEHOLDER_EMAILS = ("test@test.com", "noemail@noemail.com", "na@na.com", "abc@abc.com")
WEIGHTS = tuple(1 / (place + 3) for place in range(len(SURNAMES)))


@define
class Person:
    """Somebody who does not exist."""

    number: int
    surname: str
    given: str
    latin: str
    english: str
    phones: list[tuple[str, int, int]]
    """Each with the days between which it was theirs."""
    email: str
    card: str
    home: str = ""
    """A phone that the household shares."""


@frozen
class Record:
    """One record of one channel."""

    name: str
    person: int
    channel: str
    at: int
    """Day on which it was made."""
    seen: int
    """Day on which its bearer was last there."""
    said: str
    """The name as it was written down."""
    phone: str = ""
    email: str = ""
    card: str = ""


def people(random: Random) -> Iterator[Person]:
    """Make up people, household by household; some phones pass from one to another."""
    number, freed = 0, list[tuple[str, int]]()
    while True:
        size = random.choices((1, 2, 3, 4), (55, 25, 12, 8))[0]
        home = _phone(random) if size > 1 and random.random() < 0.35 else ""
        family = random.choices(SURNAMES, WEIGHTS)[0]
        for place in range(size):
            surname = family if place != 1 else random.choices(SURNAMES, WEIGHTS)[0]
            yield _person(random, number, surname, home, freed)
            number += 1


def _person(random: Random, number: int, surname: str, home: str, freed: list[tuple[str, int]]) -> Person:
    given = "".join(random.sample(GIVEN, 2))
    latin = f"{random.choice(SPELLED[surname]).title()} {' '.join(random.sample(LATIN_GIVEN, 2)).title()}"
    person = Person(number, surname, given, latin, random.choice(ENGLISH), [], "", "", home)
    start, phone = 0, _phone(random)
    if freed and random.random() < 0.03:
        phone, gone = freed.pop(random.randrange(len(freed)))
        start = gone + random.randint(90, 500)
    if random.random() < 0.12:
        gone = random.randint(100, 900)
        person.phones.append((phone, start, start + gone))
        freed.append((phone, start + gone))
        start, phone = start + gone, _phone(random)
    person.phones.append((phone, start, 10_000))
    if random.random() < 0.8:
        person.email = (
            f"{person.english.lower()}.{number}@{random.choice(('gmail.com', 'yahoo.com.hk', 'hotmail.com'))}"
        )
    if random.random() < 0.5:
        person.card = f"C{number:08d}"
    return person


def _phone(random: Random) -> str:
    if random.random() < 0.6:
        return f"+8529{random.randint(0, 9_999_999):07d}"
    return f"+8869{random.randint(0, 99_999_999):08d}"


def records(count: int, seed: int) -> Iterator[Record]:
    """Write people down until there are so many records."""
    random, made = Random(seed), 0
    for person in people(random):
        for _ in range(random.choices((1, 2, 3, 4, 6), (30, 28, 20, 14, 8))[0]):
            yield _record(random, person, made)
            made += 1
            if made == count:
                return


def _record(random: Random, person: Person, made: int) -> Record:
    channel = random.choice(("web", "pos", "line", "crm"))
    phone, first, last = random.choice(person.phones)
    at = random.randint(first, min(last, first + 1500))
    seen = random.randint(at, max(at, min(last, 1500)))
    phone = _as_typed(random, person.home if person.home and random.random() < 0.4 else phone, channel)
    email = person.email if random.random() < {"web": 0.95, "crm": 0.5, "line": 0.2, "pos": 0.15}[channel] else ""
    if email and random.random() < 0.015:
        email = email.replace("gmail", "gmial").replace("hotmail", "hotmial")
    if random.random() < (0.02 if channel == "pos" else 0.004):
        email = random.choice(PLACEHOLDER_EMAILS)
    return Record(
        f"{channel}:{made}",
        person.number,
        channel,
        at,
        seen,
        _name(random, person),
        phone if random.random() < 0.85 else "",
        email,
        person.card if channel in {"pos", "crm"} and random.random() < 0.6 else "",
    )


def _as_typed(random: Random, phone: str, channel: str) -> str:
    if random.random() < (0.03 if channel == "pos" else 0.005):
        return random.choice(PLACEHOLDER_PHONES)
    if channel == "pos" and random.random() < 0.01:
        return f"+85290000{random.randint(0, 40):03d}"  # the store's own numbers
    if random.random() < (0.015 if channel in {"pos", "crm"} else 0.004):
        place = random.randint(5, len(phone) - 1)
        return phone[:place] + str(random.randint(0, 9)) + phone[place + 1 :]
    return phone


def _name(random: Random, person: Person) -> str:
    style = random.random()
    if style < 0.4:
        return person.surname + person.given
    if style < 0.6:
        return person.latin
    if style < 0.8:
        return f"{person.english} {person.latin.split()[0]}"
    if style < 0.9:
        return person.surname + random.choice(("先生", "小姐", "太太"))
    return person.english if style < 0.95 else ""
