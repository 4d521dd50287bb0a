"""What is measured: each workload, the contenders, and what is asked of ours."""

from dataclasses import dataclass, field, replace

OURS, EPOLL, ASIO_URING, LIBURING, NGINX, PREAD = "ours", "epoll", "asio_uring", "liburing", "nginx", "pread"
ASIO = (OURS, EPOLL, ASIO_URING)
ALL = ASIO + (LIBURING,)


@dataclass(frozen=True)
class Metric:
    """A figure of a run: how it comes out of what was counted, and which direction is better."""

    name: str
    unit: str
    value: callable
    higher_is_better: bool = False


def cpu(operation):
    return Metric(f"CPU a {operation}", "us", lambda run: run["cpu_ns"] / run["operations"] / 1e3)


def rate(operation):
    return Metric(f"{operation}s a second", "/s", lambda run: run["operations"] / run["seconds"], True)


CPU, RATE = cpu("message"), rate("message")
REQUESTS, READS = rate("request"), rate("read")
BUSY = Metric("busy", "", lambda run: run["cpu_ns"] / run["seconds"] / 1e9)
MEDIAN = Metric("p50", "us", lambda run: run["p50_ns"] / 1e3)
RESIDENT = Metric("memory an idle connection", "B", lambda run: run["resident"] / run["idle"])
ITEM = Metric("time an item", "ns", lambda run: run["item_ns"])
ITEM_RATE = Metric("items a second", "/s", lambda run: 1e9 / run["item_ns"], True)


@dataclass(frozen=True)
class Target:
    """The ratio to a contender that is asked for, of ours or of another form of it; None: it is only shown.

    Without a contender it is the value itself.
    """

    metric: Metric
    contender: str | None
    bound: float | None = None
    form: str = OURS


class Workload:
    """What all kinds of workloads have."""

    @property
    def metric(self):
        """The main one, by which ours is compared with every contender."""
        return self.targets[0].metric


@dataclass(frozen=True)
class Echo(Workload):
    """An echo server of each contender, pinned to one core, and clients on another.

    A server of two threads shares both cores with the clients.
    """

    name: str
    server: str = ""
    load: str = ""
    threads: int = 1
    contenders: tuple = ALL
    targets: tuple = ()
    # The most that ours may need a message, of what doesn't wobble.
    counts: dict = field(default_factory=dict)
    # A contender's name for another form of ours: arguments that take the place of `server`.
    forms: dict = field(default_factory=dict)
    operation = "message"


@dataclass(frozen=True)
class Http(Workload):
    """The HTTP server of the examples on each context that is Asio's or ours, and nginx; a small file is fetched.

    wrk does that, or, where it would be the limit itself, our load generator, which doesn't parse what it gets.
    """

    name: str
    connections: int
    targets: tuple
    by_wrk: bool = True
    contenders: tuple = ASIO + (NGINX,)
    # A contender's name for another form of ours: the program that takes the place of `http`.
    forms: dict = field(default_factory=dict)
    threads = 1
    counts = ()
    operation = "request"


@dataclass(frozen=True)
class Files(Workload):
    """Reads of 4 KiB at random places of a file, on one core; Asio on epoll has no files."""

    name: str
    arguments: str
    targets: tuple
    contenders: tuple = (OURS, ASIO_URING, LIBURING, PREAD)
    # A contender's name for another form of it: arguments beside those of the workload.
    forms: dict = field(default_factory=dict)
    counts = ()
    operation = "read"

    @property
    def direct(self):
        return "--direct" in self.arguments


@dataclass(frozen=True)
class Micro(Workload):
    """A micro-benchmark of each contender that is an Asio program. With two threads it has both cores."""

    name: str
    function: str
    targets: tuple
    threads: int = 1
    contenders: tuple = ASIO
    # A contender's name for another form of ours: its environment.
    forms: dict = field(default_factory=dict)
    counts = ()


