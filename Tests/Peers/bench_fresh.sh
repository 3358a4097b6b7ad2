#!/usr/bin/env bash
# How long a newcomer waits: `make atlas` in a fresh clone, and again. What is installed already is not
# installed anew; on a machine that has only Swift, git and make the first figure holds the packages too.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
clone=$(mktemp -d)
trap 'rm -rf "$clone"' EXIT
git clone -q "$root" "$clone/geoatlas"
cd "$clone/geoatlas"
for run in first second; do
  start=$SECONDS
  make atlas >"$clone/$run.log" 2>&1 || { tail -20 "$clone/$run.log"; exit 1; }
  printf '  make atlas, %-6s time %38s s   %s\n' "$run" "$((SECONDS - start))" \
    "$([ "$run" = first ] && echo 'bar 360 s' || echo 'bar 20 s')"
done
