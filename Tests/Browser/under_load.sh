#!/usr/bin/env bash
# Repeats the browser tests with every core kept busy by something else: a wait for a fixed time, or
# for a file that is only half there, fails then. usage: under_load.sh ROUNDS
set -euo pipefail
rounds=${1:?usage: under_load.sh ROUNDS}
cd "$(dirname "$0")/../.."
mkdir -p .build

busy=()
trap 'kill "${busy[@]}" 2>/dev/null || true' EXIT
for ((core = 0; core < $(nproc); core++)); do
  while :; do :; done &
  busy+=($!)
done

failures=0
for ((round = 1; round <= rounds; round++)); do
  log=.build/browser-round-$round.log
  if .venv/bin/python -m pytest -q Tests/Browser >"$log" 2>&1; then
    outcome=passed
  else
    outcome="failed, see $log"
    failures=$((failures + 1))
  fi
  echo "Round $round of $rounds $outcome: $(tail -n 1 "$log")"
done
echo "$failures of $rounds rounds failed."
[ "$failures" -eq 0 ]
