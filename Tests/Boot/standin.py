#!/usr/bin/python3
"""A client that only listens: on the peers' ports that are written into it, and where its options and its file of settings say.
Its RPC ports are nowhere but in what install.sh gave it."""

import os
import selectors
import signal
import socket
import sys

PEERS = "PEERS"  # such as `8333/tcp 9000/udp`


def options():
    words = sys.argv[1:]
    for index, word in enumerate(words):
        name, _, value = word.lstrip("-").partition("=")
        if word.startswith("-"):
            yield name, value or (words[index + 1] if index + 1 < len(words) else "")
        if name == "conf":
            with open(value, encoding="utf-8") as file:
                yield from (line.strip().split("=", 1) for line in file if "=" in line)


given = dict(options())
places = [("0.0.0.0", *word.split("/")) for word in PEERS.split()]
for address, port in (("rpcbind", "rpcport"), ("http.addr", "http.port"), ("authrpc.addr", "authrpc.port"), ("http-address", "http-port")):
    if port in given:
        places.append((given.get(address, "0.0.0.0"), given[port], "tcp"))
# What a client is given to read or write, it must be able to.
for name in ("jwtsecret", "authrpc.jwtsecret", "execution-jwt"):
    if name in given:
        assert len(open(given[name], encoding="ascii").read().strip()) == 64
for name in ("datadir",):
    with open(os.path.join(given[name], "written"), "w", encoding="ascii") as file:
        file.write("by the client\n")

signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
selector = selectors.DefaultSelector()
for address, port, kind in places:
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM if kind == "tcp" else socket.SOCK_DGRAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((address, int(port)))
    if kind == "tcp":
        listener.listen()
    selector.register(listener, selectors.EVENT_READ)
while True:
    selector.select()
    signal.pause()
