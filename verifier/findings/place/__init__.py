"""Where: recorded positions, and claimed places held against them, against speed and light."""
