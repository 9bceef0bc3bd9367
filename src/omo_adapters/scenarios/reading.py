"""From a file to a scenario: every step is known by its verb, every mistake is told with step and field."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from attrs import frozen
from pydantic import Field

from omo_adapters.complaints import Shape, did_you_mean, shaped
from omo_adapters.identity_models import IdentityModel
from omo_adapters.programmes import file_tables, load_programme, read_programme
from omo_adapters.scenarios.bringing_back import BroughtBackStep
from omo_adapters.scenarios.carrying import (
    ArrivedStep,
    OrderTransferStep,
    PickedShortStep,
    SentStep,
    SerialsStep,
    SupplyStep,
)
from omo_adapters.scenarios.expecting import ExpectStep
from omo_adapters.scenarios.holding import (
    CapturePointsStep,
    HoldPointsStep,
    ReinstatedStep,
    TierGrantedStep,
    TransferStep,
    VoidPointsStep,
)
from omo_adapters.scenarios.member_requests import (
    BindStep,
    DecideStep,
    ForgetStep,
    JoinStep,
    PartStep,
    RecycleStep,
    RevokeStep,
    ShareStep,
    VerifyStep,
    WithdrawStep,
)
from omo_adapters.scenarios.orders import CancelStep, CollectStep, PlaceStep, ReadyStep
from omo_adapters.scenarios.people import JoinedStep, PartedStep, SeenStep
from omo_adapters.scenarios.points import AdjustStep, GrantedStep, RedeemedStep, RedeemStep
from omo_adapters.scenarios.shelves import (
    AllocatedStep,
    AllocateStep,
    CountedStep,
    HeldStep,
    HoldStep,
    MovedStep,
    ReleaseStep,
    SetAsideStep,
)
from omo_adapters.scenarios.sourcing import HoldSlotsStep, PickStep, RenewStep, SourceStep
from omo_adapters.scenarios.steps import Step
from omo_adapters.scenarios.trading import CancelledStep, HandedOverStep, RefundStep, SaleStep
from omo_adapters.stock_models import StockRulesModel
from omo_adapters.written import Currency, Name
from omo_core.errors import Malformed
from omo_core.instants import zone
from omo_core.loyalty import Programme

STEPS_MAX: Final = 10_000


class AgainStep(Step):
    """`again = "the web order"`: what an earlier step said is told once more, word for word."""

    again: Name | int
    """The step's name or number."""


STEPS: Final[Mapping[str, type[Step]]] = {
    "sale": SaleStep,
    "refund": RefundStep,
    "brought_back": BroughtBackStep,
    "cancelled": CancelledStep,
    "handed_over": HandedOverStep,
    "seen": SeenStep,
    "joined": JoinedStep,
    "parted": PartedStep,
    "granted": GrantedStep,
    "redeemed": RedeemedStep,
    "tier_granted": TierGrantedStep,
    "reinstated": ReinstatedStep,
    "counted": CountedStep,
    "moved": MovedStep,
    "set_aside": SetAsideStep,
    "held": HeldStep,
    "supply": SupplyStep,
    "sent": SentStep,
    "arrived": ArrivedStep,
    "picked_short": PickedShortStep,
    "serials_named": SerialsStep,
    "allocated": AllocatedStep,
    "join": JoinStep,
    "part": PartStep,
    "withdraw": WithdrawStep,
    "decide": DecideStep,
    "bind": BindStep,
    "verify": VerifyStep,
    "revoke": RevokeStep,
    "recycle": RecycleStep,
    "share": ShareStep,
    "forget": ForgetStep,
    "redeem": RedeemStep,
    "adjust": AdjustStep,
    "hold_points": HoldPointsStep,
    "capture_points": CapturePointsStep,
    "void_points": VoidPointsStep,
    "transfer": TransferStep,
    "hold": HoldStep,
    "release": ReleaseStep,
    "renew": RenewStep,
    "hold_slots": HoldSlotsStep,
    "order_transfer": OrderTransferStep,
    "source_order": SourceStep,
    "pick": PickStep,
    "allocate": AllocateStep,
    "place": PlaceStep,
    "ready": ReadyStep,
    "collect": CollectStep,
    "cancel": CancelStep,
    "again": AgainStep,
    "expect": ExpectStep,
}
"""Every step by its verb, the field that says what the step is: facts in the past tense, requests as orders."""


class StockModel(StockRulesModel):
    """What the shop decided about its stock, as in shop.toml, and its pool."""

    pool: tuple[Name, ...] = Field(default=(), strict=False)
    """The locations that the web may promise from; empty for all."""


