#!/usr/bin/env bash
# usage: paper_repro/reproduce.sh [PRESET] [RECORDS]
#
# From the velocity model to the report, in out/PRESET: Green's functions, training, evaluation on synthetic events,
# the real Mw 7.1 where its records are at hand, the searches, the figures, report.html. A step whose inputs and outputs are
# those of the last run is skipped. Where the preset comes with trained weights (its key "shipped") these are used
# and nothing is trained, unless TRAIN=1 is set. An interrupted training goes on from its last checkpoint, at most a minute back.
# RECORDS: data/ridgecrest/records where it is not given; empty: without the real event.
set -euo pipefail
unset CDPATH
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source "$here/common.sh"

case ${TRAIN:-0} in
  0) train=() ;;
  1) train=(--anew) ;;
  *) echo "TRAIN=$TRAIN: must be 1 (train) or 0 (take the weights that the preset comes with)" >&2; exit 2 ;;
esac
if [ $# -ge 2 ] && [ -n "$records" ] && [ ! -d "$records" ]; then
  echo "RECORDS=$records: there is no such folder (RECORDS= goes without the real event)" >&2
  exit 2
fi
if [ "$preset" = full ] && [ "${#train[@]}" -gt 0 ] && [ ! -f "$out/state.safetensors" ]; then
  echo "The full experiment from step 0: 787,320 samples x 50 epochs, 39 million passes of a sample through the network."
  echo "7 to 13 hours on two cores with AVX-512 at 850 to 1,650 samples/s, 27 to 32 hours with AVX2 alone (docs/performance.md)."
  echo "It may be interrupted and continued at any time. The weights at its end are shipped in paper_repro/training/full: make reproduce without TRAIN=1 takes them."
fi

step greens greens --preset "$preset_file" --output "$greens"
step train train --preset "$preset_file" --greens "$greens" --output "$out" "${train[@]}"
step evaluate evaluate --preset "$preset_file" --greens "$greens" --weights "$weights" --output "$out"
step "evaluate no_noise" evaluate --preset "$preset_file" --greens "$greens" --set no_noise --no-noise --weights "$weights" --output "$out"
step "greens between the places" greens --preset "$preset_file" --between-places --output "$between_greens"
step "evaluate between_places" evaluate --preset "$preset_file" --between-places --greens "$between_greens" \
  --set between_places --on-grid 0 --weights "$weights" --output "$out"
step "greens of the other model" greens --preset "$preset_file" --velocity-model "$other_model" --margin 9 --output "$other_greens"
step "evaluate wrong_model" evaluate --preset "$preset_file" --velocity-model "$other_model" --greens "$other_greens" \
  --set wrong_model --picking-error 0.5 --drop 2 --weights "$weights" --output "$out"

if [ -d "$records" ]; then
  "$here/figure_s4_fit.sh" "$preset" "$records"
else
  echo "The real Mw 7.1 was not predicted: there are no records${records:+ in $records}."
  echo "Get them with:  data/ridgecrest/fetch_records.sh --out data/ridgecrest/records"
  echo "or name their folder:  make reproduce PRESET=$preset RECORDS=folder"
  if [ -f "$out/prediction.json" ]; then
    sha=$(sha256sum < "${of_event[3]}" | cut -d ' ' -f 1)
    grep -q "\"weights_sha256\": \"$sha\"" "$out/prediction.json" ||
      { echo "$out/prediction.json was read by other weights than ${of_event[3]}: give its records again (RECORDS=folder), or remove the file" >&2; exit 2; }
    echo "The report shows the prediction of an earlier run."
  fi
fi

searched=(--preset "$preset_file" --greens "$greens" --weights "$weights" --features "$features")
step features features "${searched[@]}"
if [ -f "$out/prediction.json" ]; then
  event_searched=("${of_event[@]}" --greens "$event_greens" --features "$event_features")
  step "greens of the event's stations" greens "${of_event[@]:0:2}" --output "$event_greens"
  step "features of the event's stations" features "${event_searched[@]}"
  step search search "${event_searched[@]}" --prediction "$out/prediction.json" --output "$out"
else
  step search search "${searched[@]}" --unseen 0 --output "$out"
fi
step search_agreement search_agreement "${searched[@]}" --output "$out"

for figure in figure_1_map figure_2_flow figure_3_mechanisms figure_4_search figure_5_best figure_6_architecture \
  figure_s1_sample figure_s2_loss figure_s3_labels figure_s5_depth figure_s6_feature figure_s7_label \
  figure_s8_learning_rates figure_kagan_histogram figure_evaluation; do
  "$here/$figure.sh" "$preset" "$records"
done

cmp "$out/figures/architecture.stages.tsv" "$here/expected/architecture.stages.tsv" ||
  { echo "the network is not that of the paper" >&2; exit 1; }
echo "report: $("$fmnet" report --output "$out")"
