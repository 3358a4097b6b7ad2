#!/usr/bin/env bash
# Repeats the browser tests with every core kept busy by something else: a wait for a fixed time, or
# for a file that is only half there, fails then. Several rounds can run abreast. Then each is
# something else for the others, and endless loops take only what these leave.
# usage: under_load.sh ROUNDS [ABREAST]
set -euo pipefail
rounds=${1:?usage: under_load.sh ROUNDS [ABREAST]}
abreast=${2:-1}
cd "$(dirname "$0")/../.."
mkdir -p .build
rm -f .build/browser-round-*

busy=()
trap 'kill "${busy[@]}" 2>/dev/null || true' EXIT
for ((core = 0; core < $(nproc); core++)); do
  while :; do :; done &
  busy+=($!)
  if [ "$abreast" -gt 1 ]; then renice -n 19 $! >/dev/null; fi
done

running=()
round() {
  local log=.build/browser-round-$1.log outcome=passed
  if ! .venv/bin/python -m pytest -q Tests/Browser >"$log" 2>&1; then
    outcome="failed, see $log"
    touch ".build/browser-round-$1.failed"
  fi
  echo "Round $1 of $rounds $outcome: $(tail -n 1 "$log")"
}

for ((first = 1; first <= abreast; first++)); do
  for ((number = first; number <= rounds; number += abreast)); do round "$number"; done &
  running+=($!)
done
wait "${running[@]}"
failures=$(find .build -name 'browser-round-*.failed' | wc -l)
echo "$failures of $rounds rounds failed."
[ "$failures" -eq 0 ]
