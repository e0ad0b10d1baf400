"""Banks of earlier footage: fingerprints and days, no media."""
