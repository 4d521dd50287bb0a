"""Medians, ratios and tables of what was measured."""

import statistics

from workloads import ALL, BUSY, DEFAULT_HINT, EPOLL, ITEM, LIBURING, OURS, cpu, rate


def median(metric, runs):
    return statistics.median(metric.value(run) for run in runs)


def spread(metric, runs):
    """Half of the range between the quarters, as a part of the median."""
    values = [metric.value(run) for run in runs]
    low, _, high = statistics.quantiles(values, n=4, method="inclusive")
    return (high - low) / 2 / statistics.median(values)


def ratio(metric, runs, others):
    return statistics.median(metric.value(run) / metric.value(other) for run, other in zip(runs, others))


def value_of(target, runs):
    if target.contender is None:
        return median(target.metric, runs[target.form])
    return ratio(target.metric, runs[target.form], runs[target.contender])


def better(metric, runs, others):
    """The ratio, the other way round where less is better."""
    value = ratio(metric, runs, others)
    return value if metric.higher_is_better else 1 / value


def asked(target):
    return f"{'>=' if target.metric.higher_is_better else '<='} {figure(target.bound)}"


def is_met(target, value):
    return value >= target.bound if target.metric.higher_is_better else value <= target.bound


def row(*cells):
    print("| " + " | ".join(str(cell) for cell in cells) + " |", flush=True)


def verdict(target, runs):
    """What was asked for and whether it was met; nothing where nothing was."""
    if target.bound is None:
        return ""
    return f"{asked(target)} {'met' if is_met(target, value_of(target, runs)) else 'MISSED'}"


def figure(value):
    """A number with three digits that count, at least."""
    digits = 0 if value >= 100 else 1 if value >= 10 else 2
    return f"{value:,.{digits}f}"


def factor(value):
    """A ratio; a small one with three digits, too."""
    return f"{value:.2f}" if value >= 0.1 else f"{value:.3f}"


def print_operations(operation, runs, counted):
    of_cpu, of_rate = cpu(operation), rate(operation)
    counts = {"system_calls": f"system calls a {operation}", "allocations": f"allocations a {operation}"}
    # A server that isn't busy waits for its clients, so that its rate is theirs.
    columns = [f"us of CPU a {operation}", "busy", of_rate.name, "spread", "p50 us", "p99 us", "p99.9 us"]
    columns += counts.values() if counted else []
    row("contender", *columns)
    row(*["---"] * (1 + len(columns)))
    for contender, of_contender in runs.items():
        cells = [f"{median(of_cpu, of_contender):.2f}", f"{median(BUSY, of_contender):.0%}",
                 f"{median(of_rate, of_contender):.0f}", f"{spread(of_rate, of_contender):.1%}"]
        cells += [f"{statistics.median(run[key] for run in of_contender) / 1e3:.1f}"
                  for key in ("p50_ns", "p99_ns", "p999_ns")]
        if counted:
            run = counted[contender]
            cells += ["" if run[key] is None else f"{run[key] / run['operations']:.3f}" for key in counts]
        row(contender, *cells)


def print_items(runs):
    row("contender", "ns an item", "spread")
    row(*["---"] * 3)
    for contender, of_contender in runs.items():
        row(contender, f"{median(ITEM, of_contender):.1f}", f"{spread(ITEM, of_contender):.1%}")


def print_workload(workload, runs, counted):
    print(f"\n## {workload.name}\n")
    if hasattr(workload, "operation"):
        print_operations(workload.operation, runs, counted)
    else:
        print_items(runs)
    print()
    row("of", "to", "metric", "ratio", "target")
    row(*["---"] * 5)
    for target in workload.targets:
        row(target.form, target.contender or "", target.metric.name, factor(value_of(target, runs)), verdict(target, runs))


def print_summary(workloads, results):
    """A row for each workload, with medians by its main metric and what ours is to the others; then what was missed."""
    print("\n## Summary\n")
    row("workload", "metric", *ALL, "others", "ours to epoll", "ours to liburing", "default hint to 1")
    row("---", "---", *["---:"] * len(ALL), "---", "---:", "---:", "---:")
    for workload in workloads:
        runs = results[workload.name]["runs"]
        metric = workload.metric

        def median_of(contender):
            return figure(median(metric, runs[contender])) if contender in runs else ""

        def ratio_to(contender, form=OURS):
            return factor(ratio(metric, runs[form], runs[contender])) if {contender, form} <= runs.keys() else ""

        columns = (*ALL, DEFAULT_HINT)
        others = ", ".join(f"{c} {median_of(c)}" for c in (*workload.contenders, *workload.forms) if c not in columns)
        row(workload.name, named(metric), *map(median_of, ALL), others, ratio_to(EPOLL), ratio_to(LIBURING),
            ratio_to(OURS, DEFAULT_HINT))

    print("\n## Targets\n")
    row("workload", "missed", "met")
    row("---", "---", "---")
    for workload in workloads:
        runs = results[workload.name]["runs"]
        sides = {"MISSED": [], "met": []}
        for target in workload.targets:
            if target.bound is not None:
                value = value_of(target, runs)
                side = "met" if is_met(target, value) else "MISSED"
                sides[side].append(f"{compared(target, workload.metric)} {factor(value)} ({asked(target)})")
        row(workload.name, *map("; ".join, sides.values()))


def named(metric):
    return metric.name if metric.unit == "/s" else f"{metric.name}, {metric.unit}"


def compared(target, metric):
    """What a target compares, in the row of a workload with this main metric."""
    of = "" if target.form == OURS else f"{target.form} to "
    what = "" if target.metric is metric else f", {target.metric.name}"
    return f"{of}{target.contender or 'itself'}{what}"
