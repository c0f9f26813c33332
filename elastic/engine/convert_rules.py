"""Converts the Sigma rules of a folder into Lucene queries, as JSON lines: file, title, level, query, correlation, and
the whole of the file as Splunk's searches.

A correlation is told as what it is (type, group-by, timespan, condition), with the query of the calls it counts:
Lucene has no such thing, and the tests count over the hits.
"""

import json
import sys
from pathlib import Path

import yaml
from sigma.backends.opensearch import OpensearchLuceneBackend
from sigma.backends.splunk import SplunkBackend
from sigma.collection import SigmaCollection
from sigma.processing.pipeline import ProcessingPipeline

backend = OpensearchLuceneBackend()
names_in_splunk = Path(__file__).parent.parent / "splunk-pipeline.yml"
splunk = SplunkBackend(ProcessingPipeline.from_yaml(names_in_splunk.read_text(encoding="utf-8")))
for path in sorted(Path(sys.argv[1]).rglob("*.yml")):
    documents = list(yaml.safe_load_all(path.read_text(encoding="utf-8")))
    base, last = documents[0], documents[-1]
    collection = SigmaCollection.from_yaml(yaml.safe_dump(base))
    (query,) = backend.convert(collection)
    # Reading the whole file checks the correlation's own form, and that it names its rule.
    whole = SigmaCollection.from_yaml(path.read_text(encoding="utf-8"))
    if whole.errors:
        raise SystemExit(f"{path.name}: {whole.errors}")
    print(
        json.dumps(
            {
                "rule": path.stem,
                "title": last["title"],
                "level": last["level"],
                "query": query,
                "correlation": last.get("correlation"),
                "splunk": splunk.convert(whole),
            }
        )
    )
