#!/usr/bin/env bash
# Fetches what the engine lane needs, once: OpenSearch from Maven Central, pySigma from PyPI. Everything lies in target/.
set -euo pipefail
cd "$(dirname "$0")"
for tool in java mvn python3; do
  command -v "$tool" >/dev/null || { echo "the engine lane needs $tool"; exit 1; }
done
if [ ! -d target/jars ] || [ pom.xml -nt target/jars ]; then
  mvn -q -B dependency:copy-dependencies -DoutputDirectory=target/jars
  touch target/jars
fi
if [ ! -x target/venv/bin/python ] || [ requirements.txt -nt target/venv ]; then
  python3 -m venv target/venv
  target/venv/bin/pip install --quiet --disable-pip-version-check -r requirements.txt
  touch target/venv
fi
