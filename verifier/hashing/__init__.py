"""Which files are alike."""
