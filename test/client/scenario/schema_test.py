"""schema_test.py SCHEMA FIXTURES PAGE: the published schema has the reader's opinion of every example.

The page is the reference, whose tables hold an example of each key. The reader's part is read_test. Files in invalid/meaning are refused by the reader only, for what no schema says; those in
invalid/yaml are no matter of the schema at all.
"""

import json
import pathlib
import re
import sys

try:
    import jsonschema
    import yaml
except ImportError as missing:
    print(f"skipped: {missing}")
    sys.exit(77)


class CoreLoader(yaml.SafeLoader):
    """YAML 1.2's core schema, which editors go by: dates and Yes are texts."""


CoreLoader.yaml_implicit_resolvers = {}
for tag, pattern in (("null", r"~|null|"), ("bool", r"true|false"), ("int", r"[-+]?[0-9]+"),
                     ("float", r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")):
    CoreLoader.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(f"^(?:{pattern})$"), None)
CoreLoader.add_constructor("tag:yaml.org,2002:int", lambda loader, node: int(node.value))


def as_json(value):
    """Keys of JSON are texts."""
    if isinstance(value, dict):
        return {str(key): as_json(member) for key, member in value.items()}
    return [as_json(item) for item in value] if isinstance(value, list) else value


def page_examples(page):
    """(block, key, example) of each row of the reference page."""
    block = None
    for line in pathlib.Path(page).read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            block = line[3:].strip("`")
        cells = re.split(r"(?<!\\)\|", line)
        if block and line.startswith("| `") and len(cells) > 5:
            yield block, cells[1].strip(" `"), cells[4].strip(" `").replace(r"\|", "|")


def wrong_page_examples(schema, page):
    wrong = 0
    for block, key, example in page_examples(page):
        described = schema if block == "scenario" else schema["$defs"][block]
        rule = {"$defs": schema["$defs"], **described["properties"][key]}
        try:
            jsonschema.Draft202012Validator(rule).validate(as_json(yaml.load(example, CoreLoader)))
        except (jsonschema.ValidationError, yaml.YAMLError) as error:
            wrong += 1
            print(f"{page}: {block}.{key}: {example}: {str(error)[:200]}")
    return wrong


def main(schema_file, fixtures, page):
    schema = json.loads(pathlib.Path(schema_file).read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    wrong, seen = wrong_page_examples(schema, page), 0
    for folder, accepted in ((".", True), ("valid", True), ("invalid/meaning", True), ("invalid/shape", False)):
        files = sorted(pathlib.Path(fixtures, folder).glob("*.yaml"))
        if not files:
            print(f"{folder}: no examples")
            wrong += 1
        for file in files:
            document = as_json(yaml.load(file.read_text(encoding="utf-8"), CoreLoader))
            errors = [error.message[:200] for error in validator.iter_errors(document)]
            seen += 1
            if accepted == (not errors):
                continue
            wrong += 1
            print(f"{file}: {errors[0] if errors else 'the schema has nothing against it'}")
    print(f"{seen} examples, {wrong} wrong")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
