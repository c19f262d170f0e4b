#!/usr/bin/env python3
"""Packs the tool into a wheel, so that `pip install FILE.whl` puts `keyhooks` on the PATH of a Python environment.

    make-wheel.py KEYHOOKS [FOLDER]

KEYHOOKS is the tool as one file, as Tests/Support/static-tool.sh builds it. The wheel is written into FOLDER, the working directory if there is none, and its path printed. Needs Python 3.8 and nothing else.
"""
import base64
import hashlib
import pathlib
import re
import struct
import subprocess
import sys
import zipfile

MACHINES = {62: "x86_64", 183: "aarch64"}


def fail(text):
    sys.exit(f"error: {text}")


def platform_tag(binary):
    """The oldest systems that the file runs on, by the C library that it wants (PEP 600)."""
    if binary[:4] != b"\x7fELF":
        fail("this is no program for Linux; a wheel holds the tool for one system")
    machine = struct.unpack_from("<H", binary, 18)[0]
    if machine not in MACHINES:
        fail(f"programs for machine {machine} are not known here")
    wanted = [tuple(map(int, found)) for found in re.findall(rb"\0GLIBC_(\d+)\.(\d+)(?=[.\0])", binary)]
    if not wanted:
        fail("the program does not say which C library it wants")
    if b"libswiftCore.so" in binary:
        fail("the program wants Swift's libraries; build it with --static-swift-stdlib")
    return "manylinux_{}_{}_{}".format(*max(wanted), MACHINES[machine])


def version(path):
    done = subprocess.run([path, "--version"], capture_output=True, text=True)
    if done.returncode != 0 or not re.fullmatch(r"\d+(\.\d+)*", done.stdout.strip()):
        fail("the program does not say its version; is it keyhooks?")
    return done.stdout.strip()


def main():
    if len(sys.argv) not in (2, 3):
        fail("usage: make-wheel.py KEYHOOKS [FOLDER]")
    path = pathlib.Path(sys.argv[1]).resolve()
    try:
        binary = path.read_bytes()
    except OSError as error:
        fail(f"{path} can't be read: {error.strerror}")
    number, tag = version(path), f"py3-none-{platform_tag(binary)}"
    name, info = f"keyhooks-{number}", f"keyhooks-{number}.dist-info"
    files = {
        f"{name}.data/scripts/keyhooks": binary,
        f"{info}/METADATA": (
            f"Metadata-Version: 2.1\nName: keyhooks\nVersion: {number}\n"
            "Summary: Finds the API keys of AI services and explains where they come from\nRequires-Python: >=3.8\n"
        ).encode(),
        f"{info}/WHEEL": (
            f"Wheel-Version: 1.0\nGenerator: keyhooks\nRoot-Is-Purelib: false\nTag: {tag}\n"
        ).encode(),
    }
    record = ""
    for place, contents in files.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(contents).digest()).rstrip(b"=").decode()
        record += f"{place},sha256={digest},{len(contents)}\n"
    files[f"{info}/RECORD"] = (record + f"{info}/RECORD,,\n").encode()
    wheel = pathlib.Path(sys.argv[2] if len(sys.argv) == 3 else ".") / f"{name}-{tag}.whl"
    with zipfile.ZipFile(wheel, "w", zipfile.ZIP_DEFLATED) as archive:
        for place, contents in files.items():
            # A fixed time: the same program gives the same wheel.
            entry = zipfile.ZipInfo(place, (1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = (0o100755 if "/scripts/" in place else 0o100644) << 16
            archive.writestr(entry, contents)
    print(wheel)


if __name__ == "__main__":
    main()
