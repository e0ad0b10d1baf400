"""The generations of a group as a drawing and as a table: what is ordered, and what says that it is not."""

from __future__ import annotations

import json
from dataclasses import replace

from tests.report.sample_case import case, exhibit
from tests.report.test_pages import walk, words_on
from verifier.dossier import CaseDossier
from verifier.records import Fact, Group, Match, Medium, Relation, Sourced, Tier
from verifier.report.blocks import Drawing, Section
from verifier.report.pages.whole import report
from verifier.report.writers import json_report


def sized(*widths: int) -> tuple[CaseDossier, list[str]]:
    """A case of copies of one photo, 100 pixels high and so wide, all linked to the first."""
    made = []
    for number, width in enumerate(widths):
        dossier = exhibit(number)
        facts = {
            name: Fact(question=name, best=Sourced(value=value, basis="picture", location="SOF0"))
            for name, value in (("width", width), ("height", 100))
        }
        made.append(replace(dossier, facts={**dossier.facts, **facts}))
    ids = [dossier.exhibit.id for dossier in made]
    matches = tuple(
        Match(left=min(ids[0], other), right=max(ids[0], other), relation=Relation.SAME_PICTURE, medium=Medium.IMAGE,
              method="pdq/1", score=0.9, tier=Tier.LIKELY)
        for other in ids[1:]
    )  # fmt: skip
    group = Group(id="g", members=tuple(sorted(ids)), best=ids[0], earliest=None, reason="same-picture")
    known = replace(
        case(2), exhibits={d.exhibit.id: d for d in made}, matches=matches, groups=(group,)
    )  # fmt: skip
    return known, ids


def group_section(known: CaseDossier, lang: str = "en") -> Section:
    pages = report(known, lang)
    return next(b for s in pages.front for b in walk(s.blocks) if isinstance(b, Section) and b.key == "group")


def note_of(known: CaseDossier, lang: str = "en") -> str:
    """What is said once, before all groups."""
    section = next(section for section in report(known, lang).front if section.key == "groups")
    return words_on(section.blocks[:1])


def test_arrows_lead_only_where_the_evidence_carries_them() -> None:
    known, ids = sized(400, 200, 100, 400)
    (drawing,) = [block for block in group_section(known).blocks if isinstance(block, Drawing)]
    assert drawing.svg.count("l-7 -4v8z") == 2  # two arrow heads, of the two smaller copies
    assert drawing.svg.count("order not determined") == 1
    assert drawing.svg.index(ids[3][:12]) > drawing.svg.index("order not determined") > drawing.svg.index(ids[2][:12])
    told = words_on(group_section(known).blocks)
    assert told.count("can have been made from") == 2 and "Nothing shows that it was" not in told
    assert "Nothing shows that it was" in note_of(known)
    assert "of 4 copies" in drawing.alternative


def test_where_nothing_orders_the_copies_no_tree_is_drawn() -> None:
    known, _ = sized(400, 400)
    section = group_section(known, "fa")
    assert not [block for block in section.blocks if isinstance(block, Drawing)] and section.folded
    assert "هیچ چیز نشان نمی‌دهد" in note_of(known, "fa")


def test_the_tree_stands_in_report_json_and_with_the_exhibit() -> None:
    known, ids = sized(400, 200)
    (group,) = json.loads(json_report.render(known))["groups"]
    assert group["generations"] == [{"copy": ids[1], "source": ids[0], "because": ["fewer_pixels"]}]
    entry = next(entry for entry in report(known, "en").entries if entry.id == ids[1])
    provenance = next(section for section in entry.sections if section.key == "provenance")
    assert f"can have been made from {ids[0]}" in words_on(provenance.blocks)
