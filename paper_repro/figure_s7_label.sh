#!/usr/bin/env bash
# usage: paper_repro/figure_s7_label.sh [PRESET] [RECORDS]
# Figure S7: the label of one mechanism.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
step "figure label" figure label --preset "$preset_file" --mechanism "$reference" --output "$out"
