#!/usr/bin/env bash
# usage: paper_repro/figure_3_mechanisms.sh [PRESET] [RECORDS]
# Figure 3: the events on the map; the mainshock's published mechanisms, beside ours where its records were predicted.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
ours=() which=()
if [ -f "$out/prediction.json" ]; then
  ours=(--prediction "$out/prediction.json")
  which=(--event-id "$event_id")
fi
step "figure mechanisms" figure mechanisms --mechanisms "$mechanisms" --event-id "$event_id" "${ours[@]}" --output "$out"
step "figure mechanism_map" figure mechanism_map --preset "$preset_file" --events "$root/data/ridgecrest/events.txt" \
  --mechanisms "$mechanisms" "${which[@]}" "${ours[@]}" --output "$out"
