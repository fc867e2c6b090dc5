#!/usr/bin/env bash
# Gets the records of one Ridgecrest event from the FDSN web services of the Southern California Earthquake Data Center, or of another event
# and region from another center (--origin, --stations, --service):
#
#   <NET>.<STA>.<LOC>.<CHA>.mseed   miniSEED, raw counts, from 300 s before the origin to 330 s after it (within 150 km P comes in the first
#                                   30 s; the 0.05-0.1 Hz filter needs 300 s on both sides)
#   <NET>.<STA>.xml                 StationXML with the instruments' responses
#
# Accelerometers (HN) as well as seismometers (BH, HH): near the large events the latter clip. A file that is there and sound is not fetched
# again, so an interrupted run is continued by the same command.
set -euo pipefail
export LC_ALL=C
unset CDPATH # with it set, cd prints where it went

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
event=ci38457511
origin=
location=--
stations=$here/stations_strong_motion.txt
out=
bands="HN BH HH"
service=https://service.scedc.caltech.edu/fdsnws
print_requests=no
before_s=300
after_s=330

usage() {
  cat <<TEXT
usage: fetch_records.sh --out DIR [--event ID | --origin TIME] [--stations FILE] [--bands "HN BH HH"] [--location CODE] [--service URL]
                        [--print-requests]

  --out DIR          where the files go; made if it is not there
  --event ID         an id of events.txt (default $event, the Mw 7.1)
  --origin TIME      the origin time, UTC, of an event that is not in events.txt, like 2019-07-16T20:11:01
  --stations FILE    table of stations (default stations_strong_motion.txt, the eleven that recorded the Mw 7.1 unclipped; stations_16.txt has
                     the sixteen broadband ones)
  --bands LIST       first two letters of the channels (default "$bands"); E, N and Z of each are asked for
  --location CODE    location code of the channels (default "--", which is none)
  --service URL      FDSN services (default $service)
  --print-requests   print "URL -> file" lines and fetch nothing

Exit status: 0 all stations have a response and at least one record; 1 something is missing; 2 wrong usage.
TEXT
}

refuse() {
  echo "fetch_records.sh: $1" >&2
  exit 2
}

while [ $# -gt 0 ]; do
  case $1 in
    --help | -h) usage; exit 0 ;;
    --print-requests) print_requests=yes; shift ;;
    --out | --event | --origin | --stations | --bands | --location | --service)
      [ $# -ge 2 ] || refuse "$1: needs a value (see --help)"
      case $1 in
        --out) out=$2 ;;
        --event) event=$2 ;;
        --origin) origin=$2 ;;
        --stations) stations=$2 ;;
        --bands) bands=$2 ;;
        --location) location=$2 ;;
        --service) service=${2%/} ;;
      esac
      shift 2 ;;
    *) refuse "unknown argument '$1' (see --help)" ;;
  esac
done

[ -n "$out" ] || [ $print_requests = yes ] || refuse "--out DIR is needed (see --help)"
{ [ -f "$stations" ] && [ -r "$stations" ]; } || refuse "--stations $stations: cannot be read as a file"
grep -qE '^[[:space:]]*[^#[:space:]]' "$stations" || refuse "--stations $stations: holds no station"
wanted= # channels of the metadata, HN?,BH?,..
for band in $bands; do
  [[ $band =~ ^[A-Z]{2}$ ]] || refuse "--bands: '$band' is not two capital letters"
  wanted="$wanted${wanted:+,}$band?"
done
[ -n "$wanted" ] || refuse "--bands: holds no channel"
[[ $location =~ ^(--|[A-Z0-9]{1,2})$ ]] || refuse "--location: '$location' is neither -- nor two letters or digits"
if [ -n "$origin" ]; then
  [[ $origin =~ ^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?Z?$ ]] ||
    refuse "--origin: '$origin' is not a UTC time like 2019-07-06T03:19:53"
  origin=${origin%Z}
else
  origin=$(awk -v id="$event" '$1 == id {print $2}' "$here/events.txt")
fi
[ -n "$origin" ] || refuse "--event $event: not in $here/events.txt ($(awk '$1 ~ /^[^#]/ {printf "%s ", $1}' "$here/events.txt"))"

