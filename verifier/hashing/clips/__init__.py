"""Clips alike: which stretch of one recording is shown in another."""
