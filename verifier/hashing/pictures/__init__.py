"""Pictures alike: candidates, geometry, pixels, and the rules that name a relation."""
