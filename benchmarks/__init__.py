"""What we measured, against whom. `python -m benchmarks.collect` puts the sections together into results.md."""
