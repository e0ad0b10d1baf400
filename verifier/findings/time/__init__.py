"""When: the clocks of an exhibit, bounds of its existence, and claimed times held against both."""
