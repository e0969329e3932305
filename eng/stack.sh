# What up.sh and down.sh share; to be sourced. Sets `compose`, the command with its files and profiles.

compose=(docker compose --project-directory docker -f docker/compose.yaml)

# Says why not, when containers cannot be had: nothing, or one line.
why_no_engine() {
  if ! command -v docker >/dev/null; then
    echo "there is no 'docker' on the path"
  elif ! timeout 20 docker info >/dev/null 2>&1; then
    echo "no Docker engine answers ($(timeout 20 docker info 2>&1 | grep -iE 'cannot connect|denied|error' | head -1 | sed 's/^ *//'))"
  elif ! docker compose version >/dev/null 2>&1; then
    echo "the Docker engine answers, and there is no 'docker compose'"
  else
    local version
    version=$(docker compose version --short | sed 's/^v//')
    [ "$(printf '2.20\n%s\n' "$version" | sort -V | head -1)" = 2.20 ] || echo "'docker compose' is $version, 2.20 or later is needed"
  fi
}

# The services that run, one a line.
running_services() {
  "${compose[@]}" --profile core --profile sim --profile obs --profile ui ps --services --status running 2>/dev/null
}

# Who listens there, as far as the system tells.
holder_of() {
  local found
  found=$(ss -ltnpH "sport = :$1" 2>/dev/null | sed -nE 's/.*users:\(\("([^"]+)",pid=([0-9]+).*/\1 (process \2)/p' | head -1)
  echo "${found:-another program}"
}
