"""The tables of LiteLLM's database as its own schema.prisma declares them: columns, types, defaults, keys and relations."""

import os
import re
import uuid
from datetime import datetime, timezone

SCALARS = {"String", "Int", "BigInt", "Float", "Boolean", "DateTime", "Json"}


def now():
    """To the millisecond, as PostgreSQL's timestamp(3) keeps it."""
    time = datetime.now(timezone.utc)
    return time.replace(microsecond=time.microsecond // 1000 * 1000)


class Field:
    """A column, or a relation to another table."""

    def __init__(self, name, kind, modifier, attributes):
        self.name, self.kind = name, kind
        self.is_list, self.is_optional = modifier == "[]", modifier == "?"
        self.is_id, self.is_unique = "@id" in attributes, "@unique" in attributes
        self.is_back = False
        self.touched_at_update = "@updatedAt" in attributes
        default = re.search(r"@default\((.*?)\)(?:\s|$|//)", attributes + " ")
        self.default = default.group(1) if default else None
        relation = re.search(r"@relation\((?:\"[^\"]*\",\s*)?fields:\s*\[([^]]*)\],\s*references:\s*\[([^]]*)\]", attributes)
        self.keys = list(zip(names(relation.group(1)), names(relation.group(2)))) if relation else []

    def default_value(self):
        if self.default is None:
            return [] if self.is_list else None
        if self.default.startswith("uuid") or self.default.startswith("cuid"):
            return str(uuid.uuid4())
        if self.default.startswith("now"):
            return now()
        if self.is_list:
            return names(self.default.strip("[]").replace('"', ""))
        if self.kind == "Json":
            return {} if self.default == '"{}"' else []
        if self.kind == "Boolean":
            return self.default == "true"
        if self.kind in {"Int", "BigInt"}:
            return int(self.default) if self.default.lstrip("-").isdigit() else None
        if self.kind == "Float":
            return float(self.default)
        return self.default.strip('"')


class Model:
    """A table: its columns and relations, and the sets of columns of which no two rows are the same."""

    def __init__(self, name):
        self.name, self.columns, self.relations, self.uniques = name, {}, {}, []


def names(text):
    return [name.strip() for name in text.split(",") if name.strip()]


def load(package):
    """The models of the schema in LiteLLM's package, by the names that its client gives the tables."""
    models, model = {}, None
    with open(os.path.join(package, "proxy", "schema.prisma")) as file:
        for line in file:
            line = line.strip()
            if start := re.match(r"model (\w+) \{", line):
                model = Model(start.group(1))
            elif line == "}" and model:
                models[model.name] = model
                model = None
            elif model and (group := re.match(r"@@(?:id|unique)\(\[([^]]*)\]", line)):
                model.uniques.append(names(group.group(1)))
            elif model and (column := re.match(r"(\w+)\s+(\w+)(\[\]|\?)?\s*(.*)$", line)):
                field = Field(*[column.group(at) or "" for at in range(1, 5)])
                (model.columns if field.kind in SCALARS else model.relations)[field.name] = field
                if field.is_id or field.is_unique:
                    model.uniques.append([field.name])
    # A relation that names no columns is the other side of one that does.
    for model in models.values():
        for field in list(model.relations.values()):
            if field.kind not in models:
                # An enumeration is a column of text.
                model.columns[field.name] = model.relations.pop(field.name)
            elif not field.keys:
                back = [other for other in models[field.kind].relations.values() if other.kind == model.name and other.keys]
                field.keys = [(theirs, ours) for ours, theirs in back[0].keys] if back else []
                field.is_back = True
    return {model.name.lower(): model for model in models.values()}
