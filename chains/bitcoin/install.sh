# shellcheck shell=bash
# Bitcoin Core on the node. bootstrap.sh calls these functions; its helpers are install_archive, make_user, write_file and
# install_unit. Settings: BITCOIN_CHAIN (main, testnet4, signet), BITCOIN_RPC_PORT, and those of the release.

bitcoin_home=/opt/bitcoin-${BITCOIN_CORE_VERSION}

# As the client's user: where the network's folder is missing, this makes it, and bitcoind has to write there.
bitcoin_cli() {
    setpriv --reuid=bitcoin --regid=bitcoin --init-groups \
        "$bitcoin_home/bin/bitcoin-cli" -conf=/etc/bitcoin/bitcoin.conf -datadir="$CHAIN_DATA" "$@"
}

chain_install() {
    make_user bitcoin
    install_archive BITCOIN_CORE "$bitcoin_home" bin/bitcoind 1
    bitcoin_cli_for_people | write_file /usr/local/bin/bitcoin-cli 0755
    bitcoin_configuration | write_file /etc/bitcoin/bitcoin.conf 0644
    install -d -o bitcoin -g bitcoin -m 0750 "$CHAIN_DATA"
    bitcoin_unit | install_unit bitcoind.service
}

# By itself it would look for its settings and for the cookie in the home of whoever calls it.
bitcoin_cli_for_people() {
    cat <<SCRIPT
#!/bin/sh
exec sudo -u bitcoin $bitcoin_home/bin/bitcoin-cli -conf=/etc/bitcoin/bitcoin.conf -datadir=$CHAIN_DATA "\$@"
SCRIPT
}

# A quarter of the memory for the database's cache, at least bitcoind's old default of 450 MiB.
bitcoin_configuration() {
    local cache
    cache=$(awk '/^MemTotal/ { mib = int($2 / 4096); print mib < 450 ? 450 : mib }' /proc/meminfo)
    cat <<CONF
chain=$BITCOIN_CHAIN
server=1
disablewallet=1
dbcache=$cache
[$BITCOIN_CHAIN]
rpcbind=127.0.0.1
rpcallowip=127.0.0.1
rpcport=$BITCOIN_RPC_PORT
CONF
}

# bitcoind writes its settings.json without fsync: after a power cut it may be empty, and bitcoind would not start.
bitcoin_unit() {
    cat <<UNIT
[Unit]
Description=Bitcoin Core, $BITCOIN_CHAIN
Documentation=https://github.com/bitcoin/bitcoin/blob/master/doc/init.md
Wants=network-online.target
After=network-online.target
RequiresMountsFor=$CHAIN_DATA

[Service]
ExecStartPre=-/usr/bin/find $CHAIN_DATA -maxdepth 2 -name settings.json -empty -delete
ExecStart=$bitcoin_home/bin/bitcoind -conf=/etc/bitcoin/bitcoin.conf -datadir=$CHAIN_DATA
User=bitcoin
Group=bitcoin
ReadWritePaths=$CHAIN_DATA
MemoryDenyWriteExecute=yes
TimeoutStopSec=$BITCOIND_STOP_TIMEOUT
UNIT
}

chain_status() {
    { bitcoin_cli getblockchaininfo && bitcoin_cli getconnectioncount; } | python3 -c '
import json, sys
*info, peers = sys.stdin.read().splitlines()
info = json.loads("".join(info))
blocks, headers = info["blocks"], info["headers"]
# Until headers come in, both are 0: that is no height to be at.
synced = not info["initialblockdownload"] and headers > 0 and headers - blocks <= 1
print(blocks, headers, str(synced).lower(), info["bestblockhash"], peers)'
}

# What tells this node from others, and what lets others in. A test network has a folder of its own.
chain_scrub() {
    set_aside "$CHAIN_DATA"/{,*/}{.cookie,onion_v3_private_key,i2p_private_key,peers.dat,anchors.dat,banlist.dat,banlist.json}
    discard "$CHAIN_DATA"/{,*/}debug.log
}

# bitcoind makes all of that by itself.
chain_firstboot() { :; }
