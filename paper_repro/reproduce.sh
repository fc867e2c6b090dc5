#!/usr/bin/env bash
# usage: paper_repro/reproduce.sh [PRESET] [RECORDS]
#
# From the velocity model to the report, in out/PRESET: Green's functions, training, evaluation on unseen synthetic events,
# the real Mw 7.1 where its records are at hand, the figures, report.html. A step whose inputs and outputs are those of the
# last run is skipped. An interrupted training goes on from its last checkpoint, at most a minute back.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source "$here/common.sh"

if [ "$preset" = full ]; then
  echo "The full experiment: 787,320 samples x 50 epochs, 39 million passes of a sample through the network."
  echo "About 31 hours on two cores with AVX2 at 350 samples/s (docs/performance.md). It may be interrupted and continued at any time."
fi

step greens greens --preset "$preset_file" --output "$greens"
step train train --preset "$preset_file" --greens "$greens" --output "$out"
step evaluate evaluate --preset "$preset_file" --greens "$greens" --weights "$weights" --output "$out"

if [ -d "$records" ]; then
  step predict predict --preset "$preset_file" --weights "$weights" --records "$records" --event "$event" \
    --reference "$reference" --output "$out"
else
  echo "The real Mw 7.1 was not predicted: there are no records in $records."
  echo "Get them with:  data/ridgecrest/fetch_records.sh --out data/ridgecrest/records"
  echo "or name their folder:  make reproduce PRESET=$preset RECORDS=folder"
  [ ! -f "$out/prediction.json" ] || echo "The report shows the prediction of an earlier run."
fi

for figure in figure_1_map figure_3_mechanisms figure_6_architecture figure_s1_sample figure_s2_loss figure_s3_labels \
  figure_s6_feature figure_s7_label figure_kagan_histogram; do
  "$here/$figure.sh" "$preset" "$records"
done

cmp "$out/figures/architecture.stages.tsv" "$here/expected/architecture.stages.tsv" ||
  { echo "the network is not that of the paper" >&2; exit 1; }
echo "report: $("$fmnet" report --output "$out")"
