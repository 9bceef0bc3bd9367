"""Names as evidence: the surname's spellings in Chinese and Latin script, as keyed fingerprints. Never a key."""
