"""Values of columns, and the conditions and changes that Prisma's Python client describes with dictionaries.

What isn't known here raises NotImplementedError: a test must not pass because a filter was ignored.
"""

import copy
import json
import sys
from datetime import datetime, timezone


def unknown(what):
    """The error for what the stand-in can't do. LiteLLM catches a lot, so it is said aloud too."""
    print(f"error: the stand-in for LiteLLM's database: {what}", file=sys.stderr, flush=True)
    return NotImplementedError(what)


def stored(field, value):
    """A value as the column keeps it: Prisma takes JSON as text and times as text or datetime."""
    if value is None:
        return None
    if field.kind == "Json":
        value = getattr(value, "data", value)
        return json.loads(value) if isinstance(value, str) else copy.deepcopy(value)
    if field.kind == "DateTime":
        if isinstance(value, str):
            value = datetime.fromisoformat(value.replace("Z", "+00:00"))
        value = value.astimezone(timezone.utc) if value.tzinfo else value.replace(tzinfo=timezone.utc)
        return value.replace(microsecond=value.microsecond // 1000 * 1000)
    if field.is_list:
        return list(value)
    if field.kind == "Float" and not isinstance(value, bool):
        return float(value)
    return value


def changed(field, old, change):
    """The column's value after one of Prisma's atomic operations, or the new value."""
    if not isinstance(change, dict) or field.kind == "Json":
        return stored(field, change)
    [(operation, operand)] = change.items()
    if operation == "set":
        return stored(field, operand)
    if operation == "increment":
        return None if old is None else old + operand
    if operation == "decrement":
        return None if old is None else old - operand
    if operation == "push":
        return (old or []) + (list(operand) if isinstance(operand, (list, tuple)) else [operand])
    raise unknown(f"operation {operation} on {field.name}")


def compare(value, operator, operand, field):
    """True, False or, as SQL has it for what it can't compare with null, None."""
    def fits(other):
        return stored(field, other)

    if operator == "equals":
        return value is None if operand is None else (None if value is None else value == fits(operand))
    if operator == "not":
        if operand is None:
            return value is not None
        if isinstance(operand, dict):
            return negated(matches_value(value, operand, field))
        return None if value is None else value != fits(operand)
    if value is None:
        return None
    if operator in {"in", "in_"}:
        return value in [fits(other) for other in operand]
    if operator in {"not_in", "notIn"}:
        return value not in [fits(other) for other in operand]
    if operator in {"lt", "lte", "gt", "gte"}:
        other = fits(operand)
        return {"lt": value < other, "lte": value <= other, "gt": value > other, "gte": value >= other}[operator]
    if operator in {"contains", "startswith", "startsWith", "endswith", "endsWith"}:
        return {"c": operand in value, "s": value.startswith(operand), "e": value.endswith(operand)}[operator[0]]
    if operator == "has":
        return operand in value
    if operator in {"has_some", "hasSome"}:
        return any(item in value for item in operand)
    if operator in {"has_every", "hasEvery"}:
        return all(item in value for item in operand)
    if operator in {"is_empty", "isEmpty"}:
        return (not value) == operand
    raise unknown(f"operator {operator} on {field.name}")


def negated(answer):
    return None if answer is None else not answer


def every(answers):
    answers = list(answers)
    return False if False in answers else (None if None in answers else True)


def matches_value(value, condition, field):
    if not isinstance(condition, dict):
        return compare(value, "equals", condition, field)
    condition = dict(condition)
    if condition.pop("mode", "default") == "insensitive":
        def fold(part):
            return part.lower() if isinstance(part, str) else [fold(one) for one in part] if isinstance(part, list) else part
        value, condition = fold(value), {operator: fold(operand) for operator, operand in condition.items()}
    if "path" in condition:
        for step in condition.pop("path"):
            value = value.get(step) if isinstance(value, dict) else None
        condition = {operator.removeprefix("string_").removeprefix("array_"): operand for operator, operand in condition.items()}
        return every(None if value is None else compare_json(value, *pair) for pair in condition.items())
    return every(compare(value, operator, operand, field) for operator, operand in condition.items())


def compare_json(value, operator, operand):
    operand = json.loads(operand) if operator == "equals" and isinstance(operand, str) else getattr(operand, "data", operand)
    if operator == "equals":
        return value == operand
    if operator == "contains":
        return all(item in value for item in operand) if isinstance(operand, list) else operand in value
    raise unknown(f"JSON operator {operator}")


def listed(value):
    return list(value) if isinstance(value, (list, tuple)) else [value]
