"""Taking in what other systems wrote: any file, folder or stream becomes events, or waits in quarantine."""

from omo_adapters.importing.formats import FORMATS, Format, format_named
from omo_adapters.importing.pipeline import Importer
from omo_adapters.importing.redriving import Driver, DriveResult
from omo_adapters.importing.results import EventCounts, ImportResult
from omo_adapters.importing.sources import Piece, Source, Unreadable, file_source, folder_source, stream_source
from omo_adapters.importing.writing import Books

__all__ = [
    "FORMATS",
    "Books",
    "DriveResult",
    "Driver",
    "EventCounts",
    "Format",
    "ImportResult",
    "Importer",
    "Piece",
    "Source",
    "Unreadable",
    "file_source",
    "folder_source",
    "format_named",
    "stream_source",
]
