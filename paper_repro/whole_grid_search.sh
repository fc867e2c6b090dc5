#!/usr/bin/env bash
# usage: paper_repro/whole_grid_search.sh [PRESET] [EVENTS]
#
# Both searches through every sample of the grid (787,320 with `full`), where `make reproduce` takes every so many-th place: the features
# of all samples, one synthetic event searched, and how often searches and network agree over EVENTS (default 1000) of them. Needs
# greens.bin and weights.safetensors of `make reproduce` in out/PRESET; results in out/PRESET/whole_grid, times in its metrics.json
# and manifest.json.
set -euo pipefail
unset CDPATH
set -- "${1:-full}" "${2:-1000}"
n_events=$2
source "$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)/common.sh" "$1"

result=$out/whole_grid
mkdir -p "$result"
searched=(--preset "$preset_file" --greens "$greens" --weights "$weights" --features "$result/features.bin" --place-step 1)
step features features "${searched[@]}"
step search search "${searched[@]}" --unseen 0 --output "$result"
step search_agreement search_agreement "${searched[@]}" --events "$n_events" --output "$result"
