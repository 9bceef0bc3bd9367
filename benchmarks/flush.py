"""A flush that takes a fixed time: compiles ``flush_delay.c`` on demand and starts the process anew with it preloaded.

A disk's own flush can differ by a factor of 40 between two minutes, depending on who else wants the processor. A fixed
delay on tmpfs makes the figures of two runs comparable.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

SOURCE = Path(__file__).with_name("flush_delay.c")
DELAY_US = 1_000
"""What a flush takes in the slow regime: a plausible cloud volume."""


def compiled() -> Path | None:
    """Give the shim as a shared library; none where there is no compiler or no preloading."""
    compiler = shutil.which("cc")
    if compiler is None or not sys.platform.startswith("linux"):
        return None
    digest = sha256(SOURCE.read_bytes()).hexdigest()[:16]
    library = Path(tempfile.gettempdir()) / f"omo-flush-delay-{os.getuid()}-{digest}.so"
    if not library.exists():
        draft = library.with_suffix(f".{os.getpid()}")
        subprocess.run([compiler, "-O2", "-shared", "-fPIC", "-o", str(draft), str(SOURCE)], check=True)
        draft.rename(library)
    return library


def preloaded() -> bool:
    """Say whether this process runs with the shim."""
    return hasattr(ctypes.CDLL(None), "omo_flush_delay") if sys.platform.startswith("linux") else False


def start_anew_with_shim(module: str) -> str:
    """Start ``python -m module`` anew with the shim; where that can't be, go on and say why there is no delay."""
    if preloaded():
        return ""
    library = compiled()
    if library is None:
        return "no C compiler (or not Linux): the runs with a fixed flush delay are left out"
    environment = {**os.environ, "LD_PRELOAD": str(library)}
    again = [sys.executable, "-m", module, *sys.argv[1:]]
    os.execve(again[0], again, environment)  # noqa: S606  (this very program)
    raise AssertionError("a process that is replaced does not go on")


@contextmanager
def delayed(us: int) -> Iterator[None]:
    """Let every flush take so long meanwhile; zero needs no shim."""
    if us == 0 and not preloaded():
        yield
        return
    shim = ctypes.CDLL(None)
    shim.omo_flush_delay.argtypes = [ctypes.c_long]
    shim.omo_flush_delay(us)
    try:
        yield
    finally:
        shim.omo_flush_delay(0)


def seen_delay_us(us: int, times: int = 100) -> float:
    """Measure what a flush takes when it is told to take ``us``: sleeping is never quite exact."""
    with delayed(us), tempfile.TemporaryFile() as file:
        started = time.perf_counter()
        for _ in range(times):
            os.fdatasync(file.fileno())
        return (time.perf_counter() - started) / times * 1e6
