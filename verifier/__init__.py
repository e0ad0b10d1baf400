"""`verify`: take in photos and videos as evidence, find every copy, test claims of place and time, and report."""

__version__ = "0.1.0"
