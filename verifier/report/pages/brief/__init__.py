"""The brief: what a reader who has ten minutes reads."""
