"""Banks as people keep and search them."""
