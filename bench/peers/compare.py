#!/usr/bin/env python3
"""Lets the workers of this folder take turns and prints the medians: bench/peers/README.md."""
import argparse
import os
import platform
import statistics
import subprocess
import sys

TASKS = ["train16", "predict1", "predict64"]
# Every worker gets pages of 2 MB, which all gain from.
LARGE_PAGES = {"GLIBC_TUNABLES": "glibc.malloc.hugetlb=1"}
TORCH_ALLOCATOR = {"MALLOC_MMAP_MAX_": "0", "MALLOC_TRIM_THRESHOLD_": "68719476736", "MALLOC_TOP_PAD_": "268435456"}


class Worker:
    def __init__(self, name, command, threads, tasks, environment=None):
        self.name, self.tasks = name, tasks
        settings = dict(os.environ, OMP_NUM_THREADS=str(threads), **LARGE_PAGES, **(environment or {}))
        self.process = subprocess.Popen(command + [str(threads)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                                        env=settings)
        self.version = self.process.stdout.readline().strip()

    def run(self, task, seconds):
        """Wall and processor seconds of one repetition."""
        self.process.stdin.write("%s %g\n" % (task, seconds))
        self.process.stdin.flush()
        n, wall, cpu = self.process.stdout.readline().split()
        return float(wall) / int(n), float(cpu) / int(n)

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def measure(workers, rounds, seconds):
    for worker in workers:
        for task in worker.tasks:
            worker.run(task, 0.2 * seconds)
    times = {}
    for _ in range(rounds):
        for task in TASKS:
            for worker in workers:
                if task in worker.tasks:
                    times.setdefault((task, worker.name), []).append(worker.run(task, seconds))
    return {key: [statistics.median(column) for column in zip(*values)] for key, values in times.items()}


def table(threads, workers, medians):
    lines = []
    for task in TASKS:
        ours = medians[task, "fmnet"]
        for worker in workers:
            if task not in worker.tasks:
                continue
            wall, cpu = medians[task, worker.name]
            lines.append("| %d | %s | %s | %.3f | %.3f | %.2f | %.2f |" % (
                threads, task, worker.name, 1e3 * wall, 1e3 * cpu / threads, wall / ours[0], cpu / ours[1]))
    return lines


def main():
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("--worker", default="build/release/bin/peer_worker")
    p.add_argument("--peers", default="build/peers", help="where onnxruntime-node is installed")
    p.add_argument("--rounds", type=int, default=5)
    p.add_argument("--seconds", type=float, default=1.0)
    p.add_argument("--threads", type=int, nargs="*", default=[1, 2])
    a = p.parse_args()

    here = os.path.dirname(os.path.abspath(__file__))
    model = os.path.join(a.peers, "fmnet.onnx")
    torch = ["/usr/bin/python3", "-W", "ignore", os.path.join(here, "torch_worker.py")]
    subprocess.run(torch + ["--export", model], check=True)
    lines = []
    for threads in a.threads:
        workers = [
            Worker("fmnet", [a.worker], threads, TASKS),
            Worker("PyTorch", torch, threads, TASKS, TORCH_ALLOCATOR),
            Worker("ONNX Runtime", ["node", os.path.join(here, "onnx_worker.js"), model, a.peers], threads, TASKS[1:]),
        ]
        lines += table(threads, workers, measure(workers, a.rounds, a.seconds))
        versions = ["%s %s" % (worker.name, worker.version) for worker in workers]
        for worker in workers:
            worker.close()

    cpu = next(line.split(":")[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name"))
    text = "%s, %d processors, Linux %s; %s; load %.1f at the end\n\n" % (
        cpu, os.cpu_count(), platform.release(), ", ".join(versions), os.getloadavg()[0])
    text += "| threads | task | who | ms | CPU ms a thread | times ours | times ours (CPU) |\n"
    text += "| --- | --- | --- | --- | --- | --- | --- |\n" + "\n".join(lines) + "\n"
    print(text)
    with open(os.path.join(a.peers, "table.md"), "w") as f:
        f.write(text)


if __name__ == "__main__":
    try:
        main()
    except (OSError, ValueError, subprocess.CalledProcessError) as error:
        print(f"compare.py: {error}", file=sys.stderr)
        sys.exit(2)
