#!/usr/bin/env bash
# usage: paper_repro/figure_s6_feature.sh [PRESET] [RECORDS]
# Figure S6: the encoder's feature, of the real mainshock where it was predicted, else of a synthetic event.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
if [ -f "$out/prediction.json" ]; then
  step "figure feature" figure feature_of_prediction --prediction "$out/prediction.json" --output "$out"
else
  step "figure feature" figure feature --preset "$preset_file" --greens "$greens" --weights "$weights" --output "$out"
fi
