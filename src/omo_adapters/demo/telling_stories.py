"""The demo's three stories in print: a member, a member in debt, a bag."""

from __future__ import annotations

from typing import Final

from rich.console import Console
from rich.text import Text

from omo_adapters.demo.brand import HOT
from omo_adapters.demo.member_story import CARD, EVE, Step, Story
from omo_adapters.demo.opening import Stage
from omo_adapters.demo.proving import Again, Balanced, Shuffled
from omo_adapters.demo.stock_story import HotStory
from omo_adapters.demo.telling import grid, say
from omo_adapters.demo.wording import clock, day, money, plural
from omo_adapters.verifying import Verification
from omo_core.loyalty import Account

DEBTOR = "4763"


def one_member(out: Console, story: Story) -> None:
    """Tell how a member came to what she has: every number with its reason."""
    say(out, f"{story.name}, card {CARD}: a row in the member list, a card at the till, an account on the web.")
    say(
        out,
        "A dollar earns a point in every channel, 100 points pay HK$10; Silver, from HK$2,000 in a year, earns x 1.2.",
    )
    out.print()
    rows = [(clock(one.at), one.where, _with_reason(one), one.points, one.balance, one.tier) for one in story.steps]
    out.print(grid(("when", "where", "what, and why", "points#", "balance#", "12 months, tier#"), rows))
    out.print()
    say(out, f"{clock(EVE)}, the evening before she confirmed her e-mail, as omo knew it then and as it knows it now:")
    out.print()
    known = [("then", one.record, *_standing(one.account)) for one in story.before]
    merged = ("now", "one person", *_standing(story.then))
    out.print(grid(("known", "who", "points#", "spent in 12 months#", "tier"), [*known, merged]))
    out.print()
    _tier(out, story.account)


def _with_reason(step: Step) -> Text:
    return Text.assemble(step.what, "\n", (step.why, "dim"))


def _standing(account: Account) -> tuple[str, str, str]:
    tier = account.tier
    if tier is None:
        return f"{account.spendable:,}", "", ""
    since = f" since {clock(tier.since)}" if tier.since is not None else ""
    return f"{account.spendable:,}", money(tier.spend), f"{tier.name}{since}"


def _tier(out: Console, account: Account) -> None:
    tier = account.tier
    if tier is None or tier.until is None:
        return
    say(
        out,
        f"With the refund her spend is {money(tier.spend)}. She is {tier.name} all the same: this programme looks at "
        f"refunds at the review on {day(tier.until)}, and {money(tier.to_keep.spend)} more by then keep her there.",
    )


def debtor(out: Console, stage: Stage) -> None:
    """Tell of the member who paid with the same points at a till that asked and at one that couldn't."""
    account = stage.shop.account(stage.shop.find(card=DEBTOR)[0])
    sums = f"{account.earned:,} earned = {account.spendable:,} to spend + {account.spent:,} spent"
    say(
        out,
        f"Card {DEBTOR} paid with 600 points in Central on Wednesday, and four hours later with 600 again at Tsuen "
        "Wan's till, which was offline and could not ask. It has happened, so it is recorded and nothing is hidden: "
        f"{sums} - {account.debt:,} owed. The next purchase repays it first.",
    )


def one_article(out: Console, hot: HotStory) -> None:
    """Tell where the bag is, what it is promised to, and which promise is in danger."""
    say(out, f"{HOT.title}, {HOT.sku}")
    out.print()
    rows = [
        (
            one.name,
            *(f"{count:,}" for count in (one.on_hand, one.set_aside, one.promised, one.held, one.free)),
            f"short by {one.short}" if one.short else "",
            ", ".join(one.waiting),
        )
        for one in hot.shelves
    ]
    columns = ("place", "on hand#", "set aside#", "promised#", "held#", "free#", "", "waits for it")
    out.print(grid(columns, rows))
    out.print()
    waiting = plural(len(hot.pool_waiting), "web order")
    say(
        out, f"{waiting} wait for one from wherever it will be sent: {hot.pool_free} are left to promise in all places."
    )
    for risk in hot.at_risk:
        say(
            out,
            f"At risk: {risk.order}, {risk.units} promised in Tsuen Wan on {clock(risk.at)}. As far as omo knew then, "
            f"{hot.thursday} lay there; the offline till sold {hot.thursday - hot.really} of them that day and the day "
            "before, and said so on Friday. Nobody is to blame and nothing is silent: another store can send them, or "
            "the customer is called.",
        )


def proof(out: Console, again: Again, shuffled: Shuffled, balanced: Balanced, checked: Verification) -> None:
    """Show that nothing counts twice, that no order matters, that the books balance."""
    same = shuffled.here == shuffled.there
    rows = (
        (not again.new, "the same files again", f"{again.documents:,} documents, {plural(again.new, 'new event')}"),
        (same, "every event twice, shuffled", f"{shuffled.events:,} events into an empty shop: {_state(shuffled)}"),
        (not balanced.accounts_wrong, "points", f"each of {balanced.accounts:,} accounts adds up: {_SUM}"),
        (
            not balanced.shelves_wrong,
            "stock",
            f"what came less what left is what is there, on {balanced.shelves} shelves",
        ),
        (checked.good, "omo verify", f"{checked.events:,} events, {checked.answers} answers: all as the journal says"),
    )
    out.print()
    out.print(grid(("", "", ""), [("ok" if good else "WRONG", what, said) for good, what, said in rows], header=False))


_SUM: Final = "earned = to spend + gone - owed"


def _state(shuffled: Shuffled) -> str:
    same = "the same state" if shuffled.here == shuffled.there else "another state"
    return f"{same} {shuffled.there[:8]}"
