"""Runs the contenders of each workload in turns, A B C D A B C D, and prints how ours compares.

Usage: run.py FOLDER [--rounds N] [--seconds S] [--list] [--counts] [WORKLOAD...]   (FOLDER: where the programs are)

Medians over the rounds, and the medians of the ratios of each round. The servers run on the first core, their clients on
the second. One more run of each contender counts its system calls, which slows it, and so isn't timed.

--counts checks what doesn't wobble, and nothing else: the heap allocations and system calls of ours.
"""

import argparse
import contextlib
import json
import os
import pathlib
import platform
import shlex
import statistics
import subprocess
import sys
import tempfile
from datetime import date

from workloads import CPU, ITEM, MEDIAN, OURS, RATE, WORKLOADS, Echo, Micro

SERVER_CORE, CLIENT_CORE = "0", "1"


def program(folder, name, contender):
    return str(folder / f"{name}_{contender.split(',')[0]}")


def cores(workload, of_one_thread):
    return of_one_thread if workload.threads == 1 else f"{SERVER_CORE},{CLIENT_CORE}"


@contextlib.contextmanager
def served(command, cores, counts):
    """A server that runs meanwhile; gives its process and the port that it says."""
    environment = dict(os.environ, ASIO_URING_BENCH_COUNTS=counts)
    process = subprocess.Popen(
        ["taskset", "-c", cores, *command], stdout=subprocess.PIPE, text=True, env=environment)
    try:
        ready = process.stdout.readline().split()
        if not ready:
            sys.exit(f"run.py: {command[0]} does not start")
        yield process.pid, ready[1]
    finally:
        process.terminate()
        process.wait()


def echo(folder, workload, contender, seconds, count_calls):
    """One run: what the load generator tells."""
    with tempfile.TemporaryDirectory(dir="/dev/shm") as memory:
        counts = os.path.join(memory, "counts")
        with open(counts, "wb") as file:
            file.truncate(os.sysconf("SC_PAGESIZE"))
        path = os.path.join(memory, "socket")
        arguments = shlex.split(f"{workload.server} {workload.forms.get(contender, '')}") + ["--path", path]
        server = [program(folder, "echo", contender), *arguments]
        with served(server, cores(workload, SERVER_CORE), counts) as (process, port):
            load = [
                "taskset", "-c", cores(workload, CLIENT_CORE), str(folder / "load"), "--server", str(process), "--counts", counts,
                "--port", port, "--path", path, "--seconds", str(seconds), *shlex.split(workload.load)]
            if count_calls:
                load.append("--system-calls")
            run = json.loads(subprocess.run(load, check=True, stdout=subprocess.PIPE, text=True).stdout)
    idle = shlex.split(workload.load)
    run["idle"] = int(idle[idle.index("--idle") + 1]) if "--idle" in idle else 1
    return run


def micro(folder, workload, contender, seconds, _):
    """One run of a micro-benchmark: the time of an item."""
    command = [
        "taskset", "-c", cores(workload, SERVER_CORE), program(folder, "micro", contender), f"--benchmark_filter=^{workload.function}$",
        "--benchmark_format=json", f"--benchmark_min_time={seconds / 2}"]
    output = subprocess.run(command, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True).stdout
    result = json.loads(output)["benchmarks"][0]
    if result.get("error_occurred"):
        sys.exit(f"run.py: {workload.name}, {contender}: {result['error_message']}")
    return {"item_ns": 1e9 / result["items_per_second"]}


RUN = {Echo: echo, Micro: micro}


def measured(folder, workload, rounds, seconds, calls):
    """All runs of a workload: contender -> list of runs, and contender -> the run that counted."""
    run = RUN[type(workload)]
    contenders = [*workload.contenders, *workload.forms]
    runs = {contender: [] for contender in contenders}
    for _ in range(rounds):
        for contender in contenders:
            runs[contender].append(run(folder, workload, contender, seconds, False))
    counted = {}
    if isinstance(workload, Echo):
        counted = {c: run(folder, workload, c, min(seconds, 0.5), calls) for c in contenders}
    return runs, counted


def system_calls_can_be_counted():
    """The kernel counts them by a tracepoint, whose number is in the file system tracefs; only root may ask."""
    events = pathlib.Path("/sys/kernel/tracing/events")
    if os.geteuid() == 0 and not events.exists():
        subprocess.run(["mount", "-t", "tracefs", "tracefs", "/sys/kernel/tracing"], check=False)
    return os.geteuid() == 0 and events.exists()


