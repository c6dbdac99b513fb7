# shellcheck shell=bash
# geth and Lighthouse on the node. bootstrap.sh calls these functions; its helpers are install_archive, make_user,
# write_file and install_unit. Settings: ETHEREUM_NETWORK, ETHEREUM_CHECKPOINTS (tried in this order), and those of the releases.

ethereum_secret=/etc/ethereum/jwt.hex

chain_install() {
    make_user geth
    make_user lighthouse
    # Both services read one secret through this group, and nobody else does.
    getent group ethereum-jwt >/dev/null || groupadd --system ethereum-jwt
    install_archive GETH "/opt/geth-$GETH_VERSION" geth 1
    install_archive LIGHTHOUSE "/opt/lighthouse-$LIGHTHOUSE_VERSION" lighthouse 0
    ln -sfn "/opt/geth-$GETH_VERSION/geth" /usr/local/bin/geth
    ln -sfn "/opt/lighthouse-$LIGHTHOUSE_VERSION/lighthouse" /usr/local/bin/lighthouse
    install -d -m 0755 "$CHAIN_DATA"
    install -d -o geth -g geth -m 0750 "$CHAIN_DATA/geth"
    install -d -o lighthouse -g lighthouse -m 0750 "$CHAIN_DATA/lighthouse"
    geth_unit | install_unit geth.service
    lighthouse_start | write_file /usr/local/lib/cloudrails/lighthouse 0755
    lighthouse_unit | install_unit lighthouse.service
}

# A third of the memory for geth's cache, in MiB.
geth_unit() {
    local cache
    cache=$(awk '/^MemTotal/ { print int($2 / 3072) }' /proc/meminfo)
    cat <<UNIT
[Unit]
Description=geth, $ETHEREUM_NETWORK
Documentation=https://geth.ethereum.org/docs
Wants=network-online.target
After=network-online.target
RequiresMountsFor=$CHAIN_DATA

[Service]
ExecStart=/opt/geth-$GETH_VERSION/geth --$ETHEREUM_NETWORK --datadir $CHAIN_DATA/geth --cache $cache --maxpeers 50 --authrpc.addr 127.0.0.1 --authrpc.port 8551 --authrpc.jwtsecret $ethereum_secret --http --http.addr 127.0.0.1 --http.port 8545 --http.api eth,net,web3
User=geth
Group=geth
SupplementaryGroups=ethereum-jwt
ReadWritePaths=$CHAIN_DATA/geth
TimeoutStopSec=$GETH_STOP_TIMEOUT
UNIT
}

# Checkpoint providers come and go: the first that answers is used. What is asked for is what Checkpointz, which most of them
# run, serves of the finalized state. With a database Lighthouse takes no checkpoint any more; but it makes the database before
# it has the first, so the URL is always given. One that is older than the shortest weak subjectivity period (256 epochs, 27
# hours) it refuses to go on with: an image's, or that of a node which was off. Then it begins anew, within minutes.
lighthouse_start() {
    cat <<SCRIPT
#!/usr/bin/env bash
set -euo pipefail
data=$CHAIN_DATA/lighthouse
checkpoint=()
stale=yes
[ -z "\$(find "\$data/beacon/chain_db" -type f -mmin -1440 -print -quit 2>/dev/null)" ] || stale=
for url in $ETHEREUM_CHECKPOINTS; do
    if curl -fsS -m 20 -o /dev/null "\$url/eth/v1/beacon/states/finalized/finality_checkpoints"; then
        checkpoint=(--checkpoint-sync-url "\$url")
        break
    fi
done
# A start in vain would make an old database look young.
if [ "\$stale" ] && [ \${#checkpoint[@]} -eq 0 ]; then
    echo 'no checkpoint provider answers' >&2
    exit 1
fi
[ -z "\$stale" ] || [ ! -d "\$data/beacon/chain_db" ] || checkpoint+=(--purge-db-force)
exec /opt/lighthouse-$LIGHTHOUSE_VERSION/lighthouse beacon_node --network $ETHEREUM_NETWORK --datadir "\$data" \\
    --execution-endpoint http://127.0.0.1:8551 --execution-jwt $ethereum_secret --http --http-address 127.0.0.1 \\
    --http-port 5052 --port 9000 --quic-port 9001 --disable-upnp "\${checkpoint[@]}"
SCRIPT
}

lighthouse_unit() {
    cat <<UNIT
[Unit]
Description=Lighthouse, $ETHEREUM_NETWORK
Documentation=https://lighthouse-book.sigmaprime.io
Wants=network-online.target
After=network-online.target geth.service
RequiresMountsFor=$CHAIN_DATA

[Service]
ExecStart=/usr/local/lib/cloudrails/lighthouse
User=lighthouse
Group=lighthouse
SupplementaryGroups=ethereum-jwt
ReadWritePaths=$CHAIN_DATA/lighthouse
TimeoutStopSec=$LIGHTHOUSE_STOP_TIMEOUT
UNIT
}

# geth may say that it is not syncing before consensus has told it anything, so both are asked.
chain_status() {
    python3 - <<'PYTHON'
import json
import os
import urllib.request


def ask(url, question=None):
    body = json.dumps(question).encode() if question else None
    request = urllib.request.Request(url, body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=10) as answer:
        return json.load(answer)


def geth(method, *parameters):
    question = {"jsonrpc": "2.0", "id": 1, "method": method, "params": list(parameters)}
    return ask("http://127.0.0.1:8545", question)["result"]


syncing = geth("eth_syncing")
# Until geth has the whole state of a block, its latest one is the first of all; how far it is stands elsewhere.
number = syncing["currentBlock"] if syncing else "latest"
block = geth("eth_getBlockByNumber", number, False) or geth("eth_getBlockByNumber", "latest", False)
height = int(block["number"], 16)
target = int(syncing["highestBlock"], 16) if syncing else height
try:
    beacon = ask("http://127.0.0.1:5052/eth/v1/node/syncing")["data"]
    # Optimistic: it has blocks which geth has not verified.
    waits = beacon["is_syncing"] or beacon["is_optimistic"] or beacon["el_offline"]
    follows = not waits and int(beacon["sync_distance"]) <= 1
except OSError:
    if "CHAIN_WHOLE" in os.environ:
        raise
    follows = False
synced = not syncing and height > 0 and follows
print(height, target, str(synced).lower(), block["hash"], int(geth("net_peerCount"), 16))
PYTHON
}

# The keys by which peers know the node, what it knows of them and of its own transactions, and the secret that joins the clients.
chain_scrub() {
    set_aside "$CHAIN_DATA/geth/geth"/{nodekey,nodes,jwtsecret,transactions.rlp} "$CHAIN_DATA/geth/history" "$ethereum_secret" \
        "$CHAIN_DATA/lighthouse/beacon/network"
    discard "$CHAIN_DATA/lighthouse/beacon/logs"
}

# Written whole, so that a power cut leaves either no secret or a good one; made anew only where there is none.
chain_firstboot() {
    [ -s "$ethereum_secret" ] || openssl rand -hex 32 | write_file "$ethereum_secret" 0640
    chgrp ethereum-jwt "$ethereum_secret"
}
