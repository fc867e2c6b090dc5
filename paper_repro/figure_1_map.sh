#!/usr/bin/env bash
# usage: paper_repro/figure_1_map.sh [PRESET] [RECORDS]
# Figure 1: the grid of sources, the stations, the mainshock.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
step "figure map" figure map --preset "$preset_file" --event "$event" --output "$out"
