"""The story, a function each: ingest · dedup · check · report · audit. Parsing and printing are the commands' part."""
