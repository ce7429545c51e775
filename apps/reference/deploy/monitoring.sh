# Metrics, then the alerts on them, the dashboard and the uptime check. What exists stays as it is,
# except metrics: people tune alerts and dashboards in the console.
# shellcheck shell=bash disable=SC2154

operations=$here/../operations

# field NAME FILE: the first field of this name in a JSON file.
field() { sed -n "s/^ *\"$1\": \"\(.*\)\",\$/\1/p" "$2" | awk 'NR == 1'; }

set_up_monitoring() {
  local file name channel='' existing policies policy missing=''
  for file in "$operations"/log-metrics/*.json; do
    name=$(field name "$file")
    if exists gcloud logging metrics describe "$name"; then
      run gcloud logging metrics update "$name" --config-from-file "$file"
    else
      run gcloud logging metrics create "$name" --config-from-file "$file"
    fi
  done

  name="Sallyport: $alert_email"
  if [[ -n $alert_email ]]; then
    channel=$(list gcloud beta monitoring channels list | named "$name")
    if [[ -z $channel ]]; then
      run gcloud beta monitoring channels create --display-name "$name" --type email \
        --channel-labels "email_address=$alert_email"
      channel=$(list gcloud beta monitoring channels list | named "$name")
      channel=${channel:-CHANNEL}
    fi
  fi

  name="Sallyport: $service"
  existing=$(list gcloud monitoring uptime list-configs | named "$name")
  if [[ -z $existing ]]; then
    run gcloud monitoring uptime create "$name" --resource-type uptime-url \
      --resource-labels "host=$host,project_id=$project" --protocol https --path /health --period 5
  fi

  name=$(field displayName "$operations/monitoring-dashboard.json")
  existing=$(list gcloud monitoring dashboards list | named "$name")
  if [[ -z $existing ]]; then
    run gcloud monitoring dashboards create --config-from-file "$operations/monitoring-dashboard.json"
  fi

  policies=$(list gcloud monitoring policies list)
  for file in "$operations"/alert-policies/*.json; do
    policy=$work/$(basename "$file")
    sed "s/HOST/$host/g" "$file" > "$policy"
    name=$(field displayName "$policy")
    existing=$(named "$name" <<< "$policies")
    if [[ -z $existing ]]; then
      eventually 'Cannot find metric' gcloud monitoring policies create --policy-from-file "$policy" \
        ${channel:+--notification-channels "$channel"} || missing="$missing $(basename "$file" .json)"
    elif [[ -n $channel ]]; then
      run gcloud monitoring policies update "$existing" --add-notification-channels "$channel"
    fi
  done
  [[ -z $missing ]] || refuse "These alerts could not be created:$missing. The server runs. Run the same command again later."
}
