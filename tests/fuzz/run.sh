#!/usr/bin/env bash
# run.sh SECONDS EXECUTIONS TARGET: one reader on mutated files, from tests/fuzz/corpus and what earlier runs found, until
# SECONDS (0: no end) or EXECUTIONS (-1: no end) are over; shows the end of the log and fails where there is a finding.
set -euo pipefail
seconds=$1 executions=$2 target=$3
reader=$(basename "$target" _fuzz)
directory=$(dirname "$(dirname "$target")")
log="$directory/$reader.log"
mkdir -p "$directory/corpus/$reader"
# Shallow stacks of allocations and a small quarantine: what they cost would be half of the time.
export ASAN_OPTIONS=malloc_context_size=3:quarantine_size_mb=16
"$target" -max_total_time="$seconds" -runs="$executions" -max_len=4096 -rss_limit_mb=512 -timeout=5 -print_final_stats=1 \
  -artifact_prefix="$directory/$reader-" "$directory/corpus/$reader" "tests/fuzz/corpus/$reader" > "$log" 2>&1 \
  || { tail -40 "$log"; exit 1; }
echo "$reader: $(sed -n 's/^stat::number_of_executed_units: *//p' "$log") executions without a finding"
