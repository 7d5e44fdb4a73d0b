#!/bin/sh
# Pull request: what would merging it do? Prints the plan, and leaves it in plan.txt (for comment.mjs) and plan.json (for programs).
# Reads only: an admin key with the permission api.mtls.read is enough.
set -eu
: "${PULUMI_STACK:?names the stack, such as prod or example/openai-certificates/prod}"

rm -f plan.txt plan.json
plan() {
  pulumi preview --stack "$PULUMI_STACK" --non-interactive --color never --suppress-progress \
    ${CONFIG_FILE:+--config-file "$CONFIG_FILE"} ${POLICY_PACK:+--policy-pack "$POLICY_PACK"} "$@"
}

status=0
plan >plan.txt 2>&1 || status=$?
cat plan.txt
# A second look, only for a plan that stands: Pulumi writes text or JSON, and what policies say is in the text alone.
[ "$status" -ne 0 ] || plan --json >plan.json || status=$?
[ "$status" -eq 0 ] || rm -f plan.json
exit "$status"
