"""The door for a clone: `python cli.py …` is the same corridor as `verify …`. It is not part of the wheel."""

from verifier.commands import main

if __name__ == "__main__":
    main()
