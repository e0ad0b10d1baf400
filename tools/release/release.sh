#!/usr/bin/env bash
# Builds sdist and wheel, installs the wheel with the locked dependencies into a fresh environment, runs the self-test
# there, and writes the bill of materials (CycloneDX JSON) and the list of licences beside them. Usage: release.sh OUT
set -euo pipefail
out=$(mkdir -p "${1:?usage: release.sh OUT}" && cd "$1" && pwd)
cd "$(dirname "$0")/../.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/build"
"$work/build/bin/python" -m pip install --quiet build
"$work/build/bin/python" -m build --outdir "$out" .
python3 -m venv "$work/fresh"
"$work/fresh/bin/python" -m pip install --quiet --require-hashes --only-binary :all: --requirement requirements.lock
"$work/fresh/bin/python" -m pip install --quiet --no-deps "$out"/verifier-*.whl
"$work/fresh/bin/python" -P -m verifier doctor
"$work/fresh/bin/python" -P tools/release/bill_of_materials.py "$out/verifier.cdx.json" "$out/LICENCES.txt"
(cd "$out" && sha256sum -- verifier-* verifier.cdx.json LICENCES.txt > SHA256SUMS)
