"""The custody log: a chain of canonical events, its tree, its head and its seals."""
