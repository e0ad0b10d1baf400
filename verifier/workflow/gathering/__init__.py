"""What a case is seen through: its settings, the names of its exhibits, and a part of it."""
