#!/usr/bin/env python3
"""What the choices that the paper leaves open cost or gain: one training each, all with the same effort.

    choices.py                     trains, judges and tabulates every choice; may be interrupted and goes on where it was
    choices.py --only base,phase   some of them, by name
    choices.py --samples 200000    samples of each training, seen once (the default)
    choices.py --events 1000       unseen events of each set (the default)
    choices.py --output FOLDER     where the trainings lie, out/choices by default; two runs at a time need two folders
    choices.py --keep              then puts the rows into paper_repro/results/choices.tsv and into docs/paper_vs_code.md, in place
                                   of older ones of the same names; the others stay where samples and events are the same
    choices.py --check             only: is the table in docs/paper_vs_code.md the kept one? Exit status 1 where it is not

Every choice is data/ridgecrest/ridgecrest.toml with the keys of one row of CHOICES changed. The events are random double couples
that were not trained on, the same for all choices: once as the training makes them, once in an earth that the network was not
trained for (ridgecrest_local.txt), with noise, picking errors of 0.5 s (standard deviation) and two stations missing.
"""
import argparse
import json
import os
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
FMNET = os.environ.get("FMNET", str(ROOT / "build/release/bin/fmnet"))
CONFIG = ROOT / "data/ridgecrest/ridgecrest.toml"
OTHER_MODEL = ROOT / "data/ridgecrest/ridgecrest_local.txt"
KEPT = ROOT / "paper_repro/results/choices.tsv"
DOCUMENT = ROOT / "docs/paper_vs_code.md"
BEGIN, END = "<!-- choices: written by paper_repro/choices.py --keep -->", "<!-- end of choices -->"

# name, what it is, keys that are changed, the choice whose weights it uses
CHOICES = [
    ("base", "`ridgecrest`: by trace, displacement, E N Z by station, shift of the event, plain, one-way, canonical, bin", {}, None),
    ("decoding", "curves read between the bins", {"decoding": '"parabola"'}, "base"),
    ("sample", "values scaled by sample", {"normalization": '"sample"'}, None),
    ("velocity", "velocity", {"quantity": '"velocity"'}, None),
    ("shift", "shifts of -9..9 s of each station", {"max_event_shift_samples": "0", "max_station_shift_samples": "9"}, None),
    ("circular", "strike label joined at 0 / 360", {"strike_label": '"circular"'}, None),
    ("phase", "zero-phase filter", {"phase": '"zero_phase"'}, None),
    ("plane", "labels as drawn: 96 double couples with two names each", {"plane": '"as_drawn"'}, None),
    ("rows", "all E rows, then N, then Z", {"row_order": '"component_major"'}, None),
    ("station", "values scaled by station", {"normalization": '"station"'}, None),
]
COLUMNS = ["choice", "samples", "validation_loss", "events", "share", "share_low", "share_high", "median_kagan_deg",
           "other_earth_share", "other_earth_low", "other_earth_high", "other_earth_median_kagan_deg"]


def fmnet(*arguments):
    """Runs a step of fmnet; ends the program as it ended where it failed or was interrupted."""
    status = subprocess.run([FMNET, *map(str, arguments)]).returncode
    if status != 0:
        sys.exit(status)


def write_config(out, name, changes):
    """The configuration of a choice, with its files named from where they are."""
    text = CONFIG.read_text()
    text, n_files = re.subn(r'^file = "([^"]*)"', lambda m: f'file = "{CONFIG.parent / m[1]}"', text, flags=re.M)
    assert n_files == 2, f"{CONFIG} names {n_files} files, not 2"
    for key, value in changes.items():
        text, n = re.subn(rf"^{key} = \S+", f"{key} = {value}", text, flags=re.M)
        assert n == 1, f"{CONFIG} has {key} {n} times"
    path = out / f"{name}.toml"
    path.write_text(text)
    return path


