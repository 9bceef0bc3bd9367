"""Plays a scenario on a shop of its own, through the real shell, with a clock that the story turns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, Literal

from attrs import Factory, define, evolve

from omo_adapters.desk import Rules
from omo_adapters.identity_settings import identity_rules, placeholders
from omo_adapters.names.evidence import evidence
from omo_adapters.placeholders import guarded
from omo_adapters.ruling import rules_of
from omo_adapters.scenarios.answering import answer_looks
from omo_adapters.scenarios.checking import look
from omo_adapters.scenarios.difference import Difference, Outcome
from omo_adapters.scenarios.expecting import ExpectStep
from omo_adapters.scenarios.looking import Look, Moment, told
from omo_adapters.scenarios.people import SeenStep
from omo_adapters.scenarios.reading import AgainStep, Scenario, read_scenario, step_name
from omo_adapters.scenarios.replaying import REPLAYS, replay
from omo_adapters.scenarios.scene import Clock, Scene
from omo_adapters.scenarios.steps import FactStep, RequestStep, Step
from omo_adapters.scenarios.trading import SaleStep
from omo_adapters.shop import Shop, open_shop
from omo_adapters.stock_settings import stock_rules
from omo_adapters.storage.memory import MemoryJournal, MemoryVault
from omo_core.decisions import Accepted
from omo_core.errors import Malformed
from omo_core.events import Event
from omo_core.identifiers import LocationId
from omo_core.instants import zone

Store = Literal["memory", "sqlite"]
STORES: Final[tuple[Store, ...]] = ("memory", "sqlite")
SUFFIXES: Final = (".scenario.toml", ".scenario.json")
"""How the name of a file ends that holds a scenario."""
_KEY: Final = bytes(32)
"""The secret of a shop that is played in memory: the same story gives the same fingerprints."""


@define
class _Play:
    """A scenario being played."""

    scenario: Scenario
    scene: Scene
    ats: list[datetime] = Factory(list)
    differences: list[Difference] = Factory(list)
    checks: int = 0
    events: list[Event] = Factory(list)
    """Everything that happened, told or decided."""


def run_scenario(source: str | Path | Mapping[str, object] | Scenario, *, store: Store = "memory") -> Outcome:
    """Play one scenario; what can't be read or played raises ``Malformed`` with file, step and field."""
    scenario = source if isinstance(source, Scenario) else read_scenario(source)
    try:
        play = _played(scenario, store)
    except Malformed as complaint:
        name = Path(scenario.source).name
        raise Malformed(f"{name}: {complaint.path}" if name else complaint.path, complaint.why) from None
    return Outcome(
        title=scenario.model.title,
        source=scenario.source,
        store=store,
        steps=len(scenario.steps),
        checks=play.checks,
        replays=REPLAYS if scenario.model.shuffle else 0,
        differences=tuple(play.differences),
    )


def run_files(paths: Iterable[str | Path], *, store: Store = "memory") -> list[Outcome]:
    """Play the scenarios in files and folders; one that can't be read or played is an outcome with its problem."""
    return [_run_file(file, store) for path in paths for file in scenario_files(Path(path))]


def scenario_files(path: Path) -> list[Path]:
    """Name the scenario files in a folder, at any depth; a file is taken at its word."""
    if not path.is_dir():
        return [path]
    return sorted(file for file in path.rglob("*") if file.name.endswith(SUFFIXES))


def _run_file(path: Path, store: Store) -> Outcome:
    try:
        return run_scenario(path, store=store)
    except Malformed as complaint:
        return Outcome(title="", source=str(path), store=store, problem=str(complaint))


# The shop.


@contextmanager
def _shop(scenario: Scenario, store: Store, clock: Clock) -> Iterator[Shop]:
    if store == "memory":
        yield _memory(scenario, clock)
        return
    with TemporaryDirectory(prefix="omo-scenario-") as folder:
        path = Path(folder) / "shop.db"
        with open_shop(path, _rules(scenario), now=clock, region=scenario.model.region) as shop:
            yield shop


def _memory(scenario: Scenario, clock: Clock) -> Shop:
    rules, region = _rules(scenario), scenario.model.region
    rules = evolve(rules, identity=guarded(rules.identity, _KEY, region, rules.placeholders))
    return Shop(MemoryJournal(), MemoryVault(_KEY), rules, now=clock, region=region)


