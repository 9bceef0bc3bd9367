"""Prints the reference of the command from the command itself: ``python -m omo_adapters.cli.reference``."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from typing import Final

import typer.main

from omo_adapters.cli.exits import MEANINGS
from omo_adapters.cli.main import app
from omo_adapters.importing import FORMATS

HEAD: Final = """\
<!-- Written by `python -m omo_adapters.cli.reference` from the code. -->

# The command `omo`

    omo init --config shop.toml        # makes shop.db; see shop-toml.md
    omo import exports/                # any file, any folder, or - for stdin
    omo member 91234567 --why
    omo why crm:88 shopify:7           # and why-not, what-if-without
    omo members review                 # what waits for a decision about who is who
    omo stock TEE-M --as-of 2026-03-31
    omo units hold basket-7 TEE-M=2 --minutes 15
    omo redeem 91234567 500 --request till-2-0815
    omo report && omo verify

Every command takes `--db FILE` (or the environment variable `OMO_DB`; `shop.db` in the present folder, unless said)
and `--json`. With `--json` there is exactly one JSON document on stdout, amounts in minor units and instants in UTC;
errors are one JSON document on stderr, `{"error": {"code", "kind", "message", "worth_retrying"}}`. Without it, amounts
and times are the shop's own, and a pipe gets no colour. Whatever goes wrong is one sentence on stderr; `OMO_DEBUG=1`
adds the traceback.

An instant is a day (`2026-03-31`, which means its end) or a day and a time (`2026-03-31T18:00`) in the shop's zone.
`--as-of` asks how things stood then, `--known-at` asks by what omo had heard of by then.

`WHO` is an e-mail, a record's id, a phone or a card, tried in this order. Where several members bear it, `omo member`
shows all of them, and commands that move points ask for an id.

`RECORD` is a record's own id. `KEY` is an identifier with its kind, `card:4711`; a bare e-mail or phone needs none, and
the hash by which the journal knows it (`phone:` and 32 digits) is one too. `--role` says in which role somebody asks;
the [rules](identity-rules.md) say which role may ask what, and whoever runs the command vouches for it.
"""
IMPORTING: Final = """
## Importing

An import looks at each file's name and first bytes to tell its format; `--format` says it. Hidden files are passed
over, and what is of no known format is named at the end. Formats:
"""
RESUMING: Final = """
Documents are read one by one and written in batches of 500 events, each batch in one append: personal data to the
vault first, then the events, then quarantine, and the mark of how far the import has come last. An import that was
interrupted goes on from its mark when the same file or folder is imported again. Importing something twice changes
nothing: its events are *known already*.

A document that can't be understood goes to quarantine, whole, with the reason; the rest goes on. `omo quarantine
drive` reads what waits once more, after the settings were mended or an article was mapped. Catalogue documents
(products, inventory items) teach which sku an inventory item is; levels that came before them are read once more at
the end of the import. What was *set aside* is no failure (exit code 0) unless `--strict` says so.

*Late* facts happened more than `late_hours` before the newest fact that was known when the import began. They count
where they belong in time.

## Verifying

`omo verify` derives everything once more: the database's pages are checked, every event is read back, checked and
recorded once more in a new database (in the folder for temporary files), and the streams of both are compared; every
answer that was given must stand in the journal; every member and article is folded anew, forwards and backwards, and
compared with the kept state, and its sums must come out. The *hash* names the events and all states: two databases
with one fingerprint key and the same events have the same. `--rebuild` drops the kept states first.

What it can't see: an event that somebody added or changed behind omo's back such that it still reads back and
everything follows from it. Keep backups, and who may write the file, in order.
"""

SHARED: Final = frozenset({"--db", "--json", "--help"})


def reference() -> str:
    """Give the whole page."""
    codes = _table(("code", "means"), ((str(int(code)), meaning) for code, meaning in MEANINGS.items()))
    formats = _table(("`--format`", "reads"), ((f"`{known.name}`", known.title) for known in FORMATS))
    parts = [HEAD, "## Exit codes", codes, IMPORTING, formats, RESUMING, "## Commands", *_commands()]
    return "\n\n".join(part.strip("\n") for part in parts) + "\n"


def _commands() -> Iterator[str]:
    for name, command in sorted(_leaves("", typer.main.get_command(app))):
        yield f"### omo {name}"
        yield " ".join(str(getattr(command, "help", "")).split())
        params = [line for param in getattr(command, "params", ()) if (line := _param(param))]
        if params:
            yield "\n".join(params)


def _leaves(prefix: str, command: object) -> Iterator[tuple[str, object]]:
    for name, inner in getattr(command, "commands", {}).items():
        if hasattr(inner, "commands"):
            yield from _leaves(f"{prefix}{name} ", inner)
        else:
            yield f"{prefix}{name}", inner


def _param(param: object) -> str:
    """Give a parameter in one line; those that every command shares are told once, at the top."""
    names: list[str] = getattr(param, "opts", [])
    if SHARED & set(names):
        return ""
    if getattr(param, "param_type_name", "") == "argument":
        names = [getattr(param, "metavar", None) or str(getattr(param, "name", "")).upper()]
    needed = ", needed" if names[0].startswith("-") and getattr(param, "required", False) else ""
    says = getattr(param, "help", None) or ""
    return f"* {', '.join(f'`{name}`' for name in names)}{needed}: {says}"


def _table(header: tuple[str, str], rows: Iterable[tuple[str, str]]) -> str:
    lines = [f"| {left} | {right} |" for left, right in (header, ("---", "---"), *rows)]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.stdout.write(reference())
