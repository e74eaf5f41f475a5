# Gives $root and $python: this checkout, and the Python of its .venv with everything installed. To be sourced:
#     extra=dev; . "$(dirname "$0")/setup.sh"       (extra is optional)
# The second time it only compares a digest. It never trusts a .venv that is half made or was made elsewhere.

set -euo pipefail
unset PYTHONPATH PYTHONHOME VIRTUAL_ENV
export PYTHONUTF8=1 PIP_DISABLE_PIP_VERSION_CHECK=1
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
python=$root/.venv/bin/python
extra=${extra:-}

stop() { printf '%s\n' "$*" >&2; exit 1; }

may_install() { [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; }

# install_package NAME: Debian's package NAME; no service is started on the way
install_package() {
    local apt=(env "PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin" DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 apt-get -qq)
    "${apt[@]}" install -y --no-install-recommends "$1" >/dev/null 2>&1 ||
        { "${apt[@]}" update && "${apt[@]}" install -y --no-install-recommends "$1"; } >/dev/null
}

is_recent() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }

find_python() {
    local name
    for name in python3 python3.11 python3.12 python3.13 python3.14 python; do
        if command -v "$name" >/dev/null && is_recent "$name"; then command -v "$name"; return; fi
    done
    stop "Il faut Python 3.11 ou plus récent : aucun n’est dans le PATH ($PATH)."
}

make_venv() {
    local base
    base=$(find_python)
    "$base" -c 'import ensurepip, venv' 2>/dev/null || { may_install && install_package python3-venv; } ||
        stop "$base n’a pas le module venv : installez le paquet python3-venv, puis recommencez."
    rm -rf "$root/.venv"
    "$base" -m venv "$root/.venv"
}

# what was once whole has a stamp; an installation that was cut short has none, and is made anew
is_ours() {
    compgen -G "$root/.venv/installed*" >/dev/null &&
        grep -qsF -- "-m venv $root/.venv" "$root/.venv/pyvenv.cfg" && is_recent "$python"
}

install_project() {
    rm -f "$root"/.venv/installed*
    (umask 022; "$python" -m pip install --quiet --editable "$root${extra:+[$extra]}")
    echo "$wanted" >"$root/.venv/installed${extra:+-$extra}"
}

wanted=$({ cat "$root/setup.cfg" "$root/pyproject.toml"; echo "$root"; } | sha256sum)
is_stamped() { [ "$(cat "$root/.venv/$1" 2>/dev/null)" = "$wanted" ]; }
has_all() { is_recent "$python" && { is_stamped installed-dev || { [ -z "$extra" ] && is_stamped installed; }; }; }

if ! has_all; then
    exec 9<"$root/scripts"
    flock 9  # another of our scripts may be at it
    if ! has_all; then
        echo "Installation de l’environnement Python (une minute la première fois)…" >&2
        is_ours || make_venv
        install_project
    fi
    exec 9<&-
fi
