"""How a contender runs a workload once: what it needs around it, and what it tells."""

import contextlib
import functools
import json
import math
import os
import pathlib
import shlex
import socket
import struct
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request

from workloads import NGINX, Echo, Files, Http, Micro

SERVER_CORE, CLIENT_CORE = "0", "1"
BLOCKS, BLOCK_SIZE = 65536, 4096
PATIENCE = 120  # seconds, for a program that should have ended long before
HERE = pathlib.Path(__file__).parent
PAGE = HERE.parent.parent / "example" / "site" / "index.html"

# Where io_uring can't be had, ours must not run on anything else.
os.environ["ASIO_URING_BACKEND"] = "uring"


def program(folder, name, contender):
    return str(folder / f"{name}_{contender.split(',')[0]}")


def output_of(core, command):
    run = subprocess.run(
        ["taskset", "-c", core, *command], check=True, stdout=subprocess.PIPE, text=True, timeout=PATIENCE)
    return json.loads(run.stdout)


def cores(workload, of_one_thread):
    return of_one_thread if workload.threads == 1 else f"{SERVER_CORE},{CLIENT_CORE}"


def end(process):
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        what = f"run.py: {' '.join(map(str, process.args))} does not end on SIGTERM"
        if "_ours" in what:
            sys.exit(what)
        print(f"{what}, and was killed", file=sys.stderr)


@contextlib.contextmanager
def served(core, command, **environment):
    """A server that runs meanwhile; gives its process and the first line that it says."""
    process = subprocess.Popen(
        ["taskset", "-c", core, *command], stdout=subprocess.PIPE, text=True, env=os.environ | environment)
    try:
        ready = process.stdout.readline()
        if not ready:
            sys.exit(f"run.py: {command[0]} does not start")
        yield process.pid, ready
    finally:
        end(process)


def echo(folder, workload, contender, seconds, count_calls=False):
    """What the load generator tells."""
    with tempfile.TemporaryDirectory(dir="/dev/shm") as memory:
        counts = os.path.join(memory, "counts")
        with open(counts, "wb") as file:
            file.truncate(os.sysconf("SC_PAGESIZE"))
        path = os.path.join(memory, "socket")
        arguments = shlex.split(f"{workload.server} {workload.forms.get(contender, '')}") + ["--path", path]
        server = [program(folder, "echo", contender), *arguments]
        with served(cores(workload, SERVER_CORE), server, ASIO_URING_BENCH_COUNTS=counts) as (process, ready):
            load = [
                str(folder / "load"), "--server", str(process), "--counts", counts, "--port", ready.split()[1],
                "--path", path, "--seconds", str(seconds), *shlex.split(workload.load)]
            if count_calls:
                load.append("--system-calls")
            run = output_of(cores(workload, CLIENT_CORE), load)
    idle = shlex.split(workload.load)
    run["idle"] = int(idle[idle.index("--idle") + 1]) if "--idle" in idle else 1
    return run


@functools.cache
def nginx_program():
    fetch = subprocess.run([HERE / "http" / "fetch_nginx.sh"], check=True, stdout=subprocess.PIPE, text=True)
    return fetch.stdout.strip() + "/usr/sbin/nginx"


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


@contextlib.contextmanager
def nginx_served():
    """nginx, which doesn't say when it listens; gives its process and where."""
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        values = {"FOLDER": folder, "PORT": str(port), "SITE": str(PAGE.parent)}
        text = (HERE / "http" / "nginx.conf").read_text()
        for word, value in values.items():
            text = text.replace(word, value)
        configuration = pathlib.Path(folder, "nginx.conf")
        configuration.write_text(text)
        process = subprocess.Popen(
            ["taskset", "-c", SERVER_CORE, nginx_program(), "-p", folder, "-e", "stderr", "-c", configuration])
        try:
            yield process.pid, f"http://127.0.0.1:{port}/"
        finally:
            end(process)


@contextlib.contextmanager
def http_served(folder, workload, contender):
    if contender == NGINX:
        with nginx_served() as server:
            yield server
    else:
        name = workload.forms.get(contender, "http")
        command = [program(folder, name, contender), "--port", "0", "--root", str(PAGE.parent)]
        with served(SERVER_CORE, command) as (process, ready):
            yield process, ready.split()[-1]


def fetched(url, patience=5):
    """What is at an address, also where the server needs a moment to start."""
    end = time.monotonic() + patience
    while True:
        try:
            with urllib.request.urlopen(url, timeout=patience) as answer:
                return answer.read()
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.01)


def cpu_ns(process):
    """The time on a processor that all threads of a process had."""
    tasks = pathlib.Path(f"/proc/{process}/task").glob("*/schedstat")
    return sum(int(task.read_text().split()[0]) for task in tasks)


