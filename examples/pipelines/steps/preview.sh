#!/bin/sh
# Pull request: what would merging it do? Prints the plan and leaves it in plan.md, for comment.mjs.
# Reads only: an admin key with the permission api.mtls.read is enough.
set -eu
: "${PULUMI_STACK:?names the stack, such as prod or example/openai-certificates/prod}"

status=0
pulumi preview --stack "$PULUMI_STACK" --non-interactive --color never \
  ${POLICY_PACK:+--policy-pack "$POLICY_PACK"} >plan.txt 2>&1 || status=$?
cat plan.txt

# A comment has a limit (65,536 characters at GitHub), and the end says what the provider has to say.
# The fence is long, so that no name in the plan can end it.
{
  echo "<!-- openai-certificates: plan of $PULUMI_STACK -->"
  if [ "$status" -eq 0 ]; then
    echo "**\`pulumi preview\` of \`$PULUMI_STACK\`**"
  else
    echo "**\`pulumi preview\` of \`$PULUMI_STACK\` failed** (exit code $status)"
  fi
  echo
  echo '~~~~~~~~~~text'
  tail -c 60000 plan.txt
  echo
  echo '~~~~~~~~~~'
} >plan.md
exit "$status"
