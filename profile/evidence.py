#!/usr/bin/env python3
"""What a document or a dump says of parameters, against the catalogue beside this script.

    profile/evidence.py FILE...              print what differs, a line each. FILE is a table, FILE.csv, or the dump of
                                             a phone, SOURCE:LINE:FILE.xml, such as D94:spa:spa942.xml
    profile/evidence.py --settle             print which lines of products are known to lack what
    profile/evidence.py --merge ACCEPTED     write the lines of ACCEPTED into catalogue.tsv and sources.tsv

Read what is printed, look a row's evidence up, delete the lines that are wrong, and merge the rest; guides contradict
phones, and then phones are right. Fields of a line, separated by tabs:

    what  name  ours  theirs  source

`what` is row (a name that is missing: theirs is NUMBERS;TYPE;ALLOWED), numbers, allowed, factory (of mpp12), lines,
firmware or source. A merge takes a line only where the catalogue still has what it calls ours.

The kinds of CSV are told apart by their heads, in the table READERS.
"""
import csv
import os
import re
import sys

CATALOGUE, SOURCES = "catalogue.tsv", "sources.tsv"
NAME, NUMBERS, TYPE, MARKS, ALLOWED, SPA, MPP11, MPP12 = range(8)
LINES = ("spa", "mpp", "ata", "phoneos")

# What the sources of a list of parameters are called here (the head of sources.tsv says what they are).
LIST_SOURCES = {
    "F1": ("D98", "phoneos"), "F2": ("D88", "mpp"), "F3": ("D19", "ata"), "F4": ("D50", "spa"),
    "F5": ("D30", "spa"), "F6": ("D52", "spa"), "F7": ("D94", "spa"), "S1": ("G", None), "S2": ("G", None),
    "S3": ("P68", None), "S4": ("G", None), "S5": ("G", None), "S6": ("G", None), "S7": ("P78", None),
    "S8": ("LP", None), "S9": ("A", None), "S10": ("SP", None), "S11": ("G", None), "S12": ("RN", None),
    "S13": ("MG", None), "S15": ("R", None), "S16": ("S1", None), "S17": ("SU", None), "S18": ("P31", None),
    "S19": ("WX", None), "S23": ("G", None)}

# Of phones with firmware before 11.3.
OLD_SOURCES = ("D88", "P31", "P68", "P78", "P88")

# The columns of a table of sample profiles.
SAMPLES = {"6800-0": ("P68", "mpp"), "7800-0": ("P78", "mpp"), "7800-1": ("P78", "mpp"), "8800-0": ("P88", "mpp"),
           "8800-1": ("P88", "mpp"), "ata19x-0": ("A", "ata"), "8831-0": ("P31", "mpp")}


class BadInput(Exception):
    pass


class Table:
    """Both files, as rows by name. `order` keeps every line of the catalogue, comments too."""

    def __init__(self, folder):
        self.folder, self.rows, self.order, self.notes = folder, {}, [], {}
        self.other_names = {}
        for line in read_lines(os.path.join(folder, CATALOGUE)):
            fields = line.split("\t")
            self.order.append(line if line.startswith("#") or len(fields) == 1 else fields[0])
            if len(fields) == 1:
                for between in (" = ", " ~ ", " / "):
                    if between in line and not line.startswith("#"):
                        self.other_names[line.split(between)[0]] = line
                continue
            self.rows[fields[0]] = fields + [""] * (8 - len(fields))
        self.members = {member: name for name, row in self.rows.items() for member in expand(name, row[NUMBERS])}
        self.head = [line for line in read_lines(os.path.join(folder, SOURCES)) if line.startswith("#")]
        for line in read_lines(os.path.join(folder, SOURCES)):
            if not line.startswith("#"):
                name, lines, firmware, sources = (line.split("\t") + [""] * 3)[:4]
                self.notes[name] = {"lines": lines.split(), "firmware": firmware, "source": sources.split()}

    def note(self, name):
        return self.notes.setdefault(name, {"lines": [], "firmware": "", "source": []})

    def write(self):
        rows = ["\t".join(self.rows[line]) if line in self.rows else line for line in self.order]
        write_lines(os.path.join(self.folder, CATALOGUE), rows)
        notes = []
        for name in filter(self.rows.__contains__, self.order):
            note = self.note(name)
            lines = [line for line in LINES if line in note["lines"]]
            lines += ["-" + line for line in LINES if "-" + line in note["lines"]]
            fields = [name, " ".join(lines), note["firmware"], " ".join(sorted(note["source"]))]
            notes.append("\t".join(fields))
        write_lines(os.path.join(self.folder, SOURCES), self.head + notes)


