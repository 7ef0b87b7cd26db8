"""What a run of a command costs: processor time, instructions (callgrind), system calls (strace). Of the command alone."""
import os, re, resource, statistics, subprocess, sys, tempfile


class Failed(Exception):
    pass


def run(argv):
    """Runs a command to its end and gives its output; Failed says what it said."""
    done = subprocess.run(argv, capture_output=True, text=True)
    if done.returncode != 0:
        raise Failed(f"{' '.join(map(str, argv))}\nended with {done.returncode}: {done.stderr or done.stdout}")
    return done.stdout


def seconds(argv):
    """Of CPU time, user and system, with all that it started."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    run(argv)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def instructions(argv):
    """Outside of the kernel."""
    done = subprocess.run(["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", *argv], capture_output=True, text=True)
    found = re.search(r"Collected : (\d+)", done.stderr)
    if done.returncode != 0 or not found:
        raise Failed(f"{' '.join(map(str, argv))} under callgrind: {done.stderr[-2000:]}")
    return int(found[1])


def system_calls(argv):
    with tempfile.NamedTemporaryFile() as table:
        run(["strace", "-f", "-c", "-qq", "-o", table.name, *argv])
        total = table.read().decode().strip().splitlines()[-1].split()
    return int(total[3] if total[3].isdigit() else total[2])


def each(how, command, few, many):
    """What one of `many` costs more than one of `few`: command(n) is the argv for n. What does not depend on n falls out."""
    return (how(command(many)) - how(command(few))) / (many - few)


def spread(values):
    return statistics.median(values), min(values), max(values)
