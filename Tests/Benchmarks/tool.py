"""Measures `keyhooks get openai` from a `.env`, as whole processes: `tool.py KEYHOOKS [--quick]`."""
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

built = os.path.abspath(sys.argv[1])
runs = 5 if "--quick" in sys.argv else 200


def run(null):
    start = time.perf_counter()
    pid = os.posix_spawn(
        "./keyhooks", ["./keyhooks", "get", "openai"], {"HOME": os.getcwd()}, file_actions=[(os.POSIX_SPAWN_DUP2, null, 1)]
    )
    _, status, usage = os.wait4(pid, 0)
    took = (time.perf_counter() - start) * 1e3
    if status != 0:
        sys.exit(f"error: 'keyhooks get openai' ended with status {status}")
    # Of Linux in KiB. Before it becomes the tool the process is this program, so it is never less than that has.
    return took, usage.ru_maxrss / 1024


with tempfile.TemporaryDirectory() as folder:
    os.chdir(folder)
    # As it is installed: a file that was copied is in larger pieces in the system's cache than one that a linker wrote.
    shutil.copy(built, "keyhooks")
    with open(".env", "w", encoding="utf-8", opener=lambda path, flags: os.open(path, flags, 0o600)) as file:
        file.write("OPENAI_API_KEY=sk-benchmark-0123456789\n")
    null = os.open(os.devnull, os.O_WRONLY)
    for _ in range(3):
        run(null)
    times, memory = zip(*(run(null) for _ in range(runs)))
libraries = subprocess.run(["ldd", built], capture_output=True, text=True, check=True).stdout
print(f"tool: get from .env, median ms\t{statistics.median(times):.2f}")
print(f"tool: get from .env, best ms\t{min(times):.2f}")
print(f"tool: memory, MB\t{max(memory):.1f}")
print(f"tool: size, MB\t{os.path.getsize(built) / 1e6:.1f}")
print(f"tool: shared libraries\t{sum('vdso' not in line for line in libraries.splitlines())}")