@dataclass(frozen=True)
class Instructions:
    """What an item of a micro-benchmark may take in instructions, as a part of what it takes on epoll."""

    name: str
    function: str
    bound: float
    items: int  # of an iteration
    iterations: tuple  # few and many


def also_by_default(workload):
    """A workload of one thread with another form of ours, whose context isn't told that there is one."""
    forms = {**workload.forms, DEFAULT_HINT: DEFAULT_HINT_OF[type(workload)]}
    metric = workload.metric
    target = Target(metric, OURS, 0.95 if metric.higher_is_better else 1.05, DEFAULT_HINT)
    return replace(workload, forms=forms, targets=(*workload.targets, target))


def tcp(connections, *targets, **more):
    return Echo(f"tcp echo, {connections} connections", load=f"--connections {connections}", targets=targets, **more)


def local(connections, *targets, **more):
    return Echo(
        f"unix echo, {connections} connections", "--protocol unix", f"--protocol unix --connections {connections}",
        targets=targets, **more)


def http(connections, by_wrk=True):
    targets = (Target(REQUESTS, EPOLL, 1.15), Target(REQUESTS, NGINX), Target(cpu("request"), EPOLL))
    name = f"http server, {connections} connections{'' if by_wrk else ', light client'}"
    return Http(name, connections, targets, by_wrk)


# One pread() at a time is the least that a read can cost, so that nothing is asked of ours there.
def file_reads(cache, arguments, depth):
    targets = (
        Target(READS, ASIO_URING, 1.5), Target(READS, LIBURING, 0.95), Target(READS, PREAD, 1.5 if depth > 1 else None))
    if depth == 1:
        return Files(f"file reads, {cache}, 1 at a time", arguments, targets)
    registered = Target(READS, "liburing, registered buffers", 0.95, "ours, registered buffers")
    return Files(f"file reads, {cache}, {depth} at a time", f"{arguments} --depth {depth}", (*targets, registered),
                 forms={registered.form: "--registered", registered.contender: "--registered"})


def micro(name, function, bound):
    return Micro(name, function, (Target(ITEM, EPOLL, bound),))


def of_two_threads(name, function, bound, metric=ITEM):
    return Micro(name, f"{function}/real_time", (Target(metric, EPOLL, bound),), threads=2)


def loop_timers(name, timers, bound=None):
    return Micro(name, f"arm_and_fire_loop_timers/{timers}/iterations:1", (Target(ITEM, None, bound),), contenders=(OURS,))


CHEAP = (Target(CPU, EPOLL, 0.95), Target(CPU, LIBURING, 1.03))
DEFAULT_HINT = "ours, default hint"
DEFAULT_HINT_OF = {
    Echo: "--hint -1", Http: "http_default_hint", Files: "--hint -1", Micro: "ASIO_URING_BENCH_HINT=-1"}
FORMS = {
    "ours, any_io_executor": "--form any",
    "ours, coroutines": "--form coroutine",
}

SPIN = "ours, spin"
ZERO_COPY = "liburing, SEND_ZC"

STEADY = {"allocations": 0, "system_calls": 0.1}