# The time `$2` seconds after the UTC time `$1` (decimals left out), through the count of days since 1970: no time zone, any date program.
shifted_time() {
  awk -v text="$1" -v shift_s="$2" 'BEGIN {
    split(text, part, /[-T:.]/)
    y = part[1]; m = part[2] + 0
    if (m <= 2) { y--; m += 12 }
    days = 365 * y + int(y / 4) - int(y / 100) + int(y / 400) + int((153 * (m - 3) + 2) / 5) + part[3] - 719469
    second = (days * 24 + part[4]) * 3600 + part[5] * 60 + part[6] + shift_s
    days = int(second / 86400); second -= days * 86400
    for (y = 1970; ; y++) {
      leap = (y % 4 == 0 && y % 100 != 0) || y % 400 == 0
      if (days < 365 + leap) break
      days -= 365 + leap
    }
    split("31 " 28 + leap " 31 30 31 30 31 31 30 31 30 31", length_of, " ")
    for (m = 1; days >= length_of[m]; m++) days -= length_of[m]
    printf "%04d-%02d-%02dT%02d:%02d:%02d", y, m, days + 1, int(second / 3600), int(second / 60) % 60, second % 60
  }'
}
start=$(shifted_time "$origin" -$before_s)
end=$(shifted_time "$origin" $after_s)

# Whether the file holds what its name promises: servers also answer with web pages, or with nothing.
is_sound() {
  [ -s "$1" ] || return 1
  case $2 in
    mseed) head -c 7 "$1" | grep -aqE '^[0-9 ]{6}[DRQM]' && [ $(($(wc -c <"$1") % 128)) -eq 0 ] ;;
    xml) head -c 1000 "$1" | grep -aq '<FDSNStationXML' && tail -c 100 "$1" | grep -aq '</FDSNStationXML>' ;;
  esac
}

# Gets URL $1 into file $2 of kind $3. 0 it is there; 1 the centre has none; 2 it could not be had.
fetch() {
  local url=$1 file=$out/$2 kind=$3 status
  is_sound "$file" "$kind" && return 0
  status=$(curl --silent --show-error --location --globoff --connect-timeout 20 --max-time 300 --retry 5 --retry-delay 3 \
    --retry-connrefused --output "$file.part" --write-out '%{http_code}' "$url") || status="no answer"
  if [ "$status" = 200 ] && is_sound "$file.part" "$kind"; then
    mv "$file.part" "$file"
    return 0
  fi
  rm -f "$file.part"
  case $status in
    204 | 404) return 1 ;;
    200) echo "fetch_records.sh: $2: the answer is no $kind (a web page, or cut short): $url" >&2 ;;
    *) echo "fetch_records.sh: $2: $status: $url" >&2 ;;
  esac
  return 2
}

one_request() {
  if [ $print_requests = yes ]; then
    echo "$1 -> $2"
    return 0
  fi
  fetch "$@"
}

[ $print_requests = yes ] || command -v curl >/dev/null || refuse "curl is not installed"
[ $print_requests = yes ] || mkdir -p "$out" || refuse "--out $out: cannot be made"

n_missing=0
while read -r network code rest || [ -n "$network" ]; do # the last line need not end
  case $network in '' | '#'*) continue ;; esac
  [[ $network$code =~ ^[A-Za-z0-9._-]+$ && -n $rest ]] || refuse "$stations: '$network $code': is no station"
  station_ok=yes
  n_records=0
  one_request "$service/station/1/query?net=$network&sta=$code&cha=$wanted&start=$start&end=$end&level=response&format=xml" \
    "$network.$code.xml" xml || station_ok=no
  for band in $bands; do
    for component in E N Z; do
      one_request "$service/dataselect/1/query?net=$network&sta=$code&loc=$location&cha=$band$component&start=$start&end=$end&nodata=404" \
        "$network.$code.${location#--}.$band$component.mseed" mseed && n_records=$((n_records + 1))
    done
  done
  [ $print_requests = yes ] && continue
  [ $station_ok = yes ] && [ $n_records -gt 0 ] || n_missing=$((n_missing + 1))
  echo "$network.$code: $n_records records, response $station_ok" >&2
done < <(tr -d '\r' <"$stations")

[ $n_missing -eq 0 ] || { echo "fetch_records.sh: $n_missing stations are incomplete; run the same command again to try once more" >&2; exit 1; }
