#!/bin/sh
# What a release consists of, in one folder: `sh assemble.sh release`. The npm package, the plugin's archives, the generated
# SDKs, the notes from CHANGELOG.md, and the checksums of all that is published, which it prints.
set -eu
folder=${1:?names the folder for what is released}
rm -rf "$folder"
mkdir -p "$folder"

npm run plugin
npm pack --ignore-scripts --pack-destination "$folder" >/dev/null
cp dist-plugin/archives/*.tar.gz "$folder"
npm run sdks
for sdk in sdks/*/; do
  tar -czf "$folder/sdk-$(basename "$sdk").tar.gz" -C sdks "$(basename "$sdk")"
done

# The newest section, without its heading.
awk '/^## / { n++; next } n == 1 { print } n > 1 { exit }' CHANGELOG.md >"$folder/notes.md"
cd "$folder"
find . -name "*.tgz" -o -name "*.tar.gz" | sort | xargs sha256sum >SHA256SUMS
cat SHA256SUMS
