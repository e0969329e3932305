#!/usr/bin/env bash
# Where no Docker engine answers: brings one from Debian's packages, unpacked into artifacts/engine and started from there (nothing is
# installed), and makes stand-ins under the names of the base images that docker/Dockerfile and compose.yaml name, from debootstrap, this
# machine's SDK and its node. They are Debian, not what the names say: enough to try the steps, not to give away.
# usage: . eng/engine.sh; then `stop_engine` ends what was started. Needs root and apt; takes about a minute.

engine=$PWD/artifacts/engine
engine_pid=
had_bridge=no
if [ -e /sys/class/net/docker0 ]; then had_bridge=yes; fi

start_engine() {
  [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null || { echo "no engine answers, and one is brought only on Debian, as root" >&2; return 1; }
  mkdir -p "$engine"/{debs,bin,config/cli-plugins,state}
  if [ ! -f "$engine/unpacked" ]; then
    local mirror suite plugin
    mirror=$(apt-get indextargets --format '$(REPO_URI)' | grep -E '/debian/?$' | sort -u | sed -n 1p)
    suite=$(sed -nE 's/VERSION_CODENAME=//p' /etc/os-release)
    (cd "$engine/debs" && apt-get update -q >/dev/null && apt-get download -q docker.io containerd runc tini debootstrap iptables libip4tc2 libip6tc2 \
      libxtables12 libnetfilter-conntrack3 libnfnetlink0 libnftnl11 libdevmapper1.02.1) >"$engine/log" 2>&1 || { tail -5 "$engine/log" >&2; return 1; }

    # Compose 2 is in the release after bookworm, as one static file.
    plugin=$(curl -fsS "${mirror%/}/dists/trixie/main/binary-amd64/Packages.xz" | xz -dc | awk -v RS= '/^Package: docker-compose\n/' | sed -n 's/^Filename: //p')
    curl -fsS -o "$engine/debs/compose.deb" "${mirror%/}/$plugin"
    for deb in "$engine"/debs/*.deb; do dpkg -x "$deb" "$engine/root"; done
    # Containers find each other by name through rules in their own network; the link is made by an installation.
    ln -sf xtables-legacy-multi "$engine/root/usr/sbin/iptables"
    cp "$engine/root/usr/libexec/docker/cli-plugins/docker-compose" "$engine/config/cli-plugins/"
    DEBOOTSTRAP_DIR=$engine/root/usr/share/debootstrap "$engine/root/usr/sbin/debootstrap" --variant=minbase \
      --include=ca-certificates,zlib1g,libzstd1,libssl3,libgcc-s1,libstdc++6,libicu72,tzdata "$suite" "$engine/base" "${mirror%/}" >"$engine/log" 2>&1 ||
      { tail -5 "$engine/log" >&2; return 1; }
    touch "$engine/unpacked"
  fi

  export PATH=$PATH:$engine/root/usr/sbin:$engine/root/usr/bin DOCKER_HOST=unix://$engine/state/docker.sock DOCKER_CONFIG=$engine/config
  # Its own socket, its own data, and no change to this machine's packet filter: ports are published by its proxy.
  XTABLES_LIBDIR=$engine/root/usr/lib/x86_64-linux-gnu/xtables \
    LD_LIBRARY_PATH=$engine/root/usr/lib/x86_64-linux-gnu:$engine/root/lib/x86_64-linux-gnu setsid dockerd --data-root "$engine/state/data" \
    --exec-root "$engine/state/exec" --pidfile "$engine/state/pid" -H "$DOCKER_HOST" --iptables=false --ip-masq=false \
    --userland-proxy-path "$engine/root/usr/sbin/docker-proxy" >"$engine/dockerd.log" 2>&1 &
  engine_pid=$!
  for _ in $(seq 60); do
    if docker info >/dev/null 2>&1; then return 0; fi
    kill -0 "$engine_pid" 2>/dev/null || break
    sleep 0.5
  done
  tail -5 "$engine/dockerd.log" >&2
  return 1
}

stop_engine() {
  [ -n "$engine_pid" ] || return 0
  kill "$(cat "$engine/state/pid" 2>/dev/null || echo "$engine_pid")" 2>/dev/null || true
  wait "$engine_pid" 2>/dev/null || true
  # It leaves its bridge behind, and a mount that would keep `make clean` from removing the folder.
  [ "$had_bridge" = yes ] || ip link delete docker0 2>/dev/null || true
  umount "$engine/state/exec/netns/"* 2>/dev/null || true
}

# usage: import_image NAME CHANGE…; the folder $engine/image becomes the image
import_image() {
  local name=$1 options=()
  shift
  for change in 'ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' "$@"; do options+=(-c "$change"); done
  tar -c -C "$engine/image" . | docker import "${options[@]}" - "$name" >/dev/null
  rm -rf "$engine/image"
}

copy_base() {
  rm -rf "$engine/image"
  cp -a "$engine/base" "$engine/image"
  rm -rf "$engine/image/etc/ssl/certs" "$engine"/image/var/{cache,lib}/apt
  mkdir -p "$engine/image/etc/ssl"
  cp -rL /etc/ssl/certs "$engine/image/etc/ssl/certs"
}

make_stand_ins() {
  local sdk runtime node dotnet image=$engine/image
  sdk=$(sed -n 's/^ARG SDK=//p' docker/Dockerfile)
  runtime=$(sed -n 's/^ARG RUNTIME=//p' docker/Dockerfile)
  node=$(sed -n 's/^ARG NODE=//p' docker/Dockerfile)
  dotnet=$(dirname "$(readlink -f "$(command -v dotnet)")")

  if ! docker image inspect "$sdk" >/dev/null 2>&1; then
    copy_base
    mkdir -p "$image/usr/share"
    cp -a "$dotnet" "$image/usr/share/dotnet"
    ln -s /usr/share/dotnet/dotnet "$image/usr/bin/dotnet"
    import_image "$sdk" "ENV DOTNET_RUNNING_IN_CONTAINER=true NUGET_CERT_REVOCATION_MODE=${NUGET_CERT_REVOCATION_MODE:-online}"
  fi
  if ! docker image inspect "$node" >/dev/null 2>&1; then
    copy_base
    mkdir -p "$image/usr/lib"
    cp "$(readlink -f "$(command -v node)")" "$image/usr/bin/node"
    cp -a "$(dirname "$(readlink -f "$(command -v npm)")")/../.." "$image/usr/lib/node_modules"
    ln -s ../lib/node_modules/npm/bin/npm-cli.js "$image/usr/bin/npm"
    import_image "$node" 'ENV NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt'
  fi
  if ! docker image inspect "$runtime" >/dev/null 2>&1; then
    # Like the one it stands for: nothing in it can be run but .NET.
    copy_base
    (cd "$image" && rm -rf bin sbin usr/bin usr/sbin usr/lib/apt usr/lib/dpkg usr/lib/x86_64-linux-gnu/libicu* usr/lib/x86_64-linux-gnu/perl* \
      usr/share/{doc,man,locale,perl5,perl,bash-completion} var/lib/dpkg)
    mkdir -p "$image"/usr/bin "$image"/usr/sbin "$image/usr/share/dotnet" "$image/home/app"
    ln -s usr/bin "$image/bin"
    ln -s usr/sbin "$image/sbin"
    echo 'app:x:1654:1654::/home/app:/bin/false' >>"$image/etc/passwd"
    echo 'app:x:1654:' >>"$image/etc/group"
    chown 1654:1654 "$image/home/app"
    cp -a "$dotnet"/{host,shared,dotnet} "$image/usr/share/dotnet/"
    ln -s ../share/dotnet/dotnet "$image/usr/bin/dotnet"
    import_image "$runtime" 'ENV APP_UID=1654 ASPNETCORE_HTTP_PORTS=8080 DOTNET_RUNNING_IN_CONTAINER=true' 'USER 1654'
  fi
}