def run(out, name, changes, weights_of, samples, events):
    """Trains (unless it borrows weights) and judges one choice in the folder `out`; its row of the table."""
    config, directory = write_config(out, name, changes), out / name
    greens, other_greens = out / "greens.bin", out / "greens_other.bin"
    fmnet("greens", "--config", config, "--output", greens)
    trained = out / (weights_of or name)
    if not weights_of:
        fmnet("train", "--config", config, "--greens", greens, "--output", directory, "--samples", samples, "--epochs", 1)
    judged = ["evaluate", "--config", config, "--weights", trained / "weights.safetensors", "--output", directory,
              "--on-grid", 0, "--off-grid", events]
    fmnet(*judged, "--greens", greens)
    fmnet("greens", "--config", config, "--velocity-model", OTHER_MODEL, "--margin", 9, "--output", other_greens)
    fmnet(*judged, "--greens", other_greens, "--velocity-model", OTHER_MODEL, "--set", "other_earth", "--picking-error", 0.5,
          "--drop", 2)
    sets = json.loads((directory / "metrics.json").read_text())["evaluation"]
    loss = json.loads((trained / "metrics.json").read_text())["training"]["last_validation_loss"]
    plain, other = sets["off_grid"], sets["other_earth_off_grid"]
    shares = [[s["share_good"], s["share_low"], s["share_high"], s["median_kagan_deg"]] for s in (plain, other)]
    return [name, samples, f"{loss:.5f}", plain["n"], *(f"{x:.4f}" for x in shares[0] + shares[1])]


def table_text(rows):
    return "\n".join("\t".join(map(str, row)) for row in [COLUMNS, *rows]) + "\n"


def merged(rows, kept):
    """The rows and those of the kept table that they do not replace, in the order of CHOICES."""
    by_name = {row[0]: row for row in [*(line.split("\t") for line in kept.strip().split("\n")[1:]), *rows]}
    if len({(str(row[1]), str(row[3])) for row in by_name.values()}) > 1:
        sys.exit(f"{KEPT.relative_to(ROOT)}: holds rows of other numbers of samples or events, which these do not replace")
    return [by_name[name] for name, *_ in CHOICES if name in by_name]


def markdown(table):
    """The table as it stands in the document."""
    lines = table.strip().split("\n")
    rows = [dict(zip(lines[0].split("\t"), line.split("\t"))) for line in lines[1:]]
    texts = {name: text for name, text, *_ in CHOICES}

    def share(row, prefix, low, high):
        return f"{100 * float(row[prefix]):.1f} % ({100 * float(row[low]):.1f}-{100 * float(row[high]):.1f})"

    out = [BEGIN, "", f"{int(rows[0]['samples']):,} samples seen once, {int(rows[0]['events']):,} unseen events; share with a Kagan angle of 20 degrees "
           "and less, its 95 % interval, and the median angle in degrees.", "",
           "| what differs | validation loss | training's earth | median | other earth, picking errors, 2 stations missing | median |",
           "| --- | --- | --- | --- | --- | --- |"]
    for row in rows:
        out.append(" | ".join([f"| {texts[row['choice']]}", f"{float(row['validation_loss']):.4f}",
                               share(row, "share", "share_low", "share_high"), f"{float(row['median_kagan_deg']):.1f}",
                               share(row, "other_earth_share", "other_earth_low", "other_earth_high"),
                               f"{float(row['other_earth_median_kagan_deg']):.1f} |"]))
    return "\n".join([*out, "", END])


def section(text):
    begin, end = text.find(BEGIN), text.find(END)
    assert 0 <= begin < end, f"{DOCUMENT} has no place for the table"
    return begin, end + len(END)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default=",".join(name for name, *_ in CHOICES))
    parser.add_argument("--samples", type=int, default=200000)
    parser.add_argument("--events", type=int, default=1000)
    parser.add_argument("--output", type=pathlib.Path, default=ROOT / "out/choices")
    parser.add_argument("--keep", action="store_true")
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    document = DOCUMENT.read_text()
    begin, end = section(document)
    if options.check:
        if document[begin:end] != markdown(KEPT.read_text()):
            sys.exit(f"{DOCUMENT.relative_to(ROOT)}: the table of choices is not that of {KEPT.relative_to(ROOT)}")
        return
    wanted = options.only.split(",")
    unknown = set(wanted) - {name for name, *_ in CHOICES}
    if unknown:
        parser.error(f"--only: no such choice: {', '.join(sorted(unknown))}")
    options.output.mkdir(parents=True, exist_ok=True)
    rows = []
    for name, text, changes, weights_of in CHOICES:
        if name not in wanted:
            continue
        print(f"== {name}: {text}", flush=True)
        rows.append(run(options.output, name, changes, weights_of, options.samples, options.events))
        (options.output / "choices.tsv").write_text(table_text(rows))
    if options.keep:
        KEPT.write_text(table_text(merged(rows, KEPT.read_text())))
        DOCUMENT.write_text(document[:begin] + markdown(KEPT.read_text()) + document[end:])


if __name__ == "__main__":
    try:
        main()
    except (OSError, ValueError, KeyError, AssertionError) as error:
        print(f"choices.py: {error}", file=sys.stderr)
        sys.exit(2)
