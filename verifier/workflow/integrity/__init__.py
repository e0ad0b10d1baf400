"""Is everything still what it was: audit, seals, proofs, the look before a report, and recovery of what is left."""
