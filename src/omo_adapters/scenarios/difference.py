"""What came out differently than a scenario expects, in words that say where to look."""

from __future__ import annotations

import json

from attrs import frozen


@frozen(kw_only=True)
class Difference:
    """One expectation that does not hold."""

    step: int
    """The step that states it, counted from 1; 0 for what the replays found."""
    at: str
    """When, in the shop's time."""
    where: str
    """What was looked at: ``members.card:4711.spendable``."""
    expected: str
    actual: str
    because: tuple[str, ...] = ()
    """What explains the actual value: the lines of a statement, say."""

    def lines(self) -> list[str]:
        """Tell it to a person."""
        told = [f"step {self.step}, {self.at}: {self.where}" if self.step else self.where]
        told += [f"    expected {self.expected}", f"    but it is {self.actual}"]
        return told + [f"      {line}" for line in self.because]


@frozen(kw_only=True)
class Outcome:
    """How a scenario came out."""

    title: str
    source: str = ""
    """The file it stands in."""
    store: str = "memory"
    steps: int = 0
    checks: int = 0
    """How many single values were compared."""
    replays: int = 0
    """In how many other orders the same facts were told."""
    differences: tuple[Difference, ...] = ()
    problem: str = ""
    """Why the scenario could not be played at all."""

    @property
    def ok(self) -> bool:
        """Say whether everything came out as expected."""
        return not self.differences and not self.problem

    def render(self) -> str:
        """Tell the outcome to a person."""
        name = f"{self.source}: {self.title}" if self.source and self.title else self.source or self.title
        if self.problem:
            return f"BROKEN {name}\n  {self.problem}"
        if self.ok:
            replays = f", told in {self.replays} other orders" if self.replays else ""
            return f"ok     {name} ({self.steps} steps, {self.checks} values{replays})"
        told = [f"  {line}" for difference in self.differences for line in difference.lines()]
        return "\n".join([f"FAILED {name}", *told])

    def to_json(self) -> str:
        """Tell the outcome to a machine."""
        found = {
            "title": self.title,
            "source": self.source,
            "store": self.store,
            "ok": self.ok,
            "steps": self.steps,
            "checks": self.checks,
            "replays": self.replays,
            "problem": self.problem,
            "differences": [
                {"step": d.step, "at": d.at, "where": d.where, "expected": d.expected, "actual": d.actual}
                for d in self.differences
            ],
        }
        return json.dumps(found, ensure_ascii=False)
