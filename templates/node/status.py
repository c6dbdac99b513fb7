"""What a node's helper knows, made into what people, programs and AWS read.

status.py json|text|tag: facts come as variables of the environment, what was seen earlier as lines `time height used` in the
file SAMPLES. Prints one JSON object, lines for people, or the value of the tag cloudrails:status.
"""

import contextlib
import json
import os
import re
import shutil
import sys
import time

DAY = 86_400
# A height that has not moved for half an hour is no progress.
STALLED_AFTER = 1_800
# A report comes every five minutes. Where none was made for longer, the node was off, or did not answer.
LONGEST_GAP = 900
# One look tells no rate, and two that are close together tell a wrong one.
SHORTEST_SPAN = 60


def number(name):
    """A fact as a number; None where the client did not tell it."""
    text = os.environ.get(name, "")
    return int(text) if re.fullmatch(r"-?\d+", text) else None


def read_samples(now):
    """What was seen within a day, oldest first."""
    try:
        with open(os.environ["SAMPLES"], encoding="ascii") as file:
            rows = [tuple(int(word) for word in line.split()) for line in file]
    except (OSError, ValueError):
        return []
    return [row for row in rows if len(row) == 3 and now - DAY <= row[0] <= now]


def keep_samples(rows):
    path = os.environ["SAMPLES"]
    # A full disk shall not keep the node from saying how it is.
    with contextlib.suppress(OSError):
        with open(f"{path}.new", "w", encoding="ascii") as file:
            file.writelines("%d %d %d\n" % row for row in rows)
        os.replace(f"{path}.new", path)


def rates(samples):
    """Blocks a second over the last quarter of an hour, the last hour and all that is known."""
    now, height, _ = samples[-1]
    found = []
    for window in (900, 3_600, DAY):
        first = next(sample for sample in samples if sample[0] >= now - window)
        if now - first[0] >= SHORTEST_SPAN:
            found.append((height - first[1]) / (now - first[0]))
    return found


def unmoved(samples):
    """Seconds since the height changed, as far as is known: a node that was off has not stalled."""
    now, height, _ = samples[-1]
    since = now
    for sample in reversed(samples):
        if sample[1] != height or since - sample[0] > LONGEST_GAP:
            break
        since = sample[0]
    return now - since


def days_until_full(samples, free):
    """By the growth of the last day; None below an hour of it."""
    first, last = samples[0], samples[-1]
    grown = last[2] - first[2]
    if last[0] - first[0] < 3_600 or grown <= 0:
        return None
    return int(free / grown * (last[0] - first[0]) / DAY)


def state_of(facts, services, samples):
    """One of installing, starting, sealed, stopped, syncing, synced, stalled, failed, and why."""
    setup, reason = os.environ["SETUP_STATE"] or "installing", os.environ["SETUP_REASON"]
    if setup != "ready":
        return setup, reason
    if os.environ["BROKEN"]:
        return "failed", os.environ["BROKEN"]
    idle = [service["unit"] for service in services if service["active"] != "active"]
    if idle:
        return "starting", f"{idle[0]} is not active"
    if facts["height"] is None:
        return "starting", "the client does not answer yet"
    # geth fetches all headers before it has a height.
    begins = facts["height"] == 0 and facts["peers"]
    still = unmoved(samples) >= STALLED_AFTER and not begins
    if os.environ["SYNCED"] == "true":
        # Without peers nobody tells of new blocks.
        return ("stalled", "no peers") if still and facts["peers"] == 0 else ("synced", "")
    return ("stalled", f"no block for {unmoved(samples) // 60} minutes") if still else ("syncing", "")


