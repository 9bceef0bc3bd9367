"""A week of trade of a small brand that sells in one web shop and three stores: ``make demo``."""
