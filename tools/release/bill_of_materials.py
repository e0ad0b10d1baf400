"""The bill of materials of the running environment: CycloneDX 1.6 JSON, and a list of licences in words.

Usage: python bill_of_materials.py OUT.cdx.json LICENCES.txt
"""

from __future__ import annotations

import importlib.metadata
import json
import re
import sys
from pathlib import Path

OURS = "verifier"
TOOLS = {"pip", "setuptools", "wheel"}


def licence_of(package: importlib.metadata.Distribution) -> str:
    """The licence that a package states: its expression, else its classifiers, else its first line of free text."""
    known = package.metadata
    if known.get("License-Expression"):
        return str(known["License-Expression"])
    classifiers = [
        line.split(" :: ")[-1] for line in known.get_all("Classifier") or [] if line.startswith("License :: ")
    ]
    if classifiers:
        return "; ".join(sorted(set(classifiers)))
    stated = (known.get("License") or "").strip().splitlines()
    return stated[0][:80] if stated else "not stated"


def components() -> list[dict[str, object]]:
    """Every installed package but ours and the installers, in order of name."""
    found: dict[str, dict[str, object]] = {}
    for package in importlib.metadata.distributions():
        name = re.sub(r"[-_.]+", "-", str(package.metadata["Name"])).lower()
        if name == OURS or name in TOOLS:
            continue
        found[name] = {
            "type": "library",
            "name": name,
            "version": package.version,
            "purl": f"pkg:pypi/{name}@{package.version}",
            "licenses": [{"license": {"name": licence_of(package)}}],
        }
    return [found[name] for name in sorted(found)]


def main() -> None:
    """Write both files."""
    bill, licences = Path(sys.argv[1]), Path(sys.argv[2])
    known = components()
    document = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "component": {"type": "application", "name": OURS, "version": importlib.metadata.version(OURS)},
        },
        "components": known,
    }
    bill.write_text(json.dumps(document, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    rows = [
        f"{item['name']} {item['version']}: {item['licenses'][0]['license']['name']}"  # type: ignore[index]
        for item in known
    ]
    licences.write_text("\n".join(rows) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
