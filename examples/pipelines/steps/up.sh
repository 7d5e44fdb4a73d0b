#!/bin/sh
# Merge, and once a day where anchors have dates: makes the organization what the code says.
# Writes: needs an admin key with the permissions api.mtls.read and api.mtls.write.
set -eu
: "${PULUMI_STACK:?names the stack, such as prod or example/openai-certificates/prod}"

exec pulumi up --stack "$PULUMI_STACK" --yes --non-interactive --color never --suppress-progress \
  ${CONFIG_FILE:+--config-file "$CONFIG_FILE"} ${POLICY_PACK:+--policy-pack "$POLICY_PACK"}
