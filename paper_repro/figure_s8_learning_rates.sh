#!/usr/bin/env bash
# usage: paper_repro/figure_s8_learning_rates.sh [PRESET] [RECORDS]
# Figure S8: loss against learning rate, from short trainings.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
step "learning rates" learning_rates --preset "$preset_file" --greens "$greens" --output "$out"
step "figure learning_rates" figure learning_rates --output "$out"
