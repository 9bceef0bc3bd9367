"""The days of the week as progress bars; in a file, each is written once, when all is in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn

from omo_adapters.demo.opening import Stage
from omo_adapters.demo.taking_in import Taken, Watch, files_of
from omo_adapters.demo.wording import plural
from omo_adapters.importing import Piece
from omo_adapters.importing.results import Tally


class Bars:
    """One bar a day."""

    def __init__(self, progress: Progress, stage: Stage) -> None:
        """Draw on a display that is running."""
        self._progress = progress
        self._stage = stage
        self._tasks: dict[date, TaskID] = {}

    def begin(self, day: date) -> Watch:
        """Begin a day's bar."""
        total = files_of(self._stage.week, day)
        task = self._progress.add_task(f"{day:%a} {day.day:>2}", total=total, note=plural(total, "file"))
        self._tasks[day] = task

        def watch(tally: Tally, piece: Piece) -> None:  # noqa: ARG001
            self._progress.update(task, completed=tally.files)

        return watch

    def end(self, taken: Taken) -> None:
        """Fill a day's bar, and say what it brought."""
        task = self._tasks[taken.day]
        self._progress.update(task, completed=files_of(self._stage.week, taken.day), note=_note(taken))


def _note(taken: Taken) -> str:
    results = taken.results
    parts = [
        plural(sum(one.files for one in results), "file"),
        plural(sum(one.documents for one in results), "document"),
    ]
    for count, what in (
        (sum(one.late for one in results), "late"),
        (sum(one.quarantined for one in results), "put aside"),
    ):
        parts += [f"{count} {what}"] if count else []
    return ", ".join(parts)


@contextmanager
def bars(out: Console, stage: Stage) -> Iterator[Bars]:
    """Show the bars while the week is taken in."""
    columns = (TextColumn("   {task.description}"), BarColumn(bar_width=32), TextColumn("{task.fields[note]}"))
    with Progress(*columns, console=out) as progress:
        yield Bars(progress, stage)
