#!/usr/bin/env bash
# Deploys the notes server to Cloud Run, with its identity, secrets, image, alerts, dashboard and uptime check.
# A second run creates what is missing, and deploys again. README.md explains the options.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../../.." && pwd)
# shellcheck source-path=SCRIPTDIR source=commands.sh
source "$here/commands.sh"
# shellcheck source-path=SCRIPTDIR source=scenarios.sh
source "$here/scenarios.sh"
# shellcheck source-path=SCRIPTDIR source=monitoring.sh
source "$here/monitoring.sh"

usage() {
  cat << 'END'
Usage: deploy.sh --project ID --region REGION --scenario NAME [options]

Scenarios, and what each needs:
  google   ID tokens of a service account    [--caller-id NUMBER]
  entra    Microsoft Entra                   --tenant-id GUID --client-id GUID
  okta     introspection with Okta           --issuer URL --client-id ID --client-secret-file FILE [--audience TEXT]
  auth0    JWTs of Auth0                     --issuer URL [--audience TEXT]
  hmac     a key that your services share    --issuer URL --audience TEXT

Options:
  --service NAME         the Cloud Run service, and the beginning of all names; default notes
  --tag TAG              the version of the image; default the Git commit
  --build cloud|docker   where the image is built: Cloud Build, or Docker on this machine; default cloud
  --alert-email ADDRESS  who is told of alerts; default nobody
  --dry-run              prints the commands, and calls nothing
  --yes                  does not ask before it creates what costs money
  --help                 prints this text
END
}

project='' region='' scenario='' service=notes tag='' build=cloud alert_email='' dry_run=no yes=no
caller_id='' tenant_id='' client_id='' client_secret_file='' issuer='' audience=''

