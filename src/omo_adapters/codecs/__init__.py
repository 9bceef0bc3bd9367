"""How events and answers are written down."""
