"""Reads ARTS Digital Receipts 2.0, the e-receipts that shops hand to customers and to receipt services.

A digital receipt is a POSLog transaction in another envelope, so it is read by the same rules. It is a receipt for
the customer first: one without amounts on its lines, or one that does not add up, is set aside and says so.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO, Final

from omo_adapters.inbound import Context, Parcel
from omo_adapters.pos.poslog import Poslog, read_transactions

ROOTS: Final = frozenset({"DigitalReceipt"})


def read_digital_receipt(stream: BinaryIO, context: Context, tills: Poslog | None = None) -> Iterator[Parcel]:
    """Read the receipts of a file; raise ``Malformed`` only when it holds no digital receipts at all."""
    return read_transactions(stream, context, tills or Poslog(), kind="digital-receipt", roots=ROOTS)
