#!/usr/bin/env bash
# usage: paper_repro/figure_2_flow.sh [PRESET] [RECORDS]
# Figure 2: from a velocity model and records to a mechanism.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
step "figure flow" figure flow --preset "$preset_file" --output "$out"
