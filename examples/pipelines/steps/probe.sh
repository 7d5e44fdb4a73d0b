#!/bin/sh
# Between activating the next anchor and retiring the old one: does the API accept a client of the next authority?
# One real request with that client's certificate. Exit code 0: accepted; 3: refused; anything else: not known.
# PROBE_CHAIN: the file with its chain (leaf first). Its private key in PEM: PROBE_KEY, a secret of the pipeline, or PROBE_KEY_FILE, a file
# that the pipeline makes of one (GitLab).
# OPENAI_API_KEY: an ordinary API key, never the admin key. PROBE_HOST, PROBE_PROJECT: where, if not the default host and project.
set -eu
: "${PROBE_CHAIN:?names the file with the chain of the client, such as clients/gateway.pem}"
: "${OPENAI_API_KEY:?holds an API key that is not the admin key}"

if [ -z "${PROBE_KEY_FILE:-}" ]; then
  : "${PROBE_KEY:?holds the private key of that client, or PROBE_KEY_FILE names its file}"
  umask 077
  folder=$(mktemp -d)
  trap 'rm -rf "$folder"' EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
  PROBE_KEY_FILE=$folder/key.pem
  printf '%s\n' "$PROBE_KEY" >"$PROBE_KEY_FILE"
fi
unset PROBE_KEY

npx --no -- openai-certificates probe --client "probe=$PROBE_CHAIN,$PROBE_KEY_FILE" \
  ${PROBE_HOST:+--host "$PROBE_HOST"} ${PROBE_PROJECT:+--project "$PROBE_PROJECT"}
