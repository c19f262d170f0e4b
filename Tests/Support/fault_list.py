"""Every fault of fault-server.py that a client of OpenBao should withstand, and what may come of each.

`right` is the good value; `absent` leaves a weaker source to answer; `passing` is a typed failure that may be bridged
by an old value (unavailable, timedOut, sealed); `final` is one that may not (denied, unauthenticated,
invalidConfiguration); `other` is some other value, where a value itself was damaged and only TLS could tell.
"""

import fault_answers
import fault_base
import fault_shapes

EITHER = "right passing"


def cuts():
    for form, whole in fault_base.FORMS.items():
        for count in range(len(whole) + 1):
            may = "passing"
            if count >= fault_base.ENOUGH[form]:
                may = "right" if count == len(whole) else EITHER
            yield "cut-" + form, f"cut/{form}/{count}", may
    for form, whole in fault_base.FORMS.items():
        for count in range(0, len(whole) + 1, 7):
            yield "reset", f"reset/{form}/{count}", EITHER if count >= fault_base.ENOUGH[form] else "passing"
        for count in range(0, len(whole), 50):
            yield "stall", f"stall/{form}/{count}", EITHER if count >= fault_base.ENOUGH[form] else "passing"


def delays():
    for milliseconds, may in [("1000", "passing"), ("100", "passing"), ("10", "passing"), ("1", EITHER)]:
        yield "slow", f"slow/{milliseconds}", may
    for milliseconds, may in [
        ("100", "right"),
        ("1000", "right"),
        ("1900", EITHER),
        ("2100", "passing"),
        ("5000", "passing"),
    ]:
        yield "slow", f"late/{milliseconds}", may
    yield "slow", "silent", "passing"


def endless():
    for what in [
        "head",
        "line",
        "status",
        "body",
        "blanks",
        "close",
        "chunked",
        "size",
        "extension",
        "interim",
        "garbage",
    ]:
        yield "endless", f"endless/{what}", "passing"
    yield "endless", "endless/trailers", EITHER
    for coding in ["gzip", "deflate"]:
        yield "endless", f"bomb/{coding}", "passing"


def shapes():
    for what in fault_shapes.LENGTHS:
        yield "length", f"length/{what}", "passing" if what in ("short", "long", "zero") else EITHER
    legal = ("extension", "bytewise", "upper", "leading", "trailers", "many-trailers")
    broken = ("too-short", "too-long", "huge", "nothing", "word", "negative", "blank", "no-crlf")
    for what in fault_shapes.CHUNKS:
        yield "chunk", f"chunk/{what}", "right" if what in legal else "passing" if what in broken else EITHER
    for what in ["100", "102", "103", "110", "199", "thousand", "101", "bare"]:
        yield "interim", f"interim/{what}", "right" if what in ("100", "102", "103", "bare") else EITHER
    for what in fault_shapes.NOISE:
        yield "noise", f"noise/{what}", "passing"
    refused = ("six-hundred", "nine-nine-nine", "word", "negative", "zero", "two-digits", "four-digits")
    for what in fault_shapes.LINES:
        yield "line", f"line/{what}", "right" if what == "no-reason" else "passing" if what in refused else EITHER
    legal = ("cookie", "close", "second", "surplus", "alternative", "refresh", "location", "latin")
    for what in [*fault_shapes.HEADS, "lf", "second", "surplus"]:
        yield "field", f"field/{what}", "right" if what in legal else EITHER
    for what in ["gzip", "deflate", "br", "zstd", "lie", "cut", "identity", "nonsense"]:
        yield "coding", f"coding/{what}", EITHER


def redirects():
    places = ["self", "absolute", "other", "scheme", "seal", "loop", "file", "garbage", "user", "empty", "nul", "long"]
    places += ["relative", "query", "slashes", "script", "name", "none"]
    for status in [300, 301, 302, 303, 304, 305, 307, 308]:
        for place in places:
            yield "redirect", f"redirect/{status}/{place}", "passing final"


def bodies():
    may = {
        "no-field": "absent",
        "other-field": "absent",
        "null-field": "absent",
        "empty-field": "absent passing",
        "object-field": "final",
        "array-field": "final",
        "bom": EITHER,
        "invalid": EITHER,
        "nul": EITHER,
    }
    for what in fault_answers.BODIES:
        yield "body", f"body/{what}", may.get(what, "passing")
    for code in [201, 202, 203, 204, 205, 206, 226, 299]:
        yield "body", f"partial/{code}", EITHER
    # Without TLS nobody can tell that a bit was flipped: what counts is that nothing breaks.
    for at in range(len(fault_base.BODY)):
        yield "flip", f"flip/{at}", "right other absent passing final"


def statuses():
    for code in range(400, 600):
        for body in fault_answers.STATUS_BODIES:
            may = "passing"
            if body == "none":
                may = "absent" if code == 404 else "passing final"
            elif body == "errors":
                may = "passing final"
            yield "status", f"status/{code}/{body}", may
        for value in fault_answers.RETRIES:
            yield "retry", f"retry/{code}/{value}", "passing"


def faults():
    for group in [cuts, delays, endless, shapes, redirects, bodies, statuses]:
        yield from group()


def text():
    return "".join(f"{group}\t{path}\t{may}\n" for group, path, may in faults())
