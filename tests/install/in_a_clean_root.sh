#!/bin/sh
# Inside a clean Debian 12: installs the packages and opens an IM over TLS with what they hold.
set -eu
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq >&2
apt-get install -y -qq --no-install-recommends /tmp/*.deb >&2
cd "$(mktemp -d)"
tutti --version
tutti-pod --seed /usr/share/tutti/demo-pod.yaml --port 0 --keys keys --tls self >address &
pod=$!
while [ ! -s address ]; do
  kill -0 $pod
  sleep 0.1
done
port=$(sed -n 's/.*"port":\([0-9]*\).*/\1/p' address)
cat >bot.yaml <<YAML
host: 127.0.0.1
port: $port
bot: { username: demo-bot, privateKey: { path: keys/demo-bot.pem } }
ssl: { trustStore: { path: keys/tutti-pod-ca.pem } }
YAML
status=0
tutti doctor --config bot.yaml || status=$?
tutti im open --config bot.yaml ada || status=$?
kill $pod
exit $status
