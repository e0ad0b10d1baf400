"""`python -m verifier` is the same corridor as `verify`."""

from verifier.commands import main

if __name__ == "__main__":
    main()
