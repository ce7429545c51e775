# What each scenario needs, and its secrets and variables. DEPLOY.md explains them.
# shellcheck shell=bash disable=SC2154,SC2034

readonly guid='^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$'
readonly address='^https://[A-Za-z0-9.-]+(/[A-Za-z0-9._~/-]*)?$'
readonly text='^[A-Za-z0-9._~:/-]+$'

# Refuses what the scenario does not have, before anything is called.
check_scenario() {
  local allowed option value
  case $scenario in
    google) section='1. Google' allowed=' caller-id ' ;;
    entra) section='2. Microsoft Entra' allowed=' tenant-id client-id ' ;;
    okta) section='3. Okta or Auth0' allowed=' issuer client-id client-secret-file audience ' ;;
    auth0) section='3. Okta or Auth0' allowed=' issuer audience ' ;;
    hmac) section='4. HMAC, between services of your own' allowed=' issuer audience ' ;;
    '') refuse '--scenario is missing: google, entra, okta, auth0 or hmac.' ;;
    *) refuse "--scenario must be google, entra, okta, auth0 or hmac: $scenario" ;;
  esac
  for option in caller-id tenant-id client-id client-secret-file issuer audience; do
    value=${option//-/_}
    [[ -z ${!value} || $allowed == *" $option "* ]] || refuse "--$option is not for the scenario $scenario."
  done
  [[ -z $audience || $audience =~ $text ]] || refuse "--audience must be text without spaces: $audience"
  case $scenario in
    google)
      [[ -z $caller_id || $caller_id =~ ^[0-9]{10,30}$ ]] ||
        refuse "--caller-id must be the unique id of a service account, a number: $caller_id"
      ;;
    entra)
      [[ $tenant_id =~ $guid ]] || refuse "--tenant-id must be the directory (tenant) id, a GUID: ${tenant_id:-missing}"
      [[ $client_id =~ $guid ]] || refuse "--client-id must be the application (client) id, a GUID: ${client_id:-missing}"
      ;;
    okta)
      [[ $issuer =~ ^https://[A-Za-z0-9.-]+/oauth2/[A-Za-z0-9]+$ ]] ||
        refuse "--issuer must be a custom authorization server, such as https://acme.okta.com/oauth2/default: ${issuer:-missing}"
      [[ $client_id =~ $text ]] || refuse "--client-id must be the client id of a service application: ${client_id:-missing}"
      [[ -n $client_secret_file ]] || refuse '--client-secret-file is missing: a file that contains the client secret alone.'
      [[ -s $client_secret_file && -r $client_secret_file ]] ||
        refuse "--client-secret-file must be a file that can be read, and is not empty: $client_secret_file"
      # The build gets the whole repository.
      [[ $(cd "$(dirname "$client_secret_file")" && pwd -P)/ != "$(cd "$root" && pwd -P)"/* ]] ||
        refuse "--client-secret-file must be outside of the repository, such as ~/client-secret.txt: $client_secret_file"
      ;;
    auth0)
      [[ $issuer =~ ^https://[A-Za-z0-9.-]+/$ ]] ||
        refuse "--issuer must be the address of the tenant with a slash at the end, such as https://acme.eu.auth0.com/: ${issuer:-missing}"
      ;;
    hmac)
      [[ $issuer =~ $address ]] || refuse "--issuer must be an https address: ${issuer:-missing}"
      [[ -n $audience ]] || refuse '--audience is missing: the name of this service in the tokens.'
      ;;
  esac
}

set_up_google() {
  if [[ -z $caller_id ]]; then
    create_service_account "$service-caller"
    caller_id=$(ask CALLER_ID gcloud iam service-accounts describe \
      "$service-caller@$project.iam.gserviceaccount.com" --format 'value(uniqueId)')
  fi
  variable FASTMCP_SERVER_AUTH_TYPE jwt
  setting "$service-jwt-issuer" FASTMCP_SERVER_AUTH_JWT_ISSUER https://accounts.google.com
  setting "$service-jwt-audience" FASTMCP_SERVER_AUTH_JWT_AUDIENCE "$resource_url"
  setting "$service-jwt-jwks-uri" FASTMCP_SERVER_AUTH_JWT_JWKS_URI https://www.googleapis.com/oauth2/v3/certs
  variable FASTMCP_SERVER_AUTH_JWT_ALGORITHM RS256
  variable FASTMCP_SERVER_AUTH_JWT_CLIENT_IDS "$caller_id"
  # ID tokens have no scopes, so tools can need none.
  variable FASTMCP_SERVER_AUTH_TOOL_SCOPES '{}'
}

set_up_entra() {
  local login=https://login.microsoftonline.com/$tenant_id
  variable FASTMCP_SERVER_AUTH_TYPE jwt
  setting "$service-jwt-issuer" FASTMCP_SERVER_AUTH_JWT_ISSUER "$login/v2.0"
  setting "$service-jwt-audience" FASTMCP_SERVER_AUTH_JWT_AUDIENCE "$client_id"
  setting "$service-jwt-jwks-uri" FASTMCP_SERVER_AUTH_JWT_JWKS_URI "$login/discovery/v2.0/keys"
  variable FASTMCP_SERVER_AUTH_JWT_ALGORITHM RS256
  variable FASTMCP_SERVER_AUTH_JWT_REQUIRED_SCOPES read:data
}

set_up_okta() {
  local secret=$service-introspection-client-secret
  variable FASTMCP_SERVER_AUTH_TYPE introspection
  variable FASTMCP_SERVER_AUTH_AUTHORIZATION_SERVERS "$issuer"
  setting "$service-introspection-url" FASTMCP_SERVER_AUTH_INTROSPECTION_URL "$issuer/v1/introspect"
  setting "$service-introspection-client-id" FASTMCP_SERVER_AUTH_INTROSPECTION_CLIENT_ID "$client_id"
  create_secret "$secret" FASTMCP_SERVER_AUTH_INTROSPECTION_CLIENT_SECRET
  # A line break at the end would be a part of the secret.
  keep_version "$secret" || add_version "$secret" < <(tr -d '\r\n' < "$client_secret_file")
  variable FASTMCP_SERVER_AUTH_INTROSPECTION_AUDIENCE "${audience:-api://default}"
  variable FASTMCP_SERVER_AUTH_INTROSPECTION_REQUIRED_SCOPES read:data
  variable FASTMCP_SERVER_AUTH_INTROSPECTION_TIMEOUT 10
}

set_up_auth0() {
  local tenant=${issuer#https://}
  variable FASTMCP_SERVER_AUTH_TYPE jwt
  variable FASTMCP_SERVER_AUTH_JWT_PROVIDER auth0
  variable FASTMCP_SERVER_AUTH_JWT_TENANT "${tenant%/}"
  setting "$service-jwt-audience" FASTMCP_SERVER_AUTH_JWT_AUDIENCE "${audience:-$resource_url}"
  variable FASTMCP_SERVER_AUTH_JWT_REQUIRED_SCOPES read:data
}

set_up_hmac() {
  local key=$service-hmac-secret-key
  variable FASTMCP_SERVER_AUTH_TYPE jwt
  create_secret "$key" FASTMCP_SERVER_AUTH_JWT_PUBLIC_KEY
  keep_version "$key" || add_version "$key" < <(openssl rand -base64 48 | tr -d '\n')
  setting "$service-jwt-issuer" FASTMCP_SERVER_AUTH_JWT_ISSUER "$issuer"
  setting "$service-jwt-audience" FASTMCP_SERVER_AUTH_JWT_AUDIENCE "$audience"
  variable FASTMCP_SERVER_AUTH_JWT_ALGORITHM HS256
  variable FASTMCP_SERVER_AUTH_JWT_REQUIRED_SCOPES read:data
}
