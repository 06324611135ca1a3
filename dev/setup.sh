#!/bin/sh
# Makes .venv from requirements-dev.lock: with uv where there is one, else with venv and pip.
# Does nothing when .venv was made from this very lock. PYTHON names another interpreter.
set -eu
cd "$(dirname "$0")/.."
lock=requirements-dev.lock
stamp=.venv/.made-from

say() { printf '%s\n' "$*" >&2; }
current() { [ -x .venv/bin/python ] && cmp -s "$lock" "$stamp" && .venv/bin/python -c '' 2>/dev/null; }

current && exit 0

# Two makes at once: the second waits and then finds the work done.
mkdir -p .dev
if command -v flock >/dev/null 2>&1; then
  exec 9>.dev/setup.lock
  flock 9
  current && exit 0
fi

fits() { "$1" -c 'import sys; sys.exit(not sys.version_info >= (3, 11))' 2>/dev/null; }
python=${PYTHON:-}
if [ -z "$python" ]; then
  for name in python3 python3.13 python3.12 python3.11; do
    if fits "$name"; then python=$name; break; fi
  done
fi

.venv/bin/python -c '' 2>/dev/null || rm -rf .venv  # moved, or its interpreter is gone
if command -v uv >/dev/null 2>&1; then
  # The interpreter's own path: uv asked for a bare name may pick another one.
  [ -z "$python" ] || python=$("$python" -c 'import sys; print(sys.executable)')
  [ -d .venv ] || uv venv -q --python "${python:->=3.11}" .venv
  say "Installing the locked packages with uv."
  UV_LINK_MODE=${UV_LINK_MODE:-copy} uv pip sync -q --python .venv/bin/python --require-hashes "$lock"
else
  if [ -z "$python" ] || ! fits "$python"; then
    say "Suhada needs Python 3.11 or newer (or uv, which brings one). Found none; set PYTHON."
    exit 1
  fi
  if [ ! -x .venv/bin/pip ] && ! "$python" -m venv .venv; then
    rm -rf .venv
    say "$python cannot make a virtual environment. On Debian: apt-get install python3-venv"
    exit 1
  fi
  say "Installing the locked packages with pip."
  .venv/bin/python -m pip install -q --disable-pip-version-check --no-input --no-deps --no-compile --require-hashes -r "$lock"
fi
cp "$lock" "$stamp"
