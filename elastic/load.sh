#!/bin/sh
# Loads the pipeline, the templates and, where KIBANA_URL is given, the dashboards: into Elasticsearch, or into
# OpenSearch, whichever answers. May be run again: what is there is replaced.
#
#   ELASTICSEARCH_URL   such as https://elasticsearch.example:9200
#   KIBANA_URL          such as https://kibana.example:5601, or OpenSearch Dashboards'
#   CURL_OPTIONS        more options for curl, such as --user name:password or --cacert ca.pem
set -eu
cd "$(dirname "$0")"
: "${ELASTICSEARCH_URL:?is not set}"

# shellcheck disable=SC2086 # the options are words
call() { curl --silent --show-error --fail-with-body ${CURL_OPTIONS:-} "$@"; }

put() {
  printf '%s: ' "$1"
  call -X PUT "$ELASTICSEARCH_URL/$1" -H 'Content-Type: application/json' --data-binary "@$2"
  echo
}

case $(call "$ELASTICSEARCH_URL/") in
  *opensearch*) engine=opensearch- ;;
  *) engine= ;;
esac

# Fleet's template is above ours and brings a pipeline of its own, so that ours would be loaded and count for nothing.
case $(call "$ELASTICSEARCH_URL/_index_template/logs-aws.cloudtrail" 2>/dev/null || true) in
  *'"managed_by":"fleet"'*)
    echo "Elastic's AWS integration is installed here (Fleet manages the template logs-aws.cloudtrail): nothing was" >&2
    echo "loaded. README.md, \"Load\", says what to put instead." >&2
    exit 1
    ;;
esac

put _ingest/pipeline/detrails-cloudtrail "${engine}ingest-pipeline.json"
put _component_template/detrails@mappings "${engine}component-template.json"
put _component_template/cloudtrail@mappings "${engine}component-template-cloudtrail.json"
put _index_template/logstash-cloudtrail index-template.json
put _index_template/detrails-logs-aws.cloudtrail "${engine}data-stream-template.json"

if [ -n "${KIBANA_URL:-}" ]; then
  # An import that fails in part is answered 200, so its body is looked at.
  answer=$(call -X POST "$KIBANA_URL/api/saved_objects/_import?overwrite=true" \
    -H 'kbn-xsrf: true' -H 'osd-xsrf: true' -F "file=@${engine}dashboards.ndjson")
  echo "dashboards: $answer"
  case $answer in
    *'"success":true'*) ;;
    *) exit 1 ;;
  esac
fi
