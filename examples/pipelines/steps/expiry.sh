#!/bin/sh
# Schedule: does an active anchor expire soon? Exit code 0: no; 3: yes; anything else: not known.
# Reads only: an admin key with the permission api.mtls.read that may also list projects; without the second, the answer
# is "not known". Takes its settings from the environment (OPENAI_ADMIN_KEY, OPENAI_BASE_URL, …), not from the stack's
# configuration.
set -eu

# --no: the package that is installed here, never one from elsewhere.
exec npx --no -- openai-certificates report --fail-within "${FAIL_WITHIN:-30d}"
