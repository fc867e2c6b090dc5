#!/usr/bin/env bash
# usage: paper_repro/figure_s1_sample.sh [PRESET] [RECORDS]
# Figure S1: a training sample before and after noise and shift.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
step "figure sample" figure sample --preset "$preset_file" --greens "$greens" --sample 400 --output "$out"