def counts_of(folder, workload, contender, seconds, calls):
    """What a message takes, the least of some runs: where the machine lets clients wait, a server isn't busy."""
    tries = [echo(folder, workload, contender, seconds, calls) for _ in range(3)]
    return {what: min(run[what] / run["messages"] for run in tries) for what in workload.counts
            if tries[0][what] is not None}


def check_counts(folder, workloads, seconds, calls):
    """Whether ours keeps the bounds of each workload, in its every form."""
    good = True
    for workload in workloads:
        for contender in (OURS, *workload.forms):
            counted = counts_of(folder, workload, contender, seconds, calls)
            for what, bound in workload.counts.items():
                verdict = "not counted"
                if what in counted:
                    kept = counted[what] <= bound
                    good = good and kept
                    verdict = f"{'ok' if kept else 'FAILED'}: {counted[what]:.4f}"
                print(f"{workload.name}, {contender}: {what} a message: {verdict}, at most {bound}", flush=True)
    return good


def median(metric, runs):
    return statistics.median(metric.value(run) for run in runs)


def spread(metric, runs):
    """Half of the range between the quarters, as a part of the median."""
    values = [metric.value(run) for run in runs]
    low, _, high = statistics.quantiles(values, n=4, method="inclusive")
    return (high - low) / 2 / statistics.median(values)


def ratio(metric, runs, others):
    return statistics.median(metric.value(run) / metric.value(other) for run, other in zip(runs, others))


def verdict(target, value):
    met = value >= target.bound if target.metric.higher_is_better else value <= target.bound
    sign = ">=" if target.metric.higher_is_better else "<="
    return f"{sign} {target.bound:.2f} {'met' if met else 'MISSED'}"


def row(*cells):
    print("| " + " | ".join(str(cell) for cell in cells) + " |", flush=True)


def print_echo(runs, counted):
    row("contender", "us of CPU a message", "messages a second", "spread", "p50 us", "p99 us", "p99.9 us",
        "system calls a message", "allocations a message")
    row(*["---"] * 9)
    for contender, of_contender in runs.items():
        calls = counted[contender]
        row(contender, f"{median(CPU, of_contender):.2f}", f"{median(RATE, of_contender):.0f}",
            f"{spread(RATE, of_contender):.1%}", f"{median(MEDIAN, of_contender):.0f}",
            *(f"{statistics.median(run[key] for run in of_contender) / 1e3:.0f}" for key in ("p99_ns", "p999_ns")),
            *("" if calls[key] is None else f"{calls[key] / calls['messages']:.3f}"
              for key in ("system_calls", "allocations")))


def print_micro(runs):
    row("contender", "ns an item", "spread")
    row(*["---"] * 3)
    for contender, of_contender in runs.items():
        row(contender, f"{median(ITEM, of_contender):.1f}", f"{spread(ITEM, of_contender):.1%}")


def print_workload(workload, runs, counted):
    print(f"\n## {workload.name}\n")
    if counted:
        print_echo(runs, counted)
    else:
        print_micro(runs)
    print()
    row("of", "to", "metric", "ratio", "target")
    row(*["---"] * 5)
    for target in workload.targets:
        value = ratio(target.metric, runs[target.form], runs[target.contender])
        row(target.form, target.contender, target.metric.name, f"{value:.2f}", verdict(target, value))


def main():
    parser = argparse.ArgumentParser(description="Runs the contenders side by side.")
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=1)
    parser.add_argument("--list", action="store_true")
    parser.add_argument("--counts", action="store_true", help="check allocations and system calls")
    parser.add_argument("workloads", nargs="*", help="words of their names; all by default")
    arguments = parser.parse_intermixed_args()
    chosen = [w for w in WORKLOADS if not arguments.workloads or any(a in w.name for a in arguments.workloads)]
    if arguments.list:
        print("\n".join(w.name for w in chosen))
        return
    if not chosen:
        sys.exit("run.py: no such workload")

    calls = system_calls_can_be_counted()
    if arguments.counts:
        chosen = [w for w in chosen if w.counts]
        sys.exit(0 if check_counts(arguments.folder, chosen, arguments.seconds, calls) else "run.py: too many")

    print(f"{date.today()}, Linux {platform.release()}, {arguments.rounds} rounds of {arguments.seconds} s")
    results = {}
    for workload in chosen:
        runs, counted = measured(arguments.folder, workload, arguments.rounds, arguments.seconds, calls)
        print_workload(workload, runs, counted)
        results[workload.name] = {"runs": runs, "counted": counted}
    with open(arguments.folder / "results.json", "w", encoding="utf-8") as file:
        json.dump(results, file, indent=1)


if __name__ == "__main__":
    main()
