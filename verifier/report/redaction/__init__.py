"""A case made fit to be given away, and the second look at what was written."""
