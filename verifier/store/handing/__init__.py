"""What leaves a case and what comes from another one: rows as their digests cover them."""
