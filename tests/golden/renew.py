"""Write the golden files anew: `python -m tests.golden.renew [INSTRUMENT…]`. Read the difference before it is kept."""

from __future__ import annotations

import sys

from tests.golden.answers import HERE, answers, encoded, kept, known_exhibits


def main(wanted: list[str]) -> None:
    fresh = {
        (instrument, name): encoded(answer)
        for name, path in known_exhibits().items()
        for instrument, answer in answers(path.read_bytes()).items()
        if not wanted or instrument in wanted
    }
    for instrument, name, path in kept():
        if (instrument, name) not in fresh and not wanted:
            path.unlink()
    for (instrument, name), text in sorted(fresh.items()):
        path = HERE / instrument / f"{name}.json"
        path.parent.mkdir(exist_ok=True)
        if not path.exists() or path.read_text() != text:
            path.write_text(text)
            sys.stdout.write(f"{path.relative_to(HERE)}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
