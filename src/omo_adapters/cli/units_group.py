"""``omo units``: every command about promised units, in one group."""

from __future__ import annotations

import typer

from omo_adapters.cli import parcels, queues, reserving

SIGNED = {"ignore_unknown_options": True}
units_app = typer.Typer(
    help="Units set apart, allocated, picked, shipped, given up and brought back; who is served when.",
    no_args_is_help=True,
)
units_app.command("hold")(reserving.hold)
units_app.command("renew")(reserving.renew)
units_app.command("release")(reserving.release)
units_app.command("allocate")(reserving.allocate)
units_app.command("pick")(reserving.pick)
units_app.command("short", context_settings=SIGNED)(parcels.short)
units_app.command("ship", context_settings=SIGNED)(parcels.ship)
units_app.command("cancel", context_settings=SIGNED)(parcels.cancel)
units_app.command("return", context_settings=SIGNED)(parcels.return_)
units_app.command("queue")(queues.queue)
