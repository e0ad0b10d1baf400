"""Fingerprints become matches, matches become groups. Opens no media and no database: features are handed in."""
