"""Arms that take turns in one process, and what came of them as ratios per round.

A machine's speed drifts by a factor of two within seconds, so no arm is ever measured on its own: within a round every
arm does the same work, in an order that turns from round to round, and what is told is the median of the rounds'
ratios.
"""

from __future__ import annotations

import gc
import os
import platform
import resource
import sqlite3
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from statistics import median

from attrs import Factory, frozen

ROUNDS_MIN = 7
SEED = 20_261_121


@frozen
class Arm:
    """One way to do the work of a round."""

    name: str
    run: Callable[[int], float]
    """Does the work of a round, given its number, and says how many seconds one operation took."""


@frozen(kw_only=True)
class Spread:
    """A median and how far the rounds lay apart."""

    median: float
    low: float
    high: float

    @classmethod
    def of(cls, values: Sequence[float]) -> Spread:
        """Sum up one value per round."""
        return cls(median=median(values), low=min(values), high=max(values))

    def told(self) -> dict[str, float]:
        """Give it for JSON, to four digits."""
        return {name: float(f"{getattr(self, name):.4g}") for name in ("median", "low", "high")}


@frozen(kw_only=True)
class Goal:
    """What a ratio should be."""

    bound: float
    at_least: bool = True

    def met(self, ratio: float) -> bool:
        """Say whether a ratio reaches it."""
        return ratio >= self.bound if self.at_least else ratio <= self.bound

    def __str__(self) -> str:
        """Show ``≥ 0.8``."""
        return f"{'≥' if self.at_least else '≤'} {self.bound:g}"


@frozen(kw_only=True)
class Figure:
    """One line of the tables: an arm against another."""

    section: str
    what: str
    arm: Spread
    against: Spread
    unit: str
    """What one operation is; arm and against are told in operations per second."""
    ratio: Spread
    reading: str
    """What the ratio is: ``speed`` (higher is better) or ``time`` (lower is better)."""
    goal: Goal | None = None
    rounds: int
    operations: int
    """How many operations each arm does in a round."""
    note: str = ""

    def told(self) -> dict[str, object]:
        """Give it for JSON."""
        return {
            "section": self.section,
            "what": self.what,
            "unit": self.unit,
            "per_second": self.arm.told(),
            "against_per_second": self.against.told(),
            "ratio": self.ratio.told(),
            "reading": self.reading,
            "goal": str(self.goal) if self.goal else None,
            "met": self.goal.met(self.ratio.median) if self.goal else None,
            "rounds": self.rounds,
            "operations": self.operations,
            "note": self.note,
        }


@frozen(kw_only=True)
class Comparison:
    """The seconds that one operation took, per arm and round."""

    seconds: Mapping[str, Sequence[float]]

    def rounds(self) -> int:
        """Count the rounds."""
        return len(next(iter(self.seconds.values())))

    def per_second(self, name: str) -> Spread:
        """Give an arm's operations per second."""
        return Spread.of([1 / value for value in self.seconds[name]])

    def speed(self, name: str, against: str) -> Spread:
        """Say how many times as fast an arm is as another, round by round."""
        return Spread.of([b / a for a, b in zip(self.seconds[name], self.seconds[against], strict=True)])

    def time(self, name: str, against: str) -> Spread:
        """Say how many times as long an arm takes as another, round by round."""
        return Spread.of([a / b for a, b in zip(self.seconds[name], self.seconds[against], strict=True)])


@frozen(kw_only=True)
class Table:
    """Where a benchmark's figures stand, and how they are made from comparisons."""

    section: str
    unit: str
    operations: int
    figures: list[Figure] = Factory(list)

    def add(
        self,
        what: str,
        seen: Comparison,
        arms: tuple[str, str],
        goal: Goal | None = None,
        *,
        reading: str = "speed",
        note: str = "",
    ) -> None:
        """Add the ratio of one arm to another."""
        name, against = arms
        ratio = seen.speed(name, against) if reading == "speed" else seen.time(name, against)
        self.figures.append(
            Figure(
                section=self.section,
                what=what,
                arm=seen.per_second(name),
                against=seen.per_second(against),
                unit=self.unit,
                ratio=ratio,
                reading=reading,
                goal=goal,
                rounds=seen.rounds(),
                operations=self.operations,
                note=note,
            )
        )


def alternate(arms: Sequence[Arm], rounds: int = ROUNDS_MIN) -> Comparison:
    """Let arms take turns, each round beginning with another one."""
    seconds: dict[str, list[float]] = {arm.name: [] for arm in arms}
    for turn in range(rounds):
        first = turn % len(arms)
        for arm in (*arms[first:], *arms[:first]):
            gc.collect()
            seconds[arm.name].append(arm.run(turn))
    return Comparison(seconds=seconds)


def per_operation(operations: int, work: Callable[[], object]) -> float:
    """Time a piece of work and give the seconds per operation."""
    started = time.perf_counter()
    work()
    return (time.perf_counter() - started) / operations


def peak_rss_mib() -> float:
    """Give the most memory that this process ever had, in MiB.

    Where the system says it of the process itself, that counts: what ``getrusage`` tells begins with the memory of
    whoever started the process.
    """
    status = Path("/proc/self/status")
    lines = status.read_text().splitlines() if status.exists() else []
    found = next((line for line in lines if line.startswith("VmHWM:")), "")
    if found:
        return int(found.split()[1]) / 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1024 if sys.platform != "darwin" else 1024 * 1024)


def rss_mib() -> float:
    """Give the memory that this process has now, in MiB; the peak where the system does not say."""
    status = Path("/proc/self/statm")
    if not status.exists():
        return peak_rss_mib()
    return int(status.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20


def fast_folder() -> Path | None:
    """Give a folder in memory for benchmark files; none where there is no tmpfs."""
    shm = Path("/dev/shm")  # noqa: S108  (tmpfs is what is wanted)
    return shm if shm.is_dir() and os.access(shm, os.W_OK) else None


def machine() -> dict[str, object]:
    """Describe the machine so that a reader can judge the figures, and no more."""
    pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") if hasattr(os, "sysconf") else 0
    names = ("attrs", "msgspec", "pydantic", "cattrs", "orjson", "eventsourcing")
    return {
        "cpu": _cpu(),
        "cores": os.cpu_count(),
        "ram_gib": round(pages / 2**30),
        "system": f"{platform.system()} {'.'.join(platform.release().split('.')[:2])}",
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        "tmpfs": fast_folder() is not None,
        "load_at_start": round(os.getloadavg()[0], 2),
        "versions": {name: found for name in names if (found := _version(name))},
    }


def _version(name: str) -> str:
    """Give a package's version; nothing where it is not installed, since not every benchmark compares with all."""
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


def _cpu() -> str:
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    found = next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "")
    return found or platform.processor() or platform.machine()
