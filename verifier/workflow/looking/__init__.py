"""Pictures and clips made for a person to look at, by guarded workers."""