def read_lines(path):
    with open(path, encoding="utf-8") as file:
        return [line for line in file.read().split("\n") if line]


def write_lines(path, lines):
    with open(path + ".new", "w", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")
    os.replace(path + ".new", path)


def expand(name, numbers):
    """Every member of a row, as the catalogue's loader makes them."""
    members = [name]
    for part in filter(None, numbers.split(",")):
        ends = [int(number) for number in part.split("..")]
        members = [member.replace("#", str(i), 1) for member in members for i in range(ends[0], ends[-1] + 1)]
    return members


class Claim:
    """One thing that a source says of a name; `numbers` where it says how far they go."""

    def __init__(self, name, source, line=None, **said):
        self.name, self.source, self.line = name, source, line
        self.family = said.get("family")
        self.numbers, self.type = said.get("numbers", ""), said.get("type", "")
        self.allowed, self.factory = said.get("allowed", ""), said.get("factory")
        self.firmware = said.get("firmware", "")


def braces_filled(name):
    """`Unit_{n}_Key_{m}_` is Unit_1_Key_1_."""
    return re.sub(r"\{[a-z]\}", "1", name)


def letters_filled(name):
    """Guides print Unit_n_Key_m_."""
    return re.sub(r"(?<=_)([nmx](?=_|$)|N(?=_))", "1", name)


def firmware_of(note):
    """`new in 11.3(7)` is 11.3(7)..; `up to 11.3(1) only` is ..11.3(1)."""
    since = re.search(r"(?<!listed as )new in (\d+\.\d\(\d+\)(?:SR\d)?)", note)
    until = re.search(r"up to (\d+\.\d\(\d+\)) only", note)
    return (since.group(1) + ".." if since else "") + (".." + until.group(1) if until else "")


def is_a_list(text):
    """Words parted by bars, or a range of numbers: what the catalogue can hold a value to."""
    return bool(re.fullmatch(r"[\w+/. -]+(\|[\w+/. -]+)+|\d+-\d+", text)) and not re.search(r"\.\.|(^|\|)n\|", text)


def of_reference(row):
    said = dict(type=row["type"].split(" ")[0], factory=row["default"] or None, firmware=firmware_of(row["note"]))
    if is_a_list(row["allowed"]):
        said["allowed"] = row["allowed"]
    if "no XML element" not in row["note"]:
        yield Claim(braces_filled(row["name"]), "R", "mpp", **said)


def allowed_of_prose(text):
    """`Yes and No.` is Yes|No; `An integer ranging between 0 and 15` is 0-15."""
    numbers = re.fullmatch(r"(?:an integer ranging )?(?:between )?(\d+) (?:and|to) (\d+)\.?", text, re.IGNORECASE)
    if numbers:
        return "-".join(numbers.groups())
    return re.sub(r" *(?:\||\band\b|\bor\b) *", "|", text.rstrip(". "))


def of_guides(row):
    line = "ata" if row["example_page"].startswith("at1x") else "mpp"
    allowed = allowed_of_prose(row["allowed"])
    said = dict(allowed=allowed if is_a_list(allowed) else "", factory=row["default"] or None if line == "mpp" else None)
    yield Claim(braces_filled(row["name"]), "A" if line == "ata" else "G", line, **said)


def of_samples(row):
    for column, (source, line) in SAMPLES.items():
        if row[column] != "-":
            yield Claim(row["name"], source, line)


def of_more_names(row):
    name, _, numbers = row["name"].partition(" n=")
    if not row["judgement"].startswith("real") or "container" in row["judgement"]:
        return
    source = "A" if "ATA" in row["seen_in"] else "P31" if "8831" in row["seen_in"] else "G"
    for line in row["family"].split("+"):
        yield Claim(name.replace("{n}", numbers.split("..")[0] if numbers else "1"), source, line, numbers=numbers,
                    family=name.replace("{n}", "#"))


def of_list(row):
    """A list of parameters with `families` and `source`: dumps say of one line each, `families` says the rest."""
    name = braces_filled(row["name"])
    families = row["families"]
    since = re.search(r"MPP>=(\d+\.\d\(\d+\))", families)
    firmware = since.group(1) + ".." if since else ""
    documented = [line for line in ("spa", "ata", "mpp") if re.search(rf"\b{line.upper()}(?=\+|$| |>|<)", families)]
    for code in row["source"].split(";"):
        source, line = LIST_SOURCES.get(code.strip(), (None, None))
        if source is None:
            continue
        for one in [line] if line else documented or [None]:
            yield Claim(name, source, one, firmware=firmware, type=row["type"].split(" ")[0])


READERS = (("source_section", of_reference), ("web_label", of_guides), ("catalogue_spa", of_samples),
           ("kind_of_evidence", of_more_names), ("confidence", of_list))


def claims_of_dump(path):
    """The names that a phone's page prints; its values are one site's."""
    source, line, path = path.split(":", 2)
    if line not in LINES:
        raise BadInput(f"{path}: expected a line of products of {', '.join(LINES)}, found {line}")
    with open(path, encoding="utf-8", errors="replace") as file:
        names = re.findall(r"<([A-Za-z_][\w.-]*)[ >/]", file.read())
    return [Claim(name, source, line) for name in dict.fromkeys(names)]


def claims_of(path):
    if path.endswith(".xml"):
        return claims_of_dump(path)
    with open(path, encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        for column, read in READERS:
            if column in (reader.fieldnames or []):
                return [claim for row in reader for claim in read(row)]
    wanted = ", ".join(column for column, _ in READERS)
    raise BadInput(f"{path}:1: expected a head with one of the columns {wanted}")


def differences(table, claims):
    """What the claims say and the catalogue does not, each once, in the order of the claims."""
    seen = set()
    for claim in claims:
        for difference in compare(table, claim):
            if difference[:4] not in seen:
                seen.add(difference[:4])
                yield difference


def compare(table, claim):
    if claim.name in table.other_names:
        return
    name = table.members.get(claim.name) or table.members.get(letters_filled(claim.name))
    if claim.numbers and (name or claim.family) in table.rows:
        yield from compare_numbers(table.rows[name or claim.family], claim)
        name = name or claim.family
    if name is None:
        yield ("row", claim.name, "", f"{claim.numbers};{claim.type or 'Str'};{claim.allowed}", claim.source)
        return
    row, note = table.rows[name], table.note(name)
    if claim.allowed and not set(claim.allowed.split("|")) <= set(row[ALLOWED].split("|")):
        yield ("allowed", name, row[ALLOWED], claim.allowed, claim.source)
    if claim.factory is not None and claim.factory != row[MPP12]:
        yield ("factory", name, row[MPP12], claim.factory, claim.source)
    if claim.line and claim.line not in note["lines"]:
        yield ("lines", name, "", claim.line, claim.source)
    # A guide that calls a name new may mean that something about it is.
    is_older = is_young(claim.firmware) and any(source in note["source"] for source in OLD_SOURCES)
    if claim.firmware and claim.firmware != note["firmware"] and not is_older:
        yield ("firmware", name, note["firmware"], claim.firmware, claim.source)
    if claim.source not in note["source"]:
        yield ("source", name, "", claim.source, claim.source)


# No SPA phone has firmware as young as this.
def is_young(firmware):
    since = re.match(r"(\d+)\.(\d)\(", firmware)
    return bool(since) and (int(since.group(1)), int(since.group(2))) >= (11, 3)


def settled(table):
    """What follows: whose factory value a row has, and who lacks it since every source of theirs was read whole."""
    for name, row in table.rows.items():
        note = table.note(name)
        lacking = []
        if row[SPA] and "spa" not in note["lines"]:
            yield ("lines", name, "", "spa", "")
        is_of_mpp = "mpp" in note["lines"] or "phoneos" in note["lines"]
        if ("spa" in note["lines"] or "ata" in note["lines"]) and not is_of_mpp:
            lacking += ["mpp", "phoneos"]
        if is_young(note["firmware"]) and "spa" not in note["lines"] and not row[SPA]:
            lacking += ["spa"]
        for line in lacking:
            if "-" + line not in note["lines"]:
                yield ("lines", name, "", "-" + line, "")


def compare_numbers(row, claim):
    """Numbers beyond those of a family are other models': 1..4 becomes 1..4..12."""
    last = claim.numbers.split("..")[-1]
    ends = row[NUMBERS].split("..")
    if "," not in row[NUMBERS] and row[NUMBERS] and int(last) > int(ends[-1]):
        yield ("numbers", row[NAME], row[NUMBERS], "..".join([*ends[:2], last]), claim.source)


def merge_line(table, fields, place):
    what, name, ours, theirs, _ = fields
    if what == "row":
        if name in table.members:
            raise BadInput(f"{place}: expected a name that is missing, found {name}")
        numbers, kind, allowed = theirs.split(";", 2)
        if bool(numbers) != ("#" in name):
            raise BadInput(f"{place}: expected a # in the name for each range of numbers, found {name}")
        table.rows[name] = [name, numbers, kind, "elsewhere", allowed, "", "", ""]
        table.members[name] = name
        table.order.insert(place_for(table, name), name)
        return
    if name not in table.rows:
        raise BadInput(f"{place}: expected a row of {CATALOGUE}, found {name}")
    row, note = table.rows[name], table.note(name)
    if what in ("lines", "source"):
        opposite = theirs[1:] if theirs.startswith("-") else "-" + theirs
        if what == "lines" and opposite in note["lines"]:
            raise BadInput(f"{place}: expected a line of products that {name} is not marked {opposite} for")
        note[what] = note[what] + [theirs] * (theirs not in note[what])
        return
    column = {"numbers": NUMBERS, "allowed": ALLOWED, "factory": MPP12}.get(what)
    if column is None and what != "firmware":
        raise BadInput(f"{place}: expected row, numbers, allowed, factory, lines, firmware or source, found {what}")
    found = note["firmware"] if column is None else row[column]
    if found != ours:
        raise BadInput(f"{place}: expected {name} to have {ours!r}, found {found!r}")
    if column is None:
        note["firmware"] = theirs
    else:
        row[column] = theirs


def place_for(table, name):
    """Where a new row goes: rows are sorted, other spellings follow them."""
    for at, line in enumerate(table.order):
        if line in table.rows and line > name:
            return at
    return next(at for at, line in enumerate(table.order) if line.split(" ")[0] in table.other_names)


def merge(table, path):
    for number, line in enumerate(read_lines(path), 1):
        fields = line.split("\t")
        if len(fields) != 5:
            raise BadInput(f"{path}:{number}: expected 5 fields, found {len(fields)}")
        merge_line(table, fields, f"{path}:{number}")
    table.write()


def main(arguments):
    folder = os.environ.get("PROVPHONE_CATALOGUE", os.path.dirname(os.path.abspath(__file__)))
    if not arguments or arguments[0] in ("-h", "--help"):
        print(__doc__.strip())
        return 0 if arguments else 2
    table = Table(folder)
    if arguments[0] == "--merge" and len(arguments) == 2:
        merge(table, arguments[1])
        return 0
    found = settled(table) if arguments == ["--settle"] else differences(
        table, [claim for path in arguments for claim in claims_of(path)])
    for difference in found:
        print("\t".join(difference))
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except (BadInput, OSError, UnicodeDecodeError) as problem:
        sys.exit(f"evidence.py: {problem}")
