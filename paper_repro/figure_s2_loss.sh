#!/usr/bin/env bash
# usage: paper_repro/figure_s2_loss.sh [PRESET] [RECORDS]
# Figure S2: training and validation loss.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
step "figure loss" figure loss --log "$out/training_log.tsv" --output "$out"
