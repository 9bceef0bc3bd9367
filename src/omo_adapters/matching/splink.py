"""Splink behind the ``Matcher`` port: pairs by a Fellegi-Sunter model that it fits to the records themselves.

Needs ``omo[matching]``. Nothing of Splink is imported before a matcher is asked.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from importlib import import_module
from itertools import combinations
from typing import Any, Final

from attrs import evolve, field, frozen

from omo_adapters.errors import Misconfigured
from omo_core.identifiers import ProfileId
from omo_core.ports import Proposal

SURE: Final = 1_000_000
_PRIOR_MAX: Final = 0.5  # a chance, never money
"""No base is so full of one person that two records are sooner theirs than not."""
Row = Mapping[str, str | None]


@frozen(kw_only=True)
class Column:
    """A personal field, and how two values of it are compared."""

    name: str
    like: str = "exact"
    """``exact``, ``name`` (Jaro-Winkler), ``email``, ``digits`` (Damerau-Levenshtein)."""


@frozen(kw_only=True)
class SplinkMatcher:
    """Proposes pairs that are at least so likely."""

    columns: tuple[Column, ...]
    block_on: tuple[tuple[str, ...], ...]
    """Pairs that agree on all fields of any of these are looked at."""
    train_on: tuple[tuple[str, ...], ...]
    """Pairs that agree on these fit the model; two are needed at least, so that each column is fitted by one."""
    surely: tuple[tuple[str, ...], ...]
    """Pairs that agree on any of these are nearly all one person: they say how many matches there are."""
    recall: float = field(default=0.7)  # a share of what is found, never of money
    """Which share of all matches those are thought to be."""
    at_least: int = 500_000
    """From which likeness (parts per million) a pair is proposed."""
    seed: int = 1

    def propose(self, records: Mapping[ProfileId, Mapping[str, str]]) -> Iterator[Proposal]:
        """Propose pairs of records that may be one person."""
        splink, duck = _splink()
        used = (column.name for column in self.columns), *self.block_on, *self.train_on, *self.surely
        names = list(dict.fromkeys(name for part in used for name in part))
        rows = [
            {"unique_id": profile, **{name: fields.get(name) or None for name in names}}
            for profile, fields in sorted(records.items())
        ]
        model = self._fitting(rows)
        if not model.columns or not model.train_on:
            return  # nothing tells two records apart, or no two have anything in common: there is nothing to fit
        database = duck.DuckDBAPI()
        table = database.register(_table(rows, ("unique_id", *names)))
        linker = splink.Linker(table, _settings(model, splink, self.prior(rows)), log_level=40)
        _fit(model, linker, splink)
        predicted = linker.inference.predict(threshold_match_probability=self.at_least / SURE)
        for row in predicted.as_record_list():
            yield Proposal(
                one=ProfileId(row["unique_id_l"]),
                other=ProfileId(row["unique_id_r"]),
                likeness=min(SURE, int(row["match_probability"] * SURE)),
            )

    def _fitting(self, rows: Sequence[Row]) -> SplinkMatcher:
        """Leave out what these records can't fit: fields that nobody has, blocks of no pair or no other field."""
        columns = tuple(each for each in self.columns if any(row[each.name] is not None for row in rows))
        train_on = tuple(
            names
            for names in self.train_on
            if pairs_of(rows, names) and any(column.name not in names for column in columns)
        )
        return evolve(self, columns=columns, train_on=train_on)

    def prior(self, rows: Sequence[Row]) -> float:
        """Say how likely two records drawn by lot are one person's; as if one pair were sure, where none is."""
        sure = 0
        for count in range(1, len(self.surely) + 1):
            for some in combinations(self.surely, count):  # who agrees on several rules is counted once
                found = pairs_of(rows, tuple(dict.fromkeys(name for names in some for name in names)))
                sure += found if count % 2 else -found
        return min(_PRIOR_MAX, max(1, sure) / self.recall / pairs_of(rows, ()))


def pairs_of(rows: Sequence[Row], names: Sequence[str]) -> int:
    """Count the pairs of records that have all of some fields, and agree on them."""
    values = Counter(tuple(row[name] for name in names) for row in rows)
    return sum(count * (count - 1) // 2 for value, count in values.items() if None not in value)


def _settings(matcher: SplinkMatcher, splink: Any, prior: float) -> Any:
    return splink.SettingsCreator(
        link_type="dedupe_only",
        comparisons=[_comparison(column) for column in matcher.columns],
        blocking_rules_to_generate_predictions=_rules(splink, matcher.block_on),
        probability_two_random_records_match=prior,
        retain_matching_columns=False,
    )


def _fit(matcher: SplinkMatcher, linker: Any, splink: Any) -> None:
    linker.training.estimate_u_using_random_sampling(max_pairs=1e6, seed=matcher.seed)
    for names in matcher.train_on:
        linker.training.estimate_parameters_using_expectation_maximisation(splink.block_on(*names))


def ready() -> None:
    """Raise ``Misconfigured`` where Splink is not installed, before a long run comes to need it."""
    _splink()


def _splink() -> tuple[Any, Any]:
    try:
        return import_module("splink"), import_module("splink.backends.duckdb")
    except ImportError:
        raise Misconfigured("proposing matches needs Splink: pip install 'omo[matching]'") from None


def _rules(splink: Any, blocks: Iterable[Sequence[str]]) -> list[Any]:
    return [splink.block_on(*names) for names in blocks]


def _comparison(column: Column) -> Any:
    library = import_module("splink.comparison_library")
    match column.like:
        case "name":
            return library.JaroWinklerAtThresholds(column.name, [0.92, 0.8])
        case "email":
            return library.EmailComparison(column.name)
        case "digits":
            return library.DamerauLevenshteinAtThresholds(column.name, [1, 2])
        case _:
            return library.ExactMatch(column.name)


def _table(rows: Sequence[Mapping[str, str | None]], names: Sequence[str]) -> Any:
    """Give the rows as an Arrow table, which DuckDB reads without copying."""
    arrow = import_module("pyarrow")
    text = arrow.string()
    return arrow.table({name: arrow.array([row[name] for row in rows], type=text) for name in names})
