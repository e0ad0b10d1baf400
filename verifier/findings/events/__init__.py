"""Which exhibits may show one event. A suggestion files nothing."""