while (($# > 0)); do
  case $1 in
    --help) usage && exit 0 ;;
    --dry-run) dry_run=yes && shift && continue ;;
    --yes) yes=yes && shift && continue ;;
    --*=*) set -- "${1%%=*}" "${1#*=}" "${@:2}" && continue ;;
    --project | --region | --scenario | --service | --tag | --build | --alert-email) ;;
    --caller-id | --tenant-id | --client-id | --client-secret-file | --issuer | --audience) ;;
    *) refuse "$1 is not an option. See deploy.sh --help." ;;
  esac
  [[ -n ${2-} && ${2-} != --* ]] || refuse "$1 needs a value."
  option=${1#--}
  printf -v "${option//-/_}" '%s' "$2"
  shift 2
done

[[ -n $project ]] || refuse "--project is missing: give the id of a Google Cloud project."
[[ $project =~ ^[a-z][a-z0-9-]{4,28}[a-z0-9]$ ]] ||
  refuse "--project must be a project id, such as acme-notes, and not a name or a number: $project"
[[ -n $region ]] || refuse "--region is missing: give a region of Cloud Run, such as us-central1."
[[ $region =~ ^[a-z]+-[a-z]+[0-9]{1,2}$ ]] || refuse "--region must be a region, such as us-central1: $region"
[[ $service =~ ^[a-z][a-z0-9-]{0,20}[a-z0-9]$ ]] ||
  refuse "--service must have 2 to 22 lower-case letters, digits and hyphens: $service"
[[ $build == cloud || $build == docker ]] || refuse "--build must be cloud or docker: $build"
[[ -z $alert_email || $alert_email =~ ^[^@[:space:],=\"]+@[^@[:space:],=\"]+\.[A-Za-z]+$ ]] ||
  refuse "--alert-email must be one address: $alert_email"
check_scenario
if [[ -z $tag ]]; then
  tag=$(git -C "$root" rev-parse --short=12 HEAD 2> /dev/null) ||
    refuse "--tag is missing: this folder is not a Git repository, so give the image a version, such as 1."
  [[ -z $(git -C "$root" status --porcelain) ]] ||
    refuse "--tag is missing: files have changed since the last commit, so commit them or give the image a version."
fi
[[ $tag =~ ^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$ ]] || refuse "--tag must be a tag of an image, such as 1: $tag"

if [[ $dry_run == no ]]; then
  for program in gcloud curl openssl $([[ $build == cloud ]] || echo docker); do
    command -v "$program" > /dev/null || refuse "$program is not installed."
  done
  if [[ $yes == no ]]; then
    [[ -t 0 ]] || refuse "Nobody can be asked here: add --yes, because this creates what costs money."
    printf 'This creates in the project %s: a Cloud Run service, an image, secrets, alerts and an uptime check.\n' "$project"
    read -rp 'They cost money. Go on? [y/N] ' answer
    [[ $answer == [yY] || $answer == [yY][eE][sS] ]] || refuse 'Nothing was created.'
  fi
fi

# For this script alone: the configuration of gcloud stays as it is.
export CLOUDSDK_CORE_PROJECT=$project CLOUDSDK_CORE_DISABLE_PROMPTS=1
[[ $dry_run == no ]] || printf 'export CLOUDSDK_CORE_PROJECT=%s\n' "$project"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

number=$(ask PROJECT_NUMBER gcloud projects describe "$project" --format 'value(projectNumber)')
host=$service-$number.$region.run.app
resource_url=https://$host/mcp
server=$service-server@$project.iam.gserviceaccount.com
image=$region-docker.pkg.dev/$project/sallyport/$service:$tag

step 'Services of Google Cloud'
apis=(run secretmanager artifactregistry logging monitoring)
[[ $build == docker ]] || apis+=(cloudbuild)
# To ask as the caller, you take its identity.
[[ $scenario != google ]] || apis+=(iamcredentials)
run gcloud services enable "${apis[@]/%/.googleapis.com}"

step 'The identity of the server. It has no role in the project.'
create_service_account "$service-server"

step 'Image'
if ! exists gcloud artifacts repositories describe sallyport --location "$region"; then
  run gcloud artifacts repositories create sallyport --repository-format docker --location "$region"
fi
if exists gcloud artifacts docker images describe "$image"; then
  printf '%s exists.\n' "$image"
elif [[ $build == docker ]]; then
  run gcloud auth configure-docker "$region-docker.pkg.dev"
  run docker build --platform linux/amd64 --file "$root/apps/reference/Dockerfile" --tag "$image" "$root"
  run docker push "$image"
else
  create_service_account sallyport-build
  builder=sallyport-build@$project.iam.gserviceaccount.com
  eventually 'does not exist' gcloud projects add-iam-policy-binding "$project" \
    --member "serviceAccount:$builder" --role roles/cloudbuild.builds.builder --condition None
  run gcloud builds submit "$root" --config "$here/cloudbuild.yaml" --ignore-file .dockerignore \
    --substitutions "_IMAGE=$image" --service-account "projects/$project/serviceAccounts/$builder" --region "$region"
fi

step "Secrets and settings of the scenario $scenario"
variable ENVIRONMENT production
variable FASTMCP_SERVER_AUTH_SECRET_BACKEND gcp_secret_manager
variable GCP_PROJECT_ID "$project"
variable FASTMCP_SERVER_AUTH_RESOURCE_URL "$resource_url"
variable FASTMCP_SERVER_AUTH_TRUSTED_PROXY_HOPS 1
"set_up_$scenario"
[[ $dry_run == no ]] || sed 's/^/# /' "$work/notes.env.yaml"

step 'Deployment'
# Notes are in the memory of an instance, so there is one. The gate is the authentication, so IAM does not check.
run gcloud run deploy "$service" --image "$image" --region "$region" --service-account "$server" \
  --env-vars-file "$work/notes.env.yaml" --no-invoker-iam-check --execution-environment gen2 \
  --cpu 1 --memory 512Mi --cpu-boost --concurrency 80 --timeout 300 --max-instances 1 \
  --startup-probe httpGet.path=/health,periodSeconds=2,timeoutSeconds=2,failureThreshold=30 \
  --liveness-probe httpGet.path=/.well-known/oauth-protected-resource,periodSeconds=30,timeoutSeconds=5,failureThreshold=3
run curl --fail --silent --show-error --output /dev/null --retry 5 "https://$host/health"

step 'Alerts, dashboard and uptime check'
set_up_monitoring

step 'Done'
printf 'The server is %s. Section "%s" of apps/reference/DEPLOY.md shows how to get a token and ask.\n' \
  "$resource_url" "$section"