def progress(facts, samples):
    """Lag, percent, rate and the time to the head."""
    height, target = facts["height"], facts["network_height"]
    if height is None:
        return
    found = rates(samples)
    facts["rate"] = round(found[0] * 60, 2) if found else None
    if facts["state"] == "synced":
        target = facts["network_height"] = max(height, target or 0)
    if not target:
        return
    facts["lag"] = max(0, target - height)
    facts["percent"] = min(100.0, height * 10_000 // target / 100)
    moving = [rate for rate in found if rate > 0]
    if facts["state"] == "synced":
        facts["eta_low_s"] = facts["eta_high_s"] = 0
    elif moving and facts["lag"]:
        facts["eta_low_s"], facts["eta_high_s"] = (
            int(facts["lag"] / max(moving)), int(facts["lag"] / min(moving)))


def gather():
    now = int(time.time())
    data = os.environ["DATA"]
    facts = {
        "node": os.environ["CLOUDRAILS_NODE"], "target": os.environ["CLOUDRAILS_TARGET"], "state": "", "reason": "",
        "height": number("HEIGHT"), "network_height": number("NETWORK_HEIGHT"), "lag": None, "hash": None, "rate": None,
        "percent": None, "eta_low_s": None, "eta_high_s": None, "peers": number("PEERS"), "disk_percent": None,
        "days_until_full": None, "client": os.environ["CLIENT"]}
    services = [dict(zip(("unit", "active"), word.split("="))) for word in os.environ["SERVICES"].split()]
    disk = shutil.disk_usage(data) if os.path.ismount(data) else None
    samples = read_samples(now)
    if facts["height"] is not None:
        facts["hash"] = os.environ["HASH"]
        last = samples[-1] if samples else None
        seen = (now, facts["height"], disk.used if disk else 0)
        # Somebody who watches shall not fill the file.
        if last is None or now - last[0] >= 30 or last[1] > seen[1]:
            samples.append(seen)
            keep_samples(samples)
        elif last != seen:
            samples.append(seen)
    facts["state"], facts["reason"] = state_of(facts, services, samples)
    progress(facts, samples)
    if disk:
        facts["disk_percent"] = -(-disk.used * 100 // disk.total)
        facts["days_until_full"] = days_until_full(samples, disk.free) if samples else None
    return {**facts, "services": services, "at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(now))}


def span(seconds):
    for unit, length in (("days", DAY), ("hours", 3_600), ("minutes", 60)):
        if seconds >= 2 * length:
            return f"{seconds // length} {unit}"
    return f"{seconds} s"


def text(facts):
    def line(label, value):
        return f"{label:<9} {value}"

    yield line("Node", facts["node"])
    yield line("Target", f"{facts['target']}, {facts['client']}")
    yield line("State", facts["state"] + (f": {facts['reason']}" if facts["reason"] else ""))
    if facts["height"] is not None:
        height = f"{facts['height']} of {facts['network_height'] or 'unknown'}"
        yield line("Height", height + (f" ({facts['percent']} %)" if facts["percent"] is not None else ""))
    if facts["rate"] is not None:
        yield line("Rate", f"{facts['rate']} blocks a minute")
    if facts["eta_high_s"]:
        yield line("Head in", f"{span(facts['eta_low_s'])} to {span(facts['eta_high_s'])}")
    if facts["peers"] is not None:
        yield line("Peers", facts["peers"])
    if facts["disk_percent"] is not None:
        days = facts["days_until_full"]
        yield line("Disk", f"{facts['disk_percent']} % used" + (f", full in {days} days" if days is not None else ""))
    for service in facts["services"]:
        yield line("Service", f"{service['unit']} {service['active']}")


def tag(facts):
    """`state=syncing height=1 target=2 disk=61 at=…`, of the characters and the length (256) that EC2 takes."""
    words = [
        f"state={facts['state']}", f"height={facts['height'] or 0}", f"target={facts['network_height'] or 0}",
        f"disk={facts['disk_percent'] or 0}", f"at={facts['at'][:16]}Z"]
    if facts["reason"]:
        words.append("reason=" + re.sub(r"[^A-Za-z0-9 .:_/-]", " ", facts["reason"]))
    return " ".join(words)[:256].rstrip()


if __name__ == "__main__":
    form = sys.argv[1]
    gathered = gather()
    if form == "json":
        print(json.dumps(gathered))
    elif form == "tag":
        print(tag(gathered))
    else:
        print("\n".join(text(gathered)))
