#!/bin/sh
# Inside a clean Debian 12: installs the packages, opens an IM over TLS with what they hold, and
# builds a bot against them.
set -eu
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq >&2
apt-get install -y -qq --no-install-recommends /tmp/tutti_*.deb /tmp/libtutti0_*.deb >&2
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

# The unit's own line, with a plugin of the package; ready is said to the log.
test -e /lib/systemd/system/tutti@.service
test -e /usr/share/tutti/systemd/hardened.conf
test -e /usr/share/tutti/grafana-dashboard.json
cp bot.yaml run.yaml
echo 'plugins: [{ name: open_at_start, ims: [ada] }]' >>run.yaml
tutti config check run.yaml || status=$?
tutti run --config run.yaml 2>run.log &
bot=$!
while ! grep -q ' opened users=ada' run.log; do
  kill -0 $bot
  sleep 0.1
done
kill $bot
wait $bot || status=$?

apt-get install -y -qq --no-install-recommends /tmp/libtutti-dev_*.deb g++ pkg-config >&2
# shellcheck disable=SC2046 # several words
g++ /usr/share/tutti/examples/1_hello.cpp $(pkg-config --cflags --libs tutti) -o bot
ada=$(tutti im open --config bot.yaml ada | sed 's/.*"participants":\[\([0-9]*\).*/\1/')
./bot bot.yaml "$ada" || status=$?
# shellcheck disable=SC2046 # several words
g++ -shared -fPIC /usr/share/tutti/examples/5_plugin/greeter.cpp $(pkg-config --cflags --libs tutti) -o greeter.so
cp bot.yaml run.yaml
echo 'plugins: [{ path: ./greeter.so, users: [ada] }]' >>run.yaml
tutti run --config run.yaml 2>run.log &
bot=$!
while ! grep -q ' greeted user=ada' run.log; do
  kill -0 $bot
  sleep 0.1
done
kill $bot
wait $bot || status=$?
kill $pod
exit $status
