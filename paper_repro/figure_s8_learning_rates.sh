#!/usr/bin/env bash
# usage: paper_repro/figure_s8_learning_rates.sh [PRESET] [RECORDS]
# Figure S8: loss against learning rate, from short trainings; their results where the preset comes with them, unless TRAIN=1.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
anew=()
[ "${TRAIN:-0}" = 0 ] || anew=(--anew)
step "learning rates" learning_rates --preset "$preset_file" --greens "$greens" --output "$out" "${anew[@]}"
step "figure learning_rates" figure learning_rates --output "$out"
