#!/usr/bin/env bash
# usage: paper_repro/figure_4_search.sh [PRESET] [RECORDS]
# Figure 4: misfits, strikes, dips and rakes of the nearest samples in the data and in the feature domain.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
step "figure search" figure search --output "$out"
