# shellcheck shell=bash
# Monero on the node, for the boot tests alone: a chain of its own, without a network, whose blocks are made when they are asked for.
# Settings: MONERO_RPC_PORT, MONEROD_STOP_TIMEOUT, and those of the release.

monero_home=/opt/monero-${MONERO_VERSION}

chain_install() {
    make_user monero
    install_archive MONERO "$monero_home" monerod 1
    install -d -o monero -g monero -m 0750 "$CHAIN_DATA"
    monero_unit | install_unit monerod.service
}

# RandomX compiles its programs as it goes, so memory may be written and run.
monero_unit() {
    cat <<UNIT
[Unit]
Description=Monero, regtest
Documentation=https://docs.getmonero.org/interacting/monerod-reference/
Wants=network-online.target
After=network-online.target
RequiresMountsFor=$CHAIN_DATA

[Service]
ExecStart=$monero_home/monerod --regtest --keep-fakechain --offline --fixed-difficulty 1 --non-interactive \
--data-dir $CHAIN_DATA --rpc-bind-ip 127.0.0.1 --rpc-bind-port $MONERO_RPC_PORT --no-zmq
User=monero
Group=monero
ReadWritePaths=$CHAIN_DATA
TimeoutStopSec=$MONEROD_STOP_TIMEOUT
UNIT
}

# Monero counts blocks; the height is that of the last one.
chain_status() {
    curl -sf -m 30 "http://127.0.0.1:$MONERO_RPC_PORT/json_rpc" -d '{"jsonrpc":"2.0","id":"0","method":"get_info"}' | python3 -c '
import json, sys
info = json.load(sys.stdin)["result"]
height = info["height"] - 1
target = max(height, info["target_height"] - 1)
peers = info["outgoing_connections_count"] + info["incoming_connections_count"]
print(height, target, str(info["synchronized"]).lower(), info["top_block_hash"], peers)'
}

chain_scrub() {
    set_aside "$CHAIN_DATA/p2pstate.bin"
    discard "$CHAIN_DATA"/*.log*
}

# monerod makes its identity by itself.
chain_firstboot() { :; }