class ScenarioModel(Shape):
    """A scenario as written, its steps still bare."""

    title: Name
    story: str = ""
    """What happens and why it matters, for people."""
    programme: Name | dict[str, object] | None = None
    """The rules of points and tiers: a table, or the name of a file beside this one; without it, no points."""
    more_programmes: tuple[dict[str, object], ...] = Field(default=(), strict=False)
    """Further programmes, each with a name of its own: other kinds of points, store credit."""
    zone: Name | None = None
    """Without it, the programme's, else Asia/Hong_Kong."""
    currency: Currency | None = None
    """Without it, the programme's, else HKD."""
    region: Name = "HK"
    """Where phone numbers without a country code belong."""
    identity: IdentityModel = IdentityModel()
    stock: StockModel = StockModel()
    shuffle: bool = False
    """Whether the same facts are told again in other orders and twice, and must come out the same."""
    step: tuple[dict[str, object], ...] = Field(strict=False)


@frozen(kw_only=True)
class Scenario:
    """A scenario that can be played."""

    model: ScenarioModel
    programme: Programme
    more: tuple[Programme, ...] = ()
    zone_name: str
    currency: str
    steps: tuple[Step, ...]
    source: str = ""


def read_scenario(source: str | Path | Mapping[str, object]) -> Scenario:
    """Read a scenario from a file or from what a parser gave; ``Malformed`` names file, step and field."""
    if isinstance(source, Mapping):
        return _scenario(source, None)
    path = Path(source)
    try:
        return _scenario(file_tables(path), path)
    except Malformed as complaint:
        raise Malformed(f"{path.name}: {complaint.path}" if complaint.path else path.name, complaint.why) from None


def step_name(number: int, step: Step | str) -> str:
    """Name a step in a complaint: ``step 3 (sale)``."""
    verb = step if isinstance(step, str) else next(verb for verb, model in STEPS.items() if type(step) is model)
    return f"step {number} ({verb})"


def _scenario(tables: Mapping[str, object], path: Path | None) -> Scenario:
    model = shaped(ScenarioModel, dict(tables))
    programme, currency = _programme(model, path)
    if len(model.step) > STEPS_MAX:
        raise Malformed("step", f"has {len(model.step)} steps, the limit is {STEPS_MAX}")
    zone_name = model.zone or programme.zone.key
    zone(zone_name)
    steps = tuple(_step(number, bare) for number, bare in enumerate(model.step, 1))
    source = "" if path is None else str(path)
    return Scenario(
        model=model,
        programme=programme,
        more=tuple(_more(tables, place, zone_name, currency) for place, tables in enumerate(model.more_programmes)),
        zone_name=zone_name,
        currency=currency,
        steps=steps,
        source=source,
    )


def _more(tables: dict[str, object], place: int, zone_name: str, currency: str) -> Programme:
    """Read one of the further programmes; store credit is in its own money."""
    usual = {"zone": zone_name} | ({} if "unit" in tables else {"currency": currency})
    try:
        return read_programme({**usual, **tables})
    except Malformed as complaint:
        raise complaint.under(f"more_programmes[{place}]") from None


def _step(number: int, bare: dict[str, object]) -> Step:
    verbs = [verb for verb in STEPS if verb in bare]
    if "expect" in verbs and len(verbs) > 1:
        raise Malformed(f"step {number}", f"says {verbs[0]} and expect; a step of its own expects")
    if len(verbs) != 1:
        raise Malformed(f"step {number}", _no_verb(bare) if not verbs else f"says {' and '.join(verbs)}; say one")
    return shaped(STEPS[verbs[0]], bare, step_name(number, verbs[0]))


def _no_verb(bare: dict[str, object]) -> str:
    usual = {"at", "heard", "name", "by", "amount", "lines", "location", "units"}
    odd = next((word for word in bare if word not in usual), "")
    return f"has no verb{did_you_mean(odd, STEPS)}"


def _programme(model: ScenarioModel, path: Path | None) -> tuple[Programme, str]:
    """Give the programme and the currency that amounts without one are in."""
    if isinstance(model.programme, str):
        if path is None:
            raise Malformed("programme", "a scenario that is not a file can't name one; write the table")
        programme = load_programme(path.parent / model.programme)
        written = None
    else:
        usual = {"zone": model.zone or "Asia/Hong_Kong", "currency": model.currency or "HKD"}
        tables = usual | (model.programme or {})
        written = tables["currency"]
        try:
            programme = read_programme(tables)
        except Malformed as complaint:
            raise complaint.under("programme") from None
    earning = next((earning.currency for version in programme.versions for earning in version.earnings), None)
    return programme, model.currency or (written if isinstance(written, str) else None) or earning or "HKD"
