"""What every release has stored: bodies of events and answers that must be readable for ever."""
