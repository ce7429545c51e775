# How deploy.sh runs commands: each is printed, and with --dry-run none is run.
# shellcheck shell=bash disable=SC2154

refuse() {
  printf 'deploy.sh: %s\n' "$1" >&2
  exit 2
}

step() { printf '\n# %s\n' "$1"; }

show() {
  printf '+'
  printf ' %q' "$@"
  printf '\n'
}

# Runs a command that changes something.
run() {
  show "$@"
  [[ $dry_run == yes ]] || "$@"
}

# ask PLACEHOLDER COMMAND...: the answer of a command that changes nothing. With --dry-run, the placeholder.
ask() {
  if [[ $dry_run == yes ]]; then printf '%s\n' "$1"; else "${@:2}"; fi
}

# Whether a thing exists. With --dry-run, nothing does.
exists() { [[ $dry_run == no ]] && "$@" > /dev/null 2>&1; }

# eventually MESSAGE COMMAND...: runs it again for 10 minutes while its error contains the message.
# Google Cloud needs this time until it knows a new account or metric everywhere.
eventually() {
  local message=$1 said attempt
  shift
  show "$@"
  [[ $dry_run == no ]] || return 0
  for attempt in {1..40}; do
    if said=$("$@" 2>&1); then return 0; fi
    [[ $said == *"$message"* ]] || break
    printf 'Google Cloud does not know it yet. Trying again in 15 seconds (%s of 40).\n' "$attempt"
    sleep 15
  done
  printf '%s\n' "$said" >&2
  return 1
}

create_service_account() {
  exists gcloud iam service-accounts describe "$1@$project.iam.gserviceaccount.com" ||
    run gcloud iam service-accounts create "$1"
}

# What a list command has: a line with id and display name for each.
list() { ask '' "$@" --format 'value(name,displayName)'; }

# named NAME: the id of the line with this display name, or nothing.
named() { awk -F '\t' -v wanted="$1" '$2 == wanted && found == "" { found = $1 } END { print found }'; }

# variable NAME VALUE: adds a variable of the server. check_scenario refuses quotation marks in values.
variable() { printf '%s: "%s"\n' "$1" "$2" >> "$work/notes.env.yaml"; }

# create_secret NAME VARIABLE: a secret that the server may read, and no other account of the project.
create_secret() {
  exists gcloud secrets describe "$1" || run gcloud secrets create "$1" --replication-policy automatic
  eventually 'does not exist' gcloud secrets add-iam-policy-binding "$1" \
    --member "serviceAccount:$server" --role roles/secretmanager.secretAccessor
  variable "$2" "gcp-sm://$1"
}

# The name of the newest version that is enabled, or nothing. `latest` may be a version that is disabled.
newest_version() {
  ask '' gcloud secrets versions list "$1" --filter state=ENABLED --limit 1 --format 'value(name)'
}

# Whether a secret has a value. It stays, because the rotation of a secret has an order.
keep_version() {
  local version
  version=$(newest_version "$1") || exit
  [[ -n $version ]] || return 1
  printf 'The value of %s stays. To change it, see "Rotate keys and secrets" in the documentation.\n' "$1"
}

# The value comes from standard input, because the arguments of a process can be read by others.
add_version() { run gcloud secrets versions add "$1" --data-file=-; }

# setting NAME VARIABLE VALUE: stores a setting. A changed value becomes a new version.
setting() {
  local current='' version
  create_secret "$1" "$2"
  version=$(newest_version "$1") || exit
  if [[ -n $version ]]; then
    current=$(gcloud secrets versions access "${version##*/}" --secret "$1")
  fi
  [[ $current == "$3" ]] || add_version "$1" < <(printf '%s' "$3")
}
