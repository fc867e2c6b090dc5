#!/usr/bin/env bash
# usage: paper_repro/recompute.sh PRESET STATE STEPS
#
# Computes a part of a training again: STEPS steps from the state in the folder STATE (state.safetensors, and training_log.tsv up to
# it; `-`: from the first step), in build/recompute/PRESET. The rows of the new log must be those of the log in out/PRESET, whose
# training went on from that state at another time, on another machine or with another number of threads: losses and Kagan angles
# to the last digit.
set -euo pipefail
unset CDPATH
[ $# -eq 3 ] || { sed -n '2s/^# //p' "${BASH_SOURCE[0]}" >&2; exit 2; }
source "$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)/common.sh" "$1"
state=$2
steps=$3

again=$root/build/recompute/$preset

for file in "$greens" "$out/training_log.tsv"; do
  [ -f "$file" ] || { echo "$file is not there: the training to compare with is that of make reproduce PRESET=$preset" >&2; exit 2; }
done
shipped=$root/paper_repro/training/$preset
if [ -f "$shipped/greens.sha256" ] && cmp -s "$out/training_log.tsv" "$shipped/training_log.tsv"; then
  library_is_that_of "$shipped" || exit 2
fi
if [ "$state" != - ]; then
  for file in state.safetensors training_log.tsv; do
    [ -f "$state/$file" ] || { echo "$state/$file is not there: STATE is a folder that a training keeps (paper_repro/train.sh)" >&2; exit 2; }
  done
  if [ "$(realpath "$state")" = "$(realpath -m "$again")" ]; then
    echo "$state is where the steps are computed again: copy it to another folder" >&2
    exit 2
  fi
fi
rm -rf "$again"
mkdir -p "$again"
from=0
if [ "$state" != - ]; then
  cp "$state"/{state.safetensors,training_log.tsv} "$again/"
  from=$(last_step "$again")
fi
rows() { cut -f 1-6 "$1/training_log.tsv" | awk -v from="$from" '$1 + 0 > from'; }  # without the speed

status=0
"$fmnet" train --preset "$preset_file" --greens "$greens" --output "$again" --anew --stop-after "$steps" || status=$?
[ "$status" -eq 0 ] || [ "$status" -eq 130 ] || exit "$status"  # 130: stopped after so many steps
n=$(rows "$again" | wc -l)
[ "$n" -gt 0 ] || { echo "no row of the log is complete after $steps steps: there is one every 100 and at the end of an epoch" >&2; exit 2; }
differ=$(rows "$again" | grep -Fxvf <(rows "$out") || true)
if [ -n "$differ" ]; then
  echo "$out/training_log.tsv does not hold these rows:" >&2
  echo "$differ" >&2
  exit 1
fi
echo "$n rows after step $from are those of $out/training_log.tsv to the last digit"
