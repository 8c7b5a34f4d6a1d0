#!/bin/sh
# Installs the servers that the tests start on loopback and that pip does not bring:
# MariaDB and PostgreSQL with TLS (Debian packages) and Azurite (npm). Does nothing for what is
# there already. Tests whose server is missing skip with the reason (and fail where CI is set).
set -eu
here=$(cd "$(dirname "$0")" && pwd)

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; elif command -v sudo >/dev/null 2>&1; then sudo "$@"; else
        echo "install.sh: not root and no sudo: cannot run: $*" >&2
        return 1
    fi
}

packages=
PATH="$PATH:/usr/sbin:/usr/local/sbin"
command -v mariadbd >/dev/null 2>&1 || packages="$packages mariadb-server"
ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || packages="$packages postgresql"
if ! command -v npm >/dev/null 2>&1 && ! command -v azurite-blob >/dev/null 2>&1; then packages="$packages npm"; fi
if [ -n "$packages" ]; then
    if command -v apt-get >/dev/null 2>&1; then
        as_root apt-get update -q >/dev/null
        # shellcheck disable=SC2086 # a list of package names
        as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends $packages >/dev/null
    else
        echo "install.sh: no apt-get here; install by hand:$packages" >&2
    fi
fi
if ! command -v azurite-blob >/dev/null 2>&1 && [ ! -e "$here/node_modules/.bin/azurite-blob" ] \
    && command -v npm >/dev/null 2>&1; then
    npm install --silent --prefix "$here" --no-package-lock --no-audit --no-fund
fi
