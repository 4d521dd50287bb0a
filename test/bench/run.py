"""Runs the contenders of each workload in turns, A B C D A B C D, and prints how ours compares.

Usage: run.py FOLDER [--rounds N] [--seconds S] [--list] [--counts] [WORKLOAD...]   (FOLDER: where the programs are)

Medians over the rounds, and the medians of the ratios of each round. The servers run on the first core, their clients on
the second; with two threads both have both. One more run of each contender counts its system calls, which slows it, and
so isn't timed.

--counts checks what doesn't wobble, and nothing else: the heap allocations and system calls of ours.
"""

import argparse
import json
import pathlib
import platform
import sys
from datetime import date

from counts import check_counts, system_calls_can_be_counted
from report import print_workload
from runs import measured, why_not
from workloads import WORKLOADS


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
        if reason := why_not(arguments.folder, workload):
            print(f"\n## {workload.name}\n\nNot measured: {reason}.")
            continue
        runs, counted = measured(arguments.folder, workload, arguments.rounds, arguments.seconds, calls)
        print_workload(workload, runs, counted)
        results[workload.name] = {"runs": runs, "counted": counted}
    with open(arguments.folder / "results.json", "w", encoding="utf-8") as file:
        json.dump(results, file, indent=1)


if __name__ == "__main__":
    main()