def wrk(process, url, connections, seconds):
    """What wrk tells. It measures whole seconds, the first part of which it spends connecting."""
    before = cpu_ns(process)
    report = subprocess.run(
        ["taskset", "-c", CLIENT_CORE, "wrk", "--threads", "1", "--connections", str(connections),
         "--duration", str(math.ceil(seconds)), "--timeout", "10", "--script", HERE / "http" / "report.lua", url],
        check=True, stdout=subprocess.PIPE, text=True, timeout=PATIENCE).stdout
    used = cpu_ns(process) - before
    run = json.loads(report.splitlines()[-1])
    if run["errors"] != 0 or run["bytes"] < run["operations"] * PAGE.stat().st_size:
        sys.exit(f"run.py: errors of {url}\n{report}")
    return run | {"cpu_ns": used}


def light_client(folder, process, url, connections, seconds):
    """What the load generator tells. It compares all answers with the first one, but for the header, which has a date."""
    host, port = urllib.parse.urlsplit(url).netloc.split(":")
    request = f"GET / HTTP/1.1\r\nHost: {host}:{port}\r\n\r\n".encode()
    with socket.create_connection((host, int(port))) as one:
        one.sendall(request)
        answer = b""
        while not answer.endswith(PAGE.read_bytes()):
            part = one.recv(65536)
            if not part:
                sys.exit(f"run.py: {url} closes the connection")
            answer += part
    with tempfile.NamedTemporaryFile() as message, tempfile.NamedTemporaryFile() as expected:
        message.write(request)
        expected.write(answer)
        message.flush()
        expected.flush()
        return output_of(CLIENT_CORE, [
            str(folder / "load"), "--server", str(process), "--port", port, "--seconds", str(seconds),
            "--connections", str(connections), "--message", message.name, "--answer", expected.name,
            "--answer-head", str(len(answer) - PAGE.stat().st_size)])


def http(folder, workload, contender, seconds):
    with http_served(folder, workload, contender) as (process, url):
        if fetched(url) != PAGE.read_bytes():
            sys.exit(f"run.py: {contender} serves something else")
        if workload.by_wrk:
            return wrk(process, url, workload.connections, seconds)
        return light_client(folder, process, url, workload.connections, seconds)


@functools.cache
def data_file(folder):
    """A file that is read at random: each block has its number at both ends. It is deleted with the value."""
    file = tempfile.NamedTemporaryFile(dir=folder, prefix="data.")
    for block in range(BLOCKS):
        number = struct.pack("=Q", block)
        file.write(number + bytes(BLOCK_SIZE - 2 * len(number)) + number)
    file.flush()
    os.fsync(file.fileno())
    return file


def file_system(folder):
    return subprocess.run(
        ["stat", "--file-system", "--format=%T", folder], check=True, stdout=subprocess.PIPE, text=True).stdout.strip()


def files(folder, workload, contender, seconds):
    """What the program tells that reads."""
    file = data_file(folder)
    # With O_DIRECT nothing of it is in the page cache, else all.
    if workload.direct:
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
    else:
        file.seek(0)
        while file.read(1 << 20):
            pass
    return output_of(SERVER_CORE, [
        program(folder, "files", contender), "--path", file.name, "--seconds", str(seconds),
        *shlex.split(f"{workload.arguments} {workload.forms.get(contender, '')}")])


def micro(folder, workload, contender, seconds):
    """The time of an item."""
    output = output_of(cores(workload, SERVER_CORE), [
        "env", *shlex.split(workload.forms.get(contender, "")), program(folder, "micro", contender),
        f"--benchmark_filter=^{workload.function}$", "--benchmark_format=json", f"--benchmark_min_time={seconds / 2}"])
    result = output["benchmarks"][0]
    if result.get("error_occurred"):
        sys.exit(f"run.py: {workload.name}, {contender}: {result['error_message']}")
    return {"item_ns": 1e9 / result["items_per_second"]}


def why_not(folder, workload):
    """Why a workload can't be measured here; None where it can."""
    if isinstance(workload, Files) and workload.direct and file_system(folder) == "tmpfs":
        return f"O_DIRECT means nothing on tmpfs, where {folder} is"
    return None


RUN = {Echo: echo, Files: files, Http: http, Micro: micro}


def measured(folder, workload, rounds, seconds, calls):
    """All runs of a workload: contender -> list of runs, and contender -> the run that counted."""
    run = RUN[type(workload)]
    contenders = [*workload.contenders, *workload.forms]
    runs = {contender: [] for contender in contenders}
    for _ in range(rounds):
        for contender in contenders:
            runs[contender].append(run(folder, workload, contender, seconds))
    counted = {}
    if isinstance(workload, Echo):
        counted = {c: echo(folder, workload, c, min(seconds, 0.5), calls) for c in contenders}
    return runs, counted
