#!/usr/bin/env bash
# usage: paper_repro/figure_evaluation.sh [PRESET] [RECORDS]
# How many synthetic events are right, and on what that depends: the training's conditions, and the wrong model.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
for set in on_grid off_grid wrong_model_off_grid; do
  step "figure evaluation $set" figure evaluation --set "$set" --output "$out"
done
