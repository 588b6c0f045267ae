#!/usr/bin/env bash
# Runs Jalon as separate processes on this machine, without Docker: a NATS server, a MongoDB (MONGODB_URI, else the local
# engine) and one process per service. Ends with Ctrl-C. The pages are on http://localhost:8080; sign in with
#   JALON_OPERATOR_KEY=$(cat .jalon-distributed/operator.key) bin/jalon signin-link --name "Your Name" --hr
set -euo pipefail
cd "$(dirname "$0")/.."
data=${JALON_DATA:-$PWD/.jalon-distributed}
base_port=${JALON_BASE_PORT:-8080} # the portal's; the services take the ports that follow
mkdir -p "$data"
chmod 700 "$data"

bin=${JALON_BIN:-} # a folder of programs that are built already
if [ -z "$bin" ]; then
  make --no-print-directory build bus
  bin=bin
fi

secret() { # a file of the data folder that only its owner reads
  [ -s "$data/$1" ] || (umask 077 && head -c 32 /dev/urandom | base64 | tr -d '+/=\n' >"$data/$1")
  cat "$data/$1"
}

pids=()
stop() { # what was started last ends first
  trap - EXIT INT TERM
  for ((i = ${#pids[@]} - 1; i >= 0; i--)); do
    kill -TERM "${pids[i]}" 2>/dev/null || true
    wait "${pids[i]}" 2>/dev/null || true
  done
}
trap stop EXIT INT TERM
start() { # start NAME COMMAND...: its output goes to a log of its own
  "${@:2}" >"$data/$1.log" 2>&1 &
  pids+=($!)
}
ready() { # ready PORT: whoever listens there says that it can work
  local status=
  { printf 'GET /readyz HTTP/1.0\r\n\r\n' >&3 && read -rt 5 _ status _ <&3; } 3<>"/dev/tcp/127.0.0.1/$1" && [ "$status" = 200 ]
}
wait_for() { # wait_for NAME COMMAND...
  for _ in $(seq 900); do "${@:2}" >/dev/null 2>&1 && return; read -rt 0.1 <> <(:) || true; done
  echo "$1 did not come up; its log is $data/$1.log" >&2
  exit 1
}

start nats "$bin/nats-server" --addr 127.0.0.1 --port $((base_port + 10)) --jetstream --store_dir "$data/nats"
if [ -z "${MONGODB_URI:-}" ]; then
  library=$(scripts/engine.sh)
  socket=$(mktemp -d)/mongodb.sock
  start engine "$bin/jalon" engine -lib "$library" -dir "$data/mongodb" -listen "$socket"
  wait_for engine test -S "$socket"
  MONGODB_URI="mongodb://${socket//\//%2F}/?directConnection=true"
fi
export MONGODB_URI
export NATS_URL="nats://127.0.0.1:$((base_port + 10))"
JALON_SERVICE_KEY=$(secret service.key)
JALON_OPERATOR_KEY=$(secret operator.key)
JALON_TALKS_KEY=$(secret talks.key)
JALON_BALLOTS_KEY=$(secret ballots.key)
export JALON_SERVICE_KEY JALON_OPERATOR_KEY JALON_TALKS_KEY JALON_BALLOTS_KEY JALON_PUBLIC_URL="http://localhost:$base_port"

services=(portal directory moments interviews barometer notifications)
for i in "${!services[@]}"; do
  name=${services[i]}
  export "JALON_${name^^}_URL=http://127.0.0.1:$((base_port + i))"
done
for i in "${!services[@]}"; do
  name=${services[i]}
  JALON_ADDR="127.0.0.1:$((base_port + i))" start "$name" "$bin/jalon-$name" serve
done
for i in "${!services[@]}"; do
  wait_for "${services[i]}" ready $((base_port + i))
done
echo "Jalon is ready: open http://localhost:$base_port (data and logs in $data)"
wait -n "${pids[@]}"
echo "one of the processes ended; the logs are in $data" >&2
exit 1
