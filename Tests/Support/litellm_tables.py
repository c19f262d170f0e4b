"""Tables in memory that answer as Prisma's Python client does, as far as LiteLLM's handlers use it."""

import copy
import functools

from litellm_filters import changed, every, listed, matches_value, negated, unknown
from litellm_schema import now


class PrismaError(Exception):
    pass


class UniqueViolationError(PrismaError):
    pass


class ForeignKeyViolationError(PrismaError):
    pass


class MissingRequiredValueError(PrismaError):
    pass


class RecordNotFoundError(PrismaError):
    pass


@functools.cache
def row_class(model):
    """Rows are objects with an attribute for each column, as of the generated client; pydantic is LiteLLM's."""
    from typing import Any

    from pydantic import ConfigDict, create_model
    fields = {name: (Any, None) for name in [*model.columns, *model.relations]}
    return create_model(model.name, __config__=ConfigDict(extra="allow", protected_namespaces=()), **fields)


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
        rows = self.rows
        # The plain conditions first, which most are: a test may have thousands of keys.
        for name, condition in (where or {}).items():
            if isinstance(condition, str) and name in self.model.columns and self.model.columns[name].kind == "String":
                rows = [row for row in rows if row[name] == condition]
        return [row for row in rows if self.matches(row, where) is True]

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
            raise RecordNotFoundError("An operation failed because it depends on records that were required but not found.")
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
                # Prisma takes no null for JSON, not even where the column may be null.
                if change is None and (self.model.columns[name].kind == "Json" or not self.model.columns[name].is_optional):
                    raise MissingRequiredValueError(f"A value is required but not set: {self.model.name}.{name}")
                new[name] = changed(self.model.columns[name], row[name], change)
            elif name in self.model.relations and not self.model.relations[name].is_list:
                field = self.model.relations[name]
                for ours, theirs in field.keys:
                    new[ours] = None if change.get("disconnect") else change["connect"][theirs]
            else:
                raise unknown(f"{self.model.name} has no column {name}")
        for unique in self.model.uniques:
            if any(new[name] is None for name in unique):
                continue
            same = [other for other in self.rows if other[unique[0]] == new[unique[0]] and other is not row]
            if any(all(other[name] == new[name] for name in unique) for other in same):
                raise UniqueViolationError(f"Unique constraint failed on the fields: (`{'`,`'.join(unique)}`)")
        for field in self.model.relations.values():
            if field.keys and not field.is_back and not field.is_list:
                if all(new[ours] is not None for ours, _ in field.keys) and not self.related(new, field):
                    raise ForeignKeyViolationError("Foreign key constraint failed on the field: "
                                                   f"`{self.model.name}_{field.keys[0][0]}_fkey (index)`")
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
        self.rows = [row for row in self.rows if not any(row is one for one in rows)]
        return answer

    async def delete_many(self, where=None):
        gone = self.found(where)
        self.rows = [row for row in self.rows if not any(row is one for one in gone)]
        return len(gone)
