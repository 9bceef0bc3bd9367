"""The shop in figures: one HTML page that needs no network, and tables for spreadsheets."""

from omo_adapters.reporting.gathering import gather
from omo_adapters.reporting.model import ShopReport
from omo_adapters.reporting.pages import to_html
from omo_adapters.reporting.sheets import write_sheets

__all__ = ["ShopReport", "gather", "to_html", "write_sheets"]
