#!/usr/bin/env bash
# Measures `make atlas` in a fresh clone, twice. The first time includes the installation of packages only
# on a machine that does not have them.
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
