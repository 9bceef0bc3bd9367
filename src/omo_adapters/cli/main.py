"""The command ``omo``: every subcommand in one place, and the one place where exceptions end."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import Final

import typer
from typer.core import TyperGroup

from omo_adapters.cli import (
    balances,
    changes,
    checking,
    clock,
    holds,
    importing,
    members,
    members_group,
    orders,
    points,
    programmes,
    promises,
    reconciling,
    setting_up,
    sourcing,
    stock_card,
    stocks,
    tiers,
    transfers,
    units_group,
    why,
)
from omo_adapters.cli.exits import Exit, told


class OmoGroup(TyperGroup):
    """Commands that end in an exit code and one sentence, never in a traceback."""

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,  # noqa: ARG002  (it is omo, however it was started)
        complete_var: str | None = None,
        standalone_mode: bool = True,
        windows_expand_args: bool = True,
        **extra: object,
    ) -> object:
        """Run a command and give its exit code, or end the process with it."""
        given = list(sys.argv[1:] if args is None else args)
        code = self._ended(given, complete_var, windows_expand_args, extra)
        if standalone_mode:
            sys.exit(code)
        return code

    def _ended(self, given: list[str], complete: str | None, expand: bool, extra: dict[str, object]) -> int:
        try:
            result = super().main(
                args=given,
                prog_name="omo",
                complete_var=complete,
                standalone_mode=False,
                windows_expand_args=expand,
                **extra,
            )
        except (KeyboardInterrupt, typer.Abort):
            sys.stderr.write("omo: stopped.\n")
            return int(Exit.STOPPED)
        except BrokenPipeError:
            # Whoever read our output has seen enough; nothing more can be told.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return int(Exit.OK)
        except Exception as trouble:  # noqa: BLE001  (the one place where every error becomes a sentence)
            if type(trouble).__name__ == "NoArgsIsHelpError":
                sys.stderr.write(f"{trouble}\n")
                return int(Exit.USAGE)
            return told(trouble, as_json="--json" in given)
        return result if isinstance(result, int) else int(Exit.OK)


_SIGNED: Final = {"ignore_unknown_options": True}
"""Lets a number such as -50 be an argument; an option that does not exist is then refused as a surplus argument."""

app = typer.Typer(
    cls=OmoGroup,
    help="One shop, online and in stores: members, points, stock and orders, derived from what happened.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.command("init")(setting_up.init)
app.add_typer(setting_up.config_app, name="config")
app.command("import")(importing.import_)
app.add_typer(importing.quarantine_app, name="quarantine")
app.add_typer(programmes.programme_app, name="programme")
app.command("member")(members.member)
app.add_typer(members_group.members_app, name="members")
app.command("why")(why.why)
app.command("why-not")(why.why_not)
app.command("what-if-without")(why.what_if_without)
app.command("stock")(stock_card.stock)
app.command("order")(orders.order)
app.command("redeem", context_settings=_SIGNED)(points.redeem)
app.command("adjust", context_settings=_SIGNED)(points.adjust)
app.command("hold", context_settings=_SIGNED)(holds.hold)
app.command("capture", context_settings=_SIGNED)(holds.capture)
app.command("void")(holds.void)
app.command("transfer", context_settings=_SIGNED)(holds.transfer)
app.command("grant-tier")(tiers.grant_tier)
app.command("reinstate")(tiers.reinstate)
app.command("statement")(clock.statement)
app.command("tick")(clock.tick)
app.command("changes")(changes.changes)
app.command("liability")(clock.liability)
app.command("count", context_settings=_SIGNED)(stocks.count)
app.command("receive", context_settings=_SIGNED)(stocks.receive)
app.command("set-aside", context_settings=_SIGNED)(stocks.set_aside)
app.command("expect", context_settings=_SIGNED)(stocks.expect)
app.command("transfer-stock", context_settings=_SIGNED)(transfers.transfer)
app.command("source")(sourcing.source)
app.add_typer(units_group.units_app, name="units")
app.command("rebalance")(balances.rebalance)
app.command("promise")(promises.promise)
app.command("reconcile")(reconciling.reconcile)
app.command("report")(checking.report)
app.command("verify")(checking.verify)
app.command("scenario")(checking.scenario)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run ``omo`` and give its exit code."""
    code = app(args=arguments, standalone_mode=False)
    return code if isinstance(code, int) else int(Exit.OK)
