# shellcheck shell=bash
# Litecoin Core on the node. bootstrap.sh calls these functions; its helpers are install_archive, make_user, write_file and
# install_unit. Settings: LITECOIN_CHAIN (main, test), LITECOIN_RPC_PORT, and those of the release.

litecoin_home=/opt/litecoin-${LITECOIN_CORE_VERSION}

# As the client's user: where the network's folder is missing, this makes it, and litecoind has to write there.
litecoin_cli() {
    setpriv --reuid=litecoin --regid=litecoin --init-groups \
        "$litecoin_home/bin/litecoin-cli" -conf=/etc/litecoin/litecoin.conf -datadir="$CHAIN_DATA" "$@"
}

chain_install() {
    make_user litecoin
    install_archive LITECOIN_CORE "$litecoin_home" bin/litecoind 1
    litecoin_cli_for_people | write_file /usr/local/bin/litecoin-cli 0755
    litecoin_configuration | write_file /etc/litecoin/litecoin.conf 0644
    install -d -o litecoin -g litecoin -m 0750 "$CHAIN_DATA"
    litecoin_unit | install_unit litecoind.service
}

# By itself it would look for its settings and for the cookie in the home of whoever calls it.
litecoin_cli_for_people() {
    cat <<SCRIPT
#!/bin/sh
exec sudo -u litecoin $litecoin_home/bin/litecoin-cli -conf=/etc/litecoin/litecoin.conf -datadir=$CHAIN_DATA "\$@"
SCRIPT
}

# A quarter of the memory for the database's cache, at least litecoind's old default of 450 MiB.
litecoin_configuration() {
    local cache
    cache=$(awk '/^MemTotal/ { mib = int($2 / 4096); print mib < 450 ? 450 : mib }' /proc/meminfo)
    cat <<CONF
chain=$LITECOIN_CHAIN
server=1
disablewallet=1
dbcache=$cache
[$LITECOIN_CHAIN]
rpcbind=127.0.0.1
rpcallowip=127.0.0.1
rpcport=$LITECOIN_RPC_PORT
CONF
}

# litecoind writes its settings.json without fsync: after a power cut it may be empty, and litecoind would not start.
litecoin_unit() {
    cat <<UNIT
[Unit]
Description=Litecoin Core, $LITECOIN_CHAIN
Documentation=https://github.com/litecoin-project/litecoin/blob/master/doc/init.md
Wants=network-online.target
After=network-online.target
RequiresMountsFor=$CHAIN_DATA

[Service]
ExecStartPre=-/usr/bin/find $CHAIN_DATA -maxdepth 2 -name settings.json -empty -delete
ExecStart=$litecoin_home/bin/litecoind -conf=/etc/litecoin/litecoin.conf -datadir=$CHAIN_DATA
User=litecoin
Group=litecoin
ReadWritePaths=$CHAIN_DATA
MemoryDenyWriteExecute=yes
TimeoutStopSec=$LITECOIND_STOP_TIMEOUT
UNIT
}

chain_status() {
    { litecoin_cli getblockchaininfo && litecoin_cli getconnectioncount; } | python3 -c '
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

# litecoind makes all of that by itself.
chain_firstboot() { :; }
