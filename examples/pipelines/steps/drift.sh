#!/bin/sh
# Schedule: is the organization still what the code says? Exit code 0: yes; 7: it was changed outside this repository;
# 8: the code asks for something that no run has carried out yet, such as a date that has come; anything else: not known.
# Reads only: an admin key with the permission api.mtls.read is enough. Needs Pulumi 3.226.1 or newer for exit code 7.
set -eu
: "${PULUMI_STACK:?names the stack, such as prod or example/openai-certificates/prod}"
set -- --stack "$PULUMI_STACK" --non-interactive --color never --suppress-progress --expect-no-changes \
  ${CONFIG_FILE:+--config-file "$CONFIG_FILE"}

# Pulumi ends with an 8 of its own where the run was cancelled, which tells nothing.
look() {
  status=0
  pulumi "$@" || status=$?
  [ "$status" -ne 8 ] || status=1
}

look preview --refresh "$@"
# Only this compares the organization with what the last run left there, whatever the code asks for today.
if [ "$status" -eq 7 ]; then
  look refresh --preview-only "$@"
  [ "$status" -ne 0 ] || status=8
fi
case $status in
  0) echo "No drift: $PULUMI_STACK is what the code says." ;;
  7) echo "DRIFT: $PULUMI_STACK was changed outside this repository; see above. Running up undoes that; merging the same change into the code accepts it." >&2 ;;
  8) echo "DUE: nothing was changed outside this repository, but $PULUMI_STACK is not yet what the code says: a date has come, or the run of the last merge has failed or is still to come. Running up carries it out." >&2 ;;
  *) echo "The drift check of $PULUMI_STACK has failed (exit code $status), so nobody knows whether there is drift; see above." >&2 ;;
esac
exit "$status"
