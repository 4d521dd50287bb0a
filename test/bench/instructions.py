"""Counts the instructions that a handler or a timer takes in user mode, and checks those of ours.

callgrind counts them. What an iteration takes is the difference of two runs, of few iterations and of many, so that
nothing is left of the start. System calls count with the instructions around them, not with those of the kernel.
"""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

from report import row
from runs import PATIENCE, program
from workloads import ASIO, EPOLL, OURS


def instructions_of_run(folder, workload, contender, iterations):
    run = subprocess.run(
        ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", program(folder, "micro", contender),
         f"--benchmark_filter=^{workload.function}(/iterations:.*)?$"],
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
        env=os.environ | {"ASIO_URING_BENCH_ITERATIONS": str(iterations)}, check=False,
        timeout=PATIENCE)
    collected = [line.split()[-1] for line in run.stderr.splitlines() if "Collected :" in line]
    if run.returncode != 0 or not collected:
        sys.exit(f"run.py: {workload.name}, {contender}: {run.stderr}")
    return int(collected[0])


def instructions_of_item(folder, workload, contender):
    few, many = (instructions_of_run(folder, workload, contender, n) for n in workload.iterations)
    return (many - few) / (workload.iterations[1] - workload.iterations[0]) / workload.items


def check_instructions(folder, workloads):
    """Prints a table; returns whether ours keeps the bound of each workload."""
    if not workloads:
        return True
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        counts = {w: {c: pool.submit(instructions_of_item, folder, w, c) for c in ASIO} for w in workloads}
    row("instructions an item", *ASIO, "ours to epoll", "at most", "")
    row(*["---"] * 7)
    good = True
    for workload, counted in counts.items():
        ratio = counted[OURS].result() / counted[EPOLL].result()
        kept = ratio <= workload.bound
        good = good and kept
        row(workload.name, *(f"{counted[c].result():.1f}" for c in ASIO), f"{ratio:.3f}", f"{workload.bound:.2f}",
            "ok" if kept else "FAILED")
    return good
