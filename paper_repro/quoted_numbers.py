#!/usr/bin/env python3
"""Are the results that the texts quote those that the commands gave?

A result in README.md, docs/*.md or paper_repro/README.md is written behind a mark that names where it comes from:

    <!--= quick /evaluation/on_grid/share_good percent -->24 %

that is: preset, place in the metrics.json of a run of that preset, and how it is written. Kept runs are paper_repro/results/PRESET.json.
Places that begin with /log are in the kept log of a training, paper_repro/training/PRESET/training_log.tsv: /log/EPOCH/COLUMN is what
stands there after that epoch, /log/EPOCH/lowest_COLUMN and highest_COLUMN the extremes from it to the end.

    quoted_numbers.py                    every quoted number is the kept one, and README.md quotes no percentage without a mark
    quoted_numbers.py --produced FILE    also: every quoted place is in FILE, the metrics.json of a run of any size, and every quoted
                                         column in the log beside it, so that a command produces it (places of /prediction only
                                         where the run had records)
    quoted_numbers.py --write            puts the kept numbers into the texts
    quoted_numbers.py --keep PRESET      copies out/PRESET/metrics.json, and out/PRESET/whole_grid/metrics.json where it is, to
                                         paper_repro/results/PRESET.json and PRESET_whole_grid.json, then as --write

A search of the whole grid must be of the weights of its preset's kept run: the network's own answers to the searched events agree.

Exit status 0, or 1 with one line for each number that is wrong.
"""
import json
import pathlib
import re
import shutil
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
MARK = re.compile(r"<!--= (\S+) (\S+) (\S+) -->([0-9]+(?:[.,][0-9]+)*(?: %)?)")
FORMATS = {
    "percent": lambda x: f"{100 * x:.0f} %",
    "percent1": lambda x: f"{100 * x:.1f} %",
    "whole": lambda x: f"{x:,.0f}",
    "one": lambda x: f"{x:.1f}",
    "two": lambda x: f"{x:.2f}",
    "three": lambda x: f"{x:.3f}",
    "four": lambda x: f"{x:.4f}",
    "megabytes": lambda x: f"{x / 1e6:.1f}",
}


def value_at(metrics, pointer):
    """The number at a JSON pointer, or None."""
    for key in pointer.strip("/").split("/"):
        if isinstance(metrics, list):
            metrics = metrics[int(key)] if key.isdigit() and int(key) < len(metrics) else None
        elif isinstance(metrics, dict):
            metrics = metrics.get(key)
        else:
            return None
    return metrics if isinstance(metrics, (int, float)) else None


def texts():
    return [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")), ROOT / "paper_repro" / "README.md"]


def kept_path(preset):
    return ROOT / "paper_repro" / "results" / f"{preset}.json"


def kept(preset):
    path = kept_path(preset)
    return json.loads(path.read_text()) if path.is_file() else {}


def epochs_of(log_path):
    """What a training's log tells at the end of each epoch, by its number."""
    rows = [line.split("\t") for line in log_path.read_text().splitlines()] if log_path.is_file() else []
    ends = [dict(zip(rows[0], row)) for row in rows[1:] if "-" not in row and len(row) == len(rows[0])]
    columns = [name for name in rows[0] if name != "epoch"] if rows else []
    epochs = {}
    for i, end in enumerate(ends):
        epochs[end["epoch"]] = {name: float(end[name]) for name in columns}
        for name in columns:
            values = [float(later[name]) for later in ends[i:]]
            epochs[end["epoch"]] |= {"lowest_" + name: min(values), "highest_" + name: max(values)}
    return epochs


def kept_log(preset):
    return ROOT / "paper_repro" / "training" / preset / "training_log.tsv"


def is_produced(metrics, log_path, pointer):
    """Whether a run of any size gave a number for this place; a short run's first epoch stands for those that it did not reach."""
    if pointer.startswith("/log/"):
        return value_at(epochs_of(log_path), "/1/" + pointer.split("/")[-1]) is not None
    has_records = "prediction" in metrics or not pointer.startswith("/prediction")
    return not has_records or value_at(metrics, pointer) is not None


def expected_text(preset, pointer, form):
    """How the number should read, or a complaint."""
    if form not in FORMATS:
        return None, f"{form} is not one of {', '.join(FORMATS)}"
    is_log = pointer.startswith("/log/")
    source = kept_log(preset) if is_log else kept_path(preset)
    value = value_at(epochs_of(source), pointer.removeprefix("/log")) if is_log else value_at(kept(preset), pointer)
    if value is None:
        return None, f"{source.relative_to(ROOT)} has no number at {pointer}"
    return FORMATS[form](value), ""


def without_marks(line):
    return MARK.sub("", line)


def of_other_weights():
    """The kept searches of a whole grid whose network answers otherwise than that of the kept run of their preset."""
    complaints = []
    pointer = "/search_agreement/network_to_truth/share_good"
    for path in sorted((ROOT / "paper_repro" / "results").glob("*_whole_grid.json")):
        preset = path.name.removesuffix("_whole_grid.json")
        if value_at(kept(preset), pointer) != value_at(kept(preset + "_whole_grid"), pointer):
            complaints.append(f"paper_repro/results/{path.name}: {pointer} is not that of {preset}.json: made with other weights")
    return complaints


def check(write, produced):
    complaints = of_other_weights()
    for path in texts():
        lines = path.read_text().split("\n")
        for i, line in enumerate(lines):
            where = f"{path.relative_to(ROOT)}:{i + 1}"
            for preset, pointer, form, found in MARK.findall(line):
                wanted, complaint = expected_text(preset, pointer, form)
                if complaint:
                    complaints.append(f"{where}: {complaint}")
                elif found != wanted and write:
                    mark = f"<!--= {preset} {pointer} {form} -->"
                    lines[i] = lines[i].replace(mark + found, mark + wanted)
                elif found != wanted:
                    complaints.append(f"{where}: {found} at {preset} {pointer}: the kept run gave {wanted}")
                if produced is not None and not is_produced(*produced, pointer):
                    complaints.append(f"{where}: no command produced {pointer}")
            if path.name == "README.md" and re.search(r"[0-9] ?%", without_marks(line)):
                complaints.append(f"{where}: a percentage without a mark that says where it comes from")
        if write:
            path.write_text("\n".join(lines))
    return complaints


def main(arguments):
    if len(arguments) == 2 and arguments[0] == "--keep":
        folder = ROOT / "out" / arguments[1]
        shutil.copyfile(folder / "metrics.json", kept_path(arguments[1]))
        if (folder / "whole_grid" / "metrics.json").is_file():
            shutil.copyfile(folder / "whole_grid" / "metrics.json", kept_path(arguments[1] + "_whole_grid"))
        arguments = ["--write"]
    produced = None
    if len(arguments) == 2 and arguments[0] == "--produced":
        path = pathlib.Path(arguments[1])
        produced = json.loads(path.read_text()), path.parent / "training_log.tsv"
    elif arguments not in ([], ["--write"]):
        print(__doc__, file=sys.stderr)
        return 2
    complaints = check(arguments == ["--write"], produced)
    for complaint in complaints:
        print(complaint, file=sys.stderr)
    return 1 if complaints else 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except (OSError, ValueError) as error:
        print(f"quoted_numbers.py: {error}", file=sys.stderr)
        sys.exit(2)
