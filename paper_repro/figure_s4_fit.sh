#!/usr/bin/env bash
# usage: paper_repro/figure_s4_fit.sh [PRESET] [RECORDS]
# Figure S4: the mainshock's records and synthetics of the mechanism that is read from them. The step that predicts draws it.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
step predict predict "${of_event[@]}" --records "$records" --event "$event" --reference "$reference" --delay auto --output "$out"