def _rules(scenario: Scenario) -> Rules:
    model, stock = scenario.model.identity, scenario.model.stock
    try:
        identity, blocked = identity_rules(model), placeholders(model, scenario.model.region)
    except Malformed as complaint:
        raise complaint.under("identity") from None
    return rules_of(
        Rules(
            programme=scenario.programme,
            more=scenario.more,
            identity=identity,
            placeholders=blocked,
            stock=stock_rules(stock, zone(scenario.zone_name), tuple(map(LocationId, stock.pool))),
        )
    )


# The story.


def _played(scenario: Scenario, store: Store) -> _Play:
    clock = Clock()
    with _shop(scenario, store, clock) as shop:
        scene = Scene(
            shop=shop,
            zone=zone(scenario.zone_name),
            currency=scenario.currency,
            clock=clock,
            names=evidence(scenario.model.identity.names),
        )
        play = _Play(scenario, scene)
        for number, step in enumerate(scenario.steps, 1):
            with _blaming(number, step):
                _prepare(play, step)
        for number, step in enumerate(scenario.steps, 1):
            with _blaming(number, step):
                _take(play, number, step, play.ats[number - 1])
        if scenario.model.shuffle:
            play.differences += replay(scene, play.events, _looks(play), lambda: _memory(scenario, Clock()))
    return play


def _looks(play: _Play) -> list[datetime]:
    """Name the instants that the story looks at; one that looks at none is looked at when it ends."""
    steps = zip(play.ats, play.scenario.steps, strict=True)
    return sorted({at for at, step in steps if isinstance(step, ExpectStep)}) or play.ats[-1:]


@contextmanager
def _blaming(number: int, step: Step) -> Iterator[None]:
    """Name the step in whatever is wrong with it."""
    try:
        yield
    except Malformed as complaint:
        raise complaint.under(step_name(number, step)) from None


def _prepare(play: _Play, step: Step) -> None:
    """Say when a step happens, and learn ahead what it tells of, since the world may be heard of in any order."""
    if step.at is None and not play.ats:
        raise Malformed("at", "is missing: the first step says when")
    play.ats.append(play.ats[-1] if step.at is None else play.scene.instant(step.at))
    if isinstance(step, SeenStep):
        play.scene.described.add(step.seen)
    elif isinstance(step, SaleStep):
        sale = step.built(play.scene, play.ats[-1])
        play.scene.sales.setdefault(sale.order, sale)


def _take(play: _Play, number: int, step: Step, at: datetime) -> None:
    heard = at if step.heard is None else play.scene.instant(step.heard, "heard")
    play.scene.clock.hear(heard)
    if isinstance(step, FactStep):
        for personal in step.personal():
            play.scene.personal.append(personal)
            play.scene.shop.vault.keep(personal.profile, personal.version, personal.fields)
        _record(play, number, step, step.events(play.scene, at))
    elif isinstance(step, AgainStep):
        _record(play, number, step, _said(play, step))
    elif isinstance(step, RequestStep):
        _ask(play, number, step, at)
    elif isinstance(step, ExpectStep):
        known = None if step.known is None else play.scene.instant(step.known, "known")
        _check(play, number, at, look(Moment(scene=play.scene, at=at, known=known), step.expect))


def _record(play: _Play, number: int, step: Step, events: tuple[Event, ...]) -> None:
    play.scene.told[str(number)] = events
    if step.name:
        play.scene.told[step.name] = events
    play.events += events
    if events:
        play.scene.shop.record(*events)


def _said(play: _Play, step: AgainStep) -> tuple[Event, ...]:
    events = play.scene.told.get(str(step.again))
    if events is None:
        raise Malformed("again", f"no step above that tells what happened is called {step.again!r}")
    return events


def _ask(play: _Play, number: int, step: RequestStep, at: datetime) -> None:
    scene = play.scene
    _record(play, number, step, step.facts(scene))
    answer = scene.shop.execute(step.command(scene, at, step.request or f"step-{number}"))
    if isinstance(answer, Accepted):
        play.events += answer.events
    _check(play, number, at, answer_looks(scene, step.answer, answer))


def _check(play: _Play, number: int, at: datetime, looks: Iterable[Look]) -> None:
    for seen in looks:
        play.checks += 1
        if not seen.holds:
            difference = Difference(
                step=number,
                at=told(at, play.scene),
                where=seen.where,
                expected=seen.expected,
                actual=seen.actual,
                because=seen.because,
            )
            play.differences.append(difference)
