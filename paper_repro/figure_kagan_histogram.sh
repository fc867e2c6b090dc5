#!/usr/bin/env bash
# usage: paper_repro/figure_kagan_histogram.sh [PRESET] [RECORDS]
# The revision's histogram of Kagan angles on synthetic events.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
step "figure kagan_histogram" figure kagan_histogram --evaluation "$out/evaluation_on_grid.tsv" --output "$out"
