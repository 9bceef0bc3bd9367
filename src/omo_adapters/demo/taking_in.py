"""The week, day by day: first what was asked that day, then what its systems delivered by the evening."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Final, Protocol

from attrs import Factory, define, frozen

from omo_adapters.demo.asking import Told, ask, questions
from omo_adapters.demo.brand import DAYS, at
from omo_adapters.demo.opening import Stage
from omo_adapters.importing import (
    Importer,
    ImportResult,
    Piece,
    Source,
    file_source,
    folder_source,
)
from omo_adapters.importing.formats import Asked as Options
from omo_adapters.importing.results import Tally

BATCH: Final = 40
"""So few documents at a time that a person sees it move."""
Watch = Callable[[Tally, Piece], None]


@frozen(kw_only=True)
class Taken:
    """What one day brought."""

    day: date
    results: tuple[ImportResult, ...]


@define
class Week:
    """Everything that came in, and everything that was asked."""

    days: list[Taken] = Factory(list)
    told: list[Told] = Factory(list)


def sources(week: Path, day: date) -> list[tuple[Source, Options]]:
    """Name what was delivered on a day; the member lists come first, and one has to say its encoding."""
    folder = (folder_source(week / day.isoformat()), Options())
    if day != DAYS[0]:
        return [folder]
    lists = week / "lists"
    return [
        (file_source(lists / "members.csv"), Options()),
        (file_source(lists / "members-mong-kok-big5.csv"), Options(encoding="big5hkscs")),
        folder,
    ]


def files_of(week: Path, day: date) -> int:
    """Count a day's files."""
    return sum(len(source.pieces) for source, _ in sources(week, day))


class Spectator(Protocol):
    """Whoever watches the week go by."""

    def begin(self, day: date) -> Watch:
        """Hear that a day's files are taken in now."""
        ...

    def end(self, taken: Taken) -> None:
        """Hear what they brought."""
        ...


def play(stage: Stage, spectator: Spectator) -> Week:
    """Live through the week; the clock stands at half past eleven when a day's files are taken in."""
    week, asked = Week(), questions(stage.week)
    for day in DAYS:
        first = at(day, 0)
        week.told += [ask(stage, one) for one in asked if first <= one.at < first + timedelta(days=1)]
        stage.clock.now = at(day, 23, 30)
        week.days.append(take_in(stage, day, spectator.begin(day)))
        spectator.end(week.days[-1])
    return week


def take_in(stage: Stage, day: date, watch: Watch | None = None) -> Taken:
    """Take in everything that was delivered on a day."""
    results = []
    for source, options in sources(stage.week, day):
        importer = Importer(
            stage.shop,
            stage.books,
            stage.context(),
            late_hours=stage.settings.config.late_hours,
            batch_events=BATCH,
            watch=watch,
        )
        results.append(importer.run(source, asked=options))
    return Taken(day=day, results=tuple(results))
