"""Tills: what was sold and returned over a counter, from our own receipt format or from what makers write.

Each reader takes a binary stream and the shop's ``Context`` and gives one ``Parcel`` per document, lazily.
"""

from omo_adapters.pos.completejourney import completejourney_sales
from omo_adapters.pos.digital_receipt import read_digital_receipt
from omo_adapters.pos.poslog import Poslog, read_poslog
from omo_adapters.pos.receipts import read_receipts, receipt_outcome

__all__ = [
    "Poslog",
    "completejourney_sales",
    "read_digital_receipt",
    "read_poslog",
    "read_receipts",
    "receipt_outcome",
]
