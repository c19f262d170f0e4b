"""Tables in memory that answer as Prisma's Python client does, as far as LiteLLM's handlers use it.

What they don't know raises NotImplementedError: a test must not pass because a filter was ignored.
"""

import copy
import functools
import json
import sys
from datetime import datetime, timezone

from litellm_schema import now


class UniqueViolationError(Exception):
    pass


class RecordNotFoundError(Exception):
    pass


def unknown(what):
    """The error for what the stand-in can't do. LiteLLM catches a lot, so it is said aloud too."""
    print(f"error: the stand-in for LiteLLM's database: {what}", file=sys.stderr, flush=True)
    return NotImplementedError(what)


@functools.cache
def row_class(model):
    from pydantic import ConfigDict, create_model
    from typing import Any
    fields = {name: (Any, None) for name in [*model.columns, *model.relations]}
    return create_model(model.name, __config__=ConfigDict(extra="allow", protected_namespaces=()), **fields)


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


class Table:
    """The actions of one model over a list of rows, which are dictionaries."""

    def __init__(self, model, database):
        self.model, self.database, self.rows = model, database, []

    def matches(self, row, where):
        answers = []
        for name, condition in (where or {}).items():
            if name == "AND":
                answers += [self.matches(row, one) for one in listed(condition)]
            elif name == "OR":
                each = [self.matches(row, one) for one in listed(condition)]
                answers.append(True if True in each else (None if None in each else False))
            elif name == "NOT":
                answers += [negated(self.matches(row, one)) for one in listed(condition)]
            elif name in self.model.columns:
                answers.append(matches_value(row[name], condition, self.model.columns[name]))
            elif name in self.model.relations:
                others = self.related(row, self.model.relations[name])
                other = self.database.table(self.model.relations[name].kind)
                for how, inner in condition.items():
                    found = [other.matches(one, inner) is True for one in others]
                    answers.append({"some": any(found), "is": any(found), "every": all(found), "none": not any(found)}[how])
            elif isinstance(condition, dict) and all(part in self.model.columns for part in condition):
                # Prisma's name for a key of several columns.
                answers.append(self.matches(row, condition))
            else:
                raise unknown(f"{self.model.name} has no column {name}")
        return every(answers)

    def found(self, where):
        return [row for row in self.rows if self.matches(row, where) is True]

    def related(self, row, field):
        if not field.keys or any(row[ours] is None for ours, _ in field.keys):
            return []
        return self.database.table(field.kind).found({theirs: row[ours] for ours, theirs in field.keys})

    def answer(self, row, include=None):
        values = copy.deepcopy(row)
        for name, wanted in (include or {}).items():
            if wanted:
                field = self.model.relations[name]
                inner = wanted.get("include") if isinstance(wanted, dict) else None
                other = self.database.table(field.kind)
                rows = [other.answer(one, inner) for one in self.related(row, field)]
                values[name] = rows if field.is_list else (rows[0] if rows else None)
        return row_class(self.model).model_construct(
            **{**dict.fromkeys(self.model.relations), **values})

    async def find_many(self, take=None, skip=None, where=None, cursor=None, include=None, order=None, distinct=None):
        if cursor is not None:
            raise unknown("cursor")
        rows = self.found(where)
        for one in reversed(listed(order or [])):
            for name, direction in reversed(list(one.items())):
                if isinstance(direction, dict):
                    direction = direction["sort"]
                # PostgreSQL puts null last, and first when it goes down.
                rows.sort(key=lambda row: (row[name] is None, row[name] if row[name] is not None else 0),
                          reverse=direction == "desc")
        if distinct:
            rows = list({tuple(str(row[name]) for name in distinct): row for row in reversed(rows)}.values())[::-1]
        rows = rows[skip or 0:]
        return [self.answer(row, include) for row in (rows if take is None else rows[:take])]

    async def find_first(self, skip=None, where=None, cursor=None, include=None, order=None, distinct=None):
        found = await self.find_many(1, skip, where, cursor, include, order, distinct)
        return found[0] if found else None

    async def find_unique(self, where, include=None):
        return await self.find_first(where=where, include=include)

    async def find_unique_or_raise(self, where, include=None):
        found = await self.find_unique(where, include)
        if found is None:
            raise RecordNotFoundError("An operation failed because it depends on one or more records that were required but not found.")
        return found

    async def count(self, where=None, take=None, skip=None, **_):
        return len(self.found(where))

    async def create(self, data, include=None):
        return self.answer(self.insert(data), include)

    def insert(self, data):
        row = {name: field.default_value() for name, field in self.model.columns.items()}
        for name, field in self.model.columns.items():
            if field.touched_at_update and row[name] is None:
                row[name] = now()
        self.write(row, data)
        self.rows.append(row)
        return row

    def write(self, row, data):
        """Changes the row, or leaves it as it was and raises what the database would refuse."""
        new = dict(row)
        for name, change in data.items():
            if name in self.model.columns:
                new[name] = changed(self.model.columns[name], row[name], change)
            elif name in self.model.relations and not self.model.relations[name].is_list:
                field = self.model.relations[name]
                for ours, theirs in field.keys:
                    new[ours] = None if change.get("disconnect") else change["connect"][theirs]
            else:
                raise unknown(f"{self.model.name} has no column {name}")
        for unique in self.model.uniques:
            for other in self.rows:
                if other is not row and all(new[name] is not None and other[name] == new[name] for name in unique):
                    raise UniqueViolationError(f"Unique constraint failed on the fields: (`{'`,`'.join(unique)}`)")
        for field in self.model.relations.values():
            if field.keys and not getattr(field, "is_back", False) and not field.is_list:
                if all(new[ours] is not None for ours, _ in field.keys) and not self.related(new, field):
                    raise Exception(f"Foreign key constraint failed on the field: `{self.model.name}_{field.keys[0][0]}_fkey (index)`")
        row.update(new)

    async def create_many(self, data, skip_duplicates=None):
        made = 0
        for one in data:
            try:
                self.insert(one)
                made += 1
            except UniqueViolationError:
                if not skip_duplicates:
                    raise
        return made

    def modify(self, row, data):
        self.write(row, {**{name: now() for name, field in self.model.columns.items() if field.touched_at_update}, **data})

    async def update(self, data, where, include=None):
        rows = self.found(where)[:1]
        for row in rows:
            self.modify(row, data)
        return self.answer(rows[0], include) if rows else None

    async def update_many(self, data, where):
        rows = self.found(where)
        for row in rows:
            self.modify(row, data)
        return len(rows)

    async def upsert(self, where, data, include=None):
        updated = await self.update(data["update"], where, include)
        return updated if updated is not None else await self.create(data["create"], include)

    async def delete(self, where, include=None):
        rows = self.found(where)[:1]
        answer = self.answer(rows[0], include) if rows else None
        self.rows = [row for row in self.rows if row not in rows]
        return answer

    async def delete_many(self, where=None):
        gone = self.found(where)
        self.rows = [row for row in self.rows if not any(row is one for one in gone)]
        return len(gone)


def listed(value):
    return list(value) if isinstance(value, (list, tuple)) else [value]
