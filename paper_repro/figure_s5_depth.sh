#!/usr/bin/env bash
# usage: paper_repro/figure_s5_depth.sh [PRESET] [RECORDS]
# Figure S5: what the depth of the source changes, for the mainshock's mechanism.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
step "figure depth" figure depth --preset "$preset_file" --greens "$greens" --event "$event" --mechanism "$reference" --output "$out"
