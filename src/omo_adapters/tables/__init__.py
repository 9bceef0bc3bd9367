"""Lists: members and stock counts from CSV files, members from JSON Lines, and tables written back for people to open.

Each reader takes a binary stream and the shop's ``Context`` and gives one ``Parcel`` per row, lazily.
"""

from omo_adapters.tables.counts_csv import read_counts
from omo_adapters.tables.members_csv import read_members
from omo_adapters.tables.members_jsonl import read_member_lines
from omo_adapters.tables.writing import write_table

__all__ = ["read_counts", "read_member_lines", "read_members", "write_table"]
