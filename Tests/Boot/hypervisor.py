"""Gives the node that the local endpoint has been told to launch a machine on this host, as EC2 does: it runs while the instance
runs, and goes down when it is stopped. The node is one of Litecoin, and its chain one of its own (litecoin.py).

    hypervisor.py --endpoint PORT --image FOLDER --home FOLDER --port-file FILE

The image's folder is what images.py prints, the home that of the user who launches. FILE gets the port of loopback that leads to
the machine's port 22."""

from __future__ import annotations

import argparse
import signal
import sys
import time
from pathlib import Path
from typing import Any

import litecoin
from launched import Launched, end_to_end
from machine import Disk, Machine, free_port


# Seconds that a stop takes at the least: long enough to be seen.
STOPPING = 10


def wait_for_launch(endpoint: Any) -> None:
    while not endpoint.client("ec2").describe_instances()["Reservations"]:
        time.sleep(1)


def follow(launched: Launched, machine: Machine) -> None:
    """Does with the machine what EC2 says of its instance."""
    while found := launched.cloud.instances():
        state = found[0]["State"]["Name"]
        if state == "running" and machine.process is None:
            machine.start()
        elif state in ("stopping", "stopped"):
            machine.shut_down()
        time.sleep(1)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--endpoint", type=int, required=True)
    parser.add_argument("--image", type=Path, required=True)
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--port-file", type=Path, required=True)
    given = parser.parse_args()
    # The machine ends with this program.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    port = free_port()
    given.port_file.write_text(str(port))
    endpoint = end_to_end.Endpoint(given.endpoint)
    endpoint.moods(stopping=STOPPING)
    wait_for_launch(endpoint)
    launched = Launched(end_to_end.Cloudrails(given.home, given.endpoint), endpoint, given.image)
    launched.cloud.user_data = litecoin.release(launched)
    data = Disk.empty(given.home / "data", launched.serial, launched.size)
    machine = launched.machine([data], forwarded={22: port})
    try:
        follow(launched, machine)
    finally:
        machine.end()
        launched.cloud.end()


if __name__ == "__main__":
    main()
