"""Prints the JSON Schema of the receipt format: ``python -m omo_adapters.pos.schema``."""

from __future__ import annotations

import json
import sys

from omo_adapters.pos.receipt_models import FORMAT, ReceiptV1


def receipt_schema() -> str:
    """Give the published schema as text, keys in order, newline at the end."""
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "urn:" + FORMAT.replace(".", ":").replace("/", ":"),
        **ReceiptV1.model_json_schema(by_alias=True),
    }
    return json.dumps(schema, indent=2, ensure_ascii=False, sort_keys=True) + "\n"


if __name__ == "__main__":
    sys.stdout.write(receipt_schema())
