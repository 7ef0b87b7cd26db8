"""The files that fleets are measured with. Their names are in the catalogue, nothing in them acts, and phones take them."""
import gzip, json, subprocess

OWNER = "0000deadbeef"  # stands where a server puts a phone's address
SMALL = b"<flat-profile><GPP_A>everybody</GPP_A></flat-profile>\n"


def names_of(provphone, count):
    """So many parameters that a phone keeps and nothing hangs on, with a value for each."""
    catalogue = json.loads(subprocess.run([provphone, "parameters", "--stored", "--format", "json"], capture_output=True, check=True).stdout)
    kept = [p for p in catalogue if not p["elsewhere"] and not p["secret"] and p["lines"].get("mpp12") and p["type"] in ("Str", "Bool")]
    return [(p["name"], "No" if p["type"] == "Bool" else "site text 4711") for p in kept[:count]]


def profile(names, own=""):
    """XML of some 40 KB. `own` is in twenty of its values."""
    lines = ["<flat-profile>"]
    for i, (name, value) in enumerate(names):
        is_own = own and value != "No" and i % (len(names) // 40) == 0
        lines.append(f'  <{name} ua="na">{value}{" " + own if is_own else ""}</{name}>')
    return "\n".join(lines + ["</flat-profile>", ""]).encode()


def zipped(octets):
    return gzip.compress(octets, mtime=0)
