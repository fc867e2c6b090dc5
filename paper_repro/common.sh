# Sourced by the scripts of this folder with the arguments PRESET [RECORDS]: where things are, and how a step is run.
export LC_ALL=C
unset CDPATH  # with it, cd may go elsewhere and print where
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
preset=${1:-full}
records=${2-$root/data/ridgecrest/records}  # empty: without the real event

fmnet=${FMNET:-$root/build/release/bin/fmnet}
preset_file=$root/paper_repro/presets/$preset.toml
out=$root/out/$preset
greens=$out/greens.bin
weights=$out/weights.safetensors
features=$out/features.bin
other_model=$root/data/ridgecrest/ridgecrest_local.txt        # the "wrong model": waves of an earth that was not trained for
other_greens=$out/greens_local.bin
between_greens=$out/greens_between.bin                       # events at places in the middle between those of the grid
event_id=ci38457511                                          # Mw 7.1, the paper's mainshock
event="2019-07-06T03:19:53.04,35.7695,-117.5993,8.0"         # data/ridgecrest/events.txt
reference="230.8/82.8/-9.4"                                  # SCSN moment tensor, data/ridgecrest/mechanisms.txt
mechanisms=$root/data/ridgecrest/mechanisms.txt

# Eleven stations recorded the Mw 7.1 unclipped. The networks of `tiny` and `quick` are trained for these; the sixteen of `full` are
# others, so that there the real event is read by the shipped network of `quick`, and searched among the samples of its stations.
of_event=(--preset "$preset_file" --weights "$weights")
event_greens=$greens
event_features=$features
if [ "$preset" = full ]; then
  of_event=(--preset "$root/paper_repro/presets/quick.toml" --weights "$root/paper_repro/weights/quick/weights.safetensors")
  event_greens=$out/greens_of_event.bin
  event_features=$out/features_of_event.bin
fi

[ -f "$preset_file" ] || { echo "there is no preset '$preset': choose one of $(cd "$root/paper_repro/presets" && ls | sed 's/\.toml$//' | tr '\n' ' ')" >&2; exit 2; }
[ -x "$fmnet" ] || { echo "$fmnet is not there: build it with 'make release', or set FMNET" >&2; exit 2; }
FMNET_SOURCE_VERSION=$(git -C "$root" describe --always --dirty 2>/dev/null || true)
export FMNET_SOURCE_VERSION

# step NAME COMMAND...: runs a sub-command of fmnet unless its result is up to date.
step() {
  local name=$1 status=0
  shift
  "$fmnet" "$@" --check >/dev/null 2>&1 || status=$?
  if [ "$status" -eq 0 ]; then
    echo "[up to date] $name"
    return
  fi
  echo "[run] $name"
  "$fmnet" "$@"
}

# The step that the last row of a folder's log tells; 0 where there is none.
last_step() {
  local log=$1/training_log.tsv
  if [ -f "$log" ]; then awk 'END { print $1 + 0 }' "$log"; else echo 0; fi
}

library_sum() { sha256sum < "$greens" | cut -d ' ' -f 1; }

# Whether a training that began with the library in the folder $1 may go on with ours: other bits of Green's functions, other bits.
library_is_that_of() {
  [ "$(library_sum)" != "$(cat "$1/greens.sha256")" ] || return 0
  echo "$greens is not the library that the training in $1 began with (its SHA-256 is not that of greens.sha256): build with gcc (docs/limits.md)" >&2
  return 1
}
