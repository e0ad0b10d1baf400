"""Times in people's words: tokens, grammar, candidates, interval. A reading uses every word or none."""
