#!/usr/bin/env bash
# usage: paper_repro/figure_s3_labels.sh [PRESET] [RECORDS]
# Figure S3: true and predicted curves of synthetic events.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
step "figure compared_labels" figure compared_labels --preset "$preset_file" --greens "$greens" --weights "$weights" --output "$out"
