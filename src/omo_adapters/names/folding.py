"""Traditional signs become simplified ones, for comparing only: the other way round corrupts surnames (范, 游, 岳)."""

from __future__ import annotations

from importlib import import_module

from omo_adapters.errors import Misconfigured
from omo_adapters.names.traits import Fold


def opencc_fold() -> Fold:
    """Fold by OpenCC's tables, which are installed with ``omo[names]``."""
    try:
        opencc = import_module("opencc")
    except ImportError:
        raise Misconfigured("folding names needs OpenCC: pip install 'omo[names]'") from None
    fold: Fold = opencc.OpenCC("t2s").convert
    return fold