OF_ONE_THREAD = [
    tcp(1, Target(MEDIAN, EPOLL, 1.0), Target(MEDIAN, EPOLL, 0.4, SPIN), forms={SPIN: "--spin 1000"}),
    tcp(64, *CHEAP, *(Target(CPU, OURS, 1.05, form) for form in FORMS), forms=FORMS, counts=STEADY),
    tcp(1000, *CHEAP),
    tcp(10000, *CHEAP),
    local(64, Target(RATE, LIBURING, 0.97), Target(RATE, EPOLL, 1.1), counts=STEADY),
    local(1000, Target(RATE, LIBURING, 0.97), Target(RATE, EPOLL, 1.1)),
    Echo("pipelined, 16 messages on each of 64 connections", load="--in-flight 16", targets=(Target(RATE, EPOLL, 1.3),),
         counts=STEADY),
    Echo("1 MiB messages, both ways", "--buffer 1048576 --whole-messages", "--connections 8 --size 1048576",
         targets=(Target(RATE, EPOLL, 1.1), Target(RATE, LIBURING, form=ZERO_COPY)), forms={ZERO_COPY: "--zero-copy"}),
    Echo("accept, one request, close", "--one-message", "--connect-for-each", targets=(Target(RATE, EPOLL, 1.2),)),
    Echo("udp echo", "--protocol udp", "--protocol udp", targets=(Target(RATE, EPOLL, 1.2),)),
    Echo("100 busy and 10000 idle connections", "--buffer 64", "--connections 100 --idle 10000",
         targets=(Target(CPU, EPOLL, 0.85), Target(RESIDENT, EPOLL, 1.0)), counts=STEADY),
    http(64),
    http(1000),
    http(64, by_wrk=False),
    http(1000, by_wrk=False),
    file_reads("page cache", "", 1),
    file_reads("page cache", "", 128),
    file_reads("O_DIRECT", "--direct", 1),
    file_reads("O_DIRECT", "--direct", 16),
    file_reads("O_DIRECT", "--direct", 128),
    micro("post chain", "post_chain", 0.7),
    micro("post burst", "post_burst", 0.5),
    micro("dispatch", "dispatch_inside", 1.0),
    micro("co_await post", "co_await_post", 0.7),
    micro("post chain beside a timer", "post_chain_beside_a_timer", 0.7),
    micro("co_await post beside a timer", "co_await_post_beside_a_timer", 0.7),
    micro("start, a context", "make_a_context", 1.5),
    micro("start, first handler", "first_handler", 1.5),
    micro("start, first byte", "first_byte", 1.5),
    micro("timers, arm at 1 million", "arm_timers/1000000", 0.4),
    micro("timers, fire at 1 million", "fire_timers/1000000/iterations:3", 0.4),
    micro("timers, cancel at 1 million", "cancel_timers/1000000", 0.3),
    micro("timers, re-arm of idle timers", "rearm_an_idle_timer", 0.2),
    micro("timers, already due", "wait_for_what_is_due", 0.02),
]

WORKLOADS = [
    *map(also_by_default, OF_ONE_THREAD),
    loop_timers("loop timers, 1 million armed and fired", 1_000_000),
    loop_timers("loop timers, 10 million armed and fired", 10_000_000, 300),
    Echo("tcp echo, 2 threads", "--threads 2 --hint 2", threads=2, contenders=ASIO, targets=(Target(RATE, EPOLL, 1.2),)),
    of_two_threads("post from another thread, burst", "post_burst_from_another_thread", 0.25),
    of_two_threads("post from another thread, ping-pong hop", "hop_between_threads", 0.6),
    of_two_threads("posts of 2 threads", "posts_of_two_threads", 1.5, ITEM_RATE),
    of_two_threads("strands of 2 threads", "strands_of_two_threads", 1.2, ITEM_RATE),
]

# The bounds are what ours takes and a little more, so that an increase is seen. Time is another matter: without locks
# and system calls the same number of instructions takes less of it.
# Arming is counted with cancelling and firing with arming, since callgrind doesn't stop where the clock does.
INSTRUCTIONS = [
    Instructions("post chain", "post_chain", 0.90, 1000, (10, 110)),
    Instructions("post burst", "post_burst", 0.45, 1000, (10, 110)),
    Instructions("dispatch", "dispatch_inside", 0.95, 1000, (10, 110)),
    Instructions("co_await post", "co_await_post", 1.10, 1000, (10, 110)),
    Instructions("timers, arm and cancel 10000", "arm_timers/10000", 1.08, 10000, (3, 5)),
    Instructions("timers, arm and fire 10000", "fire_timers/10000", 1.10, 10000, (3, 5)),
    Instructions("timers, re-arm of idle timers", "rearm_an_idle_timer", 0.80, 64, (1000, 11000)),
    Instructions("timers, already due", "wait_for_what_is_due", 1.85, 1, (1000, 11000)),
]
