#!/usr/bin/env bash
# usage: paper_repro/train.sh [PRESET] [KEPT]
#
# A training in as many pieces as it takes, on one machine or several: the folder KEPT (paper_repro/training/full for `full`, else
# out/PRESET/kept) holds the weights, the log, the state to go on from, and the checksum of the library of Green's functions. Takes these up where they are
# further than those in out/PRESET, trains until it is done or interrupted (Ctrl-C), and puts the new ones into KEPT. Where and in
# how many pieces it ran makes no difference to the bits, provided that the library is the same file. `make reproduce PRESET=full`
# takes the weights in paper_repro/training/full.
set -euo pipefail
unset CDPATH
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
set -- "${1:-full}" "${2:-}"
kept=$2
source "$here/common.sh" "$1"
if [ -z "$kept" ]; then
  kept=$out/kept
  [ "$preset" != full ] || kept=$here/training/full
fi

# copied FROM TO FILE...: under another name first, so that TO never holds half a file under its own.
copied() {
  local from=$1 to=$2 file
  shift 2
  for file; do
    cp "$from/$file" "$to/$file.copy"
    mv "$to/$file.copy" "$to/$file"
  done
}

mkdir -p "$out" "$kept"
step greens greens --preset "$preset_file" --output "$greens"
if [ -f "$kept/greens.sha256" ]; then
  library_is_that_of "$kept" || exit 2
else
  library_sum > "$kept/greens.sha256.copy"
  mv "$kept/greens.sha256.copy" "$kept/greens.sha256"
fi

# Without a state of its own, out/PRESET holds at most the weights and the log that the preset comes with.
if [ -f "$kept/state.safetensors" ] && { [ ! -f "$out/state.safetensors" ] || [ "$(last_step "$kept")" -gt "$(last_step "$out")" ]; }; then
  echo "taking up the training in $kept after step $(last_step "$kept")"
  copied "$kept" "$out" state.safetensors weights.safetensors training_log.tsv
fi

keep() {
  [ -f "$out/state.safetensors" ] && [ "$(last_step "$out")" -ge "$(last_step "$kept")" ] || return 0
  copied "$out" "$kept" state.safetensors weights.safetensors training_log.tsv
  echo "kept in $kept up to step $(last_step "$kept")"
}
trap keep EXIT
# The training writes its state and ends; this script then keeps it.
running=
trap '[ -z "$running" ] || kill -TERM "$running" 2>/dev/null || true' INT TERM

training=(train --preset "$preset_file" --greens "$greens" --output "$out" --anew)
if "$fmnet" "${training[@]}" --check >/dev/null 2>&1; then
  echo "[up to date] train"
else
  echo "[run] train"
  "$fmnet" "${training[@]}" &
  running=$!
  status=0
  wait "$running" || status=$?
  while kill -0 "$running" 2>/dev/null; do  # a signal ends the waiting, not yet the training
    status=0
    wait "$running" || status=$?
  done
  [ "$status" -eq 0 ] || exit "$status"
fi
echo "the training of $preset is done"
