#!/usr/bin/env bash
# usage: paper_repro/figure_5_best.sh [PRESET] [RECORDS]
# Figure 5: the best sample of the data domain and the ten best of the feature domain.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
step "figure search_balls" figure search_balls --output "$out"
