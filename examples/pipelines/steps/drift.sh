#!/bin/sh
# Schedule: is the organization still what the code says? Exit code 0: yes; 7: no; anything else: nobody knows.
# Reads only: an admin key with the permission api.mtls.read is enough. Needs Pulumi 3.226.1 or newer for exit code 7.
set -eu
: "${PULUMI_STACK:?names the stack, such as prod or example/openai-certificates/prod}"

status=0
pulumi preview --stack "$PULUMI_STACK" --refresh --expect-no-changes --non-interactive --color never || status=$?
case $status in
  0) echo "No drift: $PULUMI_STACK is what the code says." ;;
  7) echo "DRIFT: $PULUMI_STACK is not what the code says; see above. Running up makes it so, merging a change accepts it." >&2 ;;
  *) echo "The drift check of $PULUMI_STACK did not come to an answer (exit code $status); see above." >&2 ;;
esac
exit "$status"
