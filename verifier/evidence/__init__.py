"""Bytes enter once: walked, read once, kept in the vault under their digest."""
