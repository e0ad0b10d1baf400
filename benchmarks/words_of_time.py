"""How many composed time phrases are understood in full, and whether a reading is ever narrower than the words.

Run: python -m benchmarks.words_of_time [how many]
Even numbers are those that the word lists and the grammar were tuned on, odd ones are held out. Then each phrase is a
true claim about a picture of some town of Iran whose satellites and clock say a moment that the phrase means, and
nothing may contradict it or lie beside it.
"""

from __future__ import annotations

import random
import sys
import time
from collections import Counter
from datetime import timedelta

from benchmarks.words_of_time_phrases import Composed, composed
from verifier.dossier import CaseDossier, ExhibitDossier, Said
from verifier.findings.judge import judge
from verifier.findings.time.timeline import CHECK
from verifier.geo.gazetteer import Place, built_in
from verifier.geo.spoken_time import Interval, TimeNotUnderstood, read_time
from verifier.geo.timezone import TEHRAN
from verifier.records import Batch, Claim, Exhibit, FindingOutcome, Kind, Moment, Reading, Zone

PHRASES = 5_000


def verdict(phrase: Composed) -> tuple[str, str]:
    """ "full", "part" (words are told as not used), "refused" or "misread"; and what was read."""
    try:
        read = read_time(phrase.text, TEHRAN, phrase.said)
    except TimeNotUnderstood as error:
        return "refused", str(error)
    if not covers(read, phrase):
        return "misread", f"{read.earliest} – {read.latest}"
    if is_too_wide(read, phrase):
        return "wide", f"{read.earliest} – {read.latest}"
    return ("full" if phrase.aside or not read.unread else "part"), " ".join(read.unread)


def covers(read: Interval, phrase: Composed) -> bool:
    """Whether every moment that the phrase means lies within the reading."""
    second = timedelta(seconds=1)
    starts = read.earliest is None or (phrase.earliest is not None and read.earliest <= phrase.earliest + second)
    ends = read.latest is None or (phrase.latest is not None and read.latest >= phrase.latest - second)
    return starts and ends


def is_too_wide(read: Interval, phrase: Composed) -> bool:
    """Whether it goes further beyond the meaning than its words allow."""
    early = phrase.earliest is not None and (
        read.earliest is None or read.earliest < phrase.earliest - phrase.spread - timedelta(hours=1)
    )
    late = phrase.latest is not None and (
        read.latest is None or read.latest > phrase.latest + phrase.spread + timedelta(hours=1)
    )
    return early or late


def true_claim(number: int, towns: list[Place]) -> CaseDossier:
    """A case of one picture: what was said of it is true, and its satellites and its clock agree."""
    phrase, rng = composed(number), random.Random(number)
    first = phrase.earliest or (phrase.latest or phrase.said) - timedelta(days=20)
    last = phrase.latest or min(phrase.said, first + timedelta(days=20))
    taken = first + (max(last - timedelta(seconds=1), first) - first) * rng.random()
    town, identity = rng.choice(towns), f"{number:064x}"
    wall = taken.strftime("%Y-%m-%dT%H:%M:%S")
    moment = Moment(text=wall, wall=wall, zone=Zone.UTC)
    dossier = ExhibitDossier(
        exhibit=Exhibit(id=identity, sha512="", size=1, kind=Kind.PHOTO, media_type="image/jpeg"),
        readings=tuple(
            Said(reading=Reading(key=key, value=moment, location="GPS"), instrument="exif", exhibit=identity)
            for key in ("exif:GPSDateTime", "exif:DateTimeOriginal")
        ),
        claims=(
            Claim(id="c", exhibit=None, batch="b", by="the note", time=phrase.text,
                  place=rng.choice((town.name, town.persian or town.name)), at=None),
        ),
    )  # fmt: skip
    received = phrase.said.isoformat()
    return CaseDossier(
        id="case", title="", created_at=received, tool_name="verify", tool_version="0", custody_size=0, custody_root="",
        custody_checkpoint=None, exhibits={identity: dossier}, batches=(Batch(id="b", received_at=received),),
    )  # fmt: skip


def claims_held(count: int) -> Counter[str]:
    """How many true claims the check of claimed times contradicts, sees beside a clock, fits, or does not read."""
    towns = [place for place in built_in().places if place.country == "IR" and place.level == "city"]
    tally: Counter[str] = Counter()
    for number in range(count):
        case = true_claim(number, towns)
        for finding in next(iter(judge(case, [CHECK]).values())):
            if finding.outcome is FindingOutcome.CONTRADICTS:
                tally["contradicted"] += 1
            elif finding.code in ("time.clock_off_claim", "time.clock_fits_claim", "time.claim_not_read"):
                tally[finding.code] += 1
            if finding.outcome is FindingOutcome.CONTRADICTS or finding.code == "time.clock_off_claim":
                print(finding.statement)
    return tally


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else PHRASES
    tallies: dict[tuple[str, str], Counter[str]] = {}
    begin = time.process_time()
    for number in range(count):
        phrase = composed(number)
        result, what = verdict(phrase)
        for kind in (phrase.kind, "all"):
            tallies.setdefault((kind, "tuned on" if number % 2 == 0 else "held out"), Counter())[result] += 1
        if result in ("misread", "wide") or ("-v" in sys.argv[2:] and result != "full"):
            meant = f"{phrase.earliest} – {phrase.latest}"
            print(f"{result}: {phrase.text!r} said {phrase.said:%Y-%m-%d %H:%M}: {meant}; {what}")
    spent = time.process_time() - begin
    print(f"{count:,} phrases, {spent * 1000 / count:.1f} CPU ms each.\n")
    print("| kind | half | phrases | in full | words told as not used | refused | wider than allowed | misread |")
    print("|---|---|---|---|---|---|---|---|")
    for (kind, half), tally in sorted(tallies.items(), key=lambda one: (one[0][0] == "all", one[0])):
        total = sum(tally.values())
        row = [f"{tally[name] / total:.3f}" for name in ("full", "part", "refused", "wide")]
        print(f"| {kind} | {half} | {total:,} | {' | '.join(row)} | {tally['misread']} |")
    held = claims_held(count)
    beside, fit = held["time.clock_off_claim"], held["time.clock_fits_claim"]
    print(
        f"\n{count:,} true claims: {held['contradicted']} contradicted, {beside} clocks beside them, {fit:,} clocks "
        f"that fit, {held['time.claim_not_read']} not read."
    )


if __name__ == "__main__":
    main()
