"""How a command ends: its exit code, and one sentence that says what is the matter and what to do."""

from __future__ import annotations

import os
import sqlite3
import sys
import traceback
from enum import IntEnum
from typing import Final

import msgspec
from attrs import frozen

from omo_adapters.errors import (
    Contention,
    Misconfigured,
    StoreBusy,
    StoreCorrupt,
    StoreTooNew,
    StoreUnavailable,
)
from omo_adapters.importing.sources import Unreadable
from omo_core.errors import InvariantBroken, Malformed, OmoError


class Exit(IntEnum):
    """The exit codes of every command."""

    OK = 0
    NO = 1
    USAGE = 2
    FILE = 3
    STORE = 4
    BUSY = 5
    SETTINGS = 6
    BUG = 70
    STOPPED = 130


MEANINGS: Final[dict[Exit, str]] = {
    Exit.OK: "done; the answer is yes",
    Exit.NO: "the answer is no: refused, not found, a scenario failed, `verify` found differences, `--strict` found "
    "documents set aside",
    Exit.USAGE: "an argument or option is missing, unknown or can't mean anything",
    Exit.FILE: "a file that was given can't be read as what it is said to be",
    Exit.STORE: "the database is not there, damaged, not omo's, too new, or can't be written",
    Exit.BUSY: "others hold the database, or keep changing what a decision is made on; try again",
    Exit.SETTINGS: "the shop's settings are missing, or contradict themselves",
    Exit.BUG: "omo's own mistake; please report it",
    Exit.STOPPED: "stopped from the keyboard; an import goes on where it was when it is run again",
}
"""What each exit code says, as the documentation prints it."""


class BadArgument(OmoError):
    """An argument was given that can't mean anything here."""


@frozen(kw_only=True)
class Ending:
    """How a command ended that could not do what it was asked."""

    code: Exit
    kind: str
    message: str
    worth_retrying: bool = False


_ADVICE: Final[tuple[tuple[type[BaseException], Exit, str], ...]] = (
    (StoreBusy, Exit.BUSY, "; try again in a moment"),
    (Contention, Exit.BUSY, "; try again in a moment"),
    (StoreCorrupt, Exit.STORE, "; check the path, or restore a backup"),
    (StoreTooNew, Exit.STORE, "; install that release"),
    (StoreUnavailable, Exit.STORE, "; check the path and the disk, or make a shop with: omo init"),
    (Unreadable, Exit.FILE, ""),
    (Misconfigured, Exit.SETTINGS, ""),
    (BadArgument, Exit.USAGE, ""),
    (Malformed, Exit.USAGE, ""),
)
"""Errors that omo raises on purpose: how the command ends, and what to do, added to what the error says."""


def ending(trouble: BaseException) -> Ending:
    """Put any exception into one sentence."""
    kind = type(trouble).__name__
    for known, code, advice in _ADVICE:
        if isinstance(trouble, known):
            retry = bool(getattr(trouble, "worth_retrying", False))
            return Ending(code=code, kind=kind, message=f"{_line(trouble)}{advice}", worth_retrying=retry)
    if hasattr(trouble, "format_message"):
        # The command line's own complaints, whichever library they come from.
        return Ending(code=Exit.USAGE, kind="Usage", message=_plain(str(trouble.format_message())))
    if isinstance(trouble, sqlite3.Error):
        return Ending(code=Exit.STORE, kind=kind, message=f"the database can't be used: {_line(trouble)}")
    if isinstance(trouble, OSError):
        what = trouble.filename or "a file"
        return Ending(code=Exit.FILE, kind=kind, message=f"{_plain(str(what))} can't be used: {trouble.strerror}")
    what = "a promise of omo's does not hold" if isinstance(trouble, InvariantBroken) else "omo made a mistake"
    message = f"{what} ({kind}: {_line(trouble)}); run it again with OMO_DEBUG=1 and report what it prints"
    return Ending(code=Exit.BUG, kind=kind, message=message)


def _line(trouble: BaseException) -> str:
    return _plain(str(trouble))[:500]


def _plain(text: str) -> str:
    """Keep a sentence on one line, whatever it quotes."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())


def told(trouble: BaseException, *, as_json: bool) -> int:
    """Say on stderr how a command ended, and give the exit code."""
    if os.environ.get("OMO_DEBUG") == "1":
        traceback.print_exception(trouble)
    end = ending(trouble)
    if as_json:
        document = {"error": {**msgspec.to_builtins(end), "code": int(end.code)}}
        sys.stderr.write(msgspec.json.encode(document).decode() + "\n")
    else:
        sys.stderr.write(f"omo: {end.message.rstrip('.')}.\n".encode("utf-8", "replace").decode())
    return int(end.code)
