"""Points and tiers against a slow, obvious model, on generated programmes and histories."""
