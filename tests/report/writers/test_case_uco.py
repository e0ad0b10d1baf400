"""The CASE export against the ontology's own validator, offline."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from tests.report.sample_case import case
from verifier.findings.copies.originals import recordings_of
from verifier.report.writers.case_uco import render


def test_same_case_same_bytes() -> None:
    assert render(case()) == render(case())


def test_the_ontology_accepts_it_without_a_warning(tmp_path: Path) -> None:
    path = tmp_path / "case.jsonld"
    path.write_bytes(render(case(4)))
    done = subprocess.run(
        [str(Path(sys.executable).parent / "case_validate"), str(path)], capture_output=True, text=True, check=False
    )
    assert "Conforms: True" in done.stdout, done.stdout[:3000] + done.stderr[-2000:]
    assert "NonExistentCDOConceptWarning" not in done.stderr, done.stderr[:2000]


def test_a_recording_joins_its_copies() -> None:
    known = case(5)
    graph = json.loads(render(known))["@graph"]
    told = [node for node in graph if node["@type"] == "uco-core:ContextualCompilation"]
    decided = recordings_of(known).recordings
    assert [len(node["uco-core:object"]) for node in told] == [len(one.copies) + len(one.excerpts) for one in decided]
    files = {node["@id"] for node in graph if node["@type"] == "uco-observable:File"}
    assert {member["@id"] for node in told for member in node["uco-core:object"]} <= files


def test_it_would_refuse_a_wrong_datatype(tmp_path: Path) -> None:
    broken = json.loads(render(case(2)))
    for node in broken["@graph"]:
        for facet in node.get("uco-core:hasFacet", []):
            if "uco-observable:sizeInBytes" in facet:
                facet["uco-observable:sizeInBytes"] = "many"
    path = tmp_path / "case.jsonld"
    path.write_text(json.dumps(broken), encoding="utf-8")
    done = subprocess.run(
        [str(Path(sys.executable).parent / "case_validate"), str(path)], capture_output=True, text=True, check=False
    )
    assert "Conforms: False" in done.stdout
