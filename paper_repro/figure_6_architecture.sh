#!/usr/bin/env bash
# usage: paper_repro/figure_6_architecture.sh [PRESET] [RECORDS]
# Figure 6: the network.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
step "figure architecture" figure architecture --output "$out"
