"""Where and when on Earth."""
