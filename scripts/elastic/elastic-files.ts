import { answerFields, eventFields, type Fields } from './field-types.ts';
import { ingestPipeline } from './ingest-pipeline.ts';
import { kibanaObjects } from './kibana-objects.ts';
import { openSearchObjects } from './opensearch-objects.ts';
import { ndjson, stableJson } from './saved-objects.ts';
import { splunkPipeline } from './splunk-pipeline.ts';
import { answerTemplate, dataStreamTemplate, eventTemplate, INDEX_TEMPLATE } from './templates.ts';

export interface ElasticFile {
  /** Below elastic/. */
  readonly name: string;
  readonly text: string;
}

/** Every field that an index made with the templates knows. */
export function allFields(): Fields {
  return new Map([...eventFields(), ...answerFields()]);
}

/** The files in elastic/ that follow from the answer's schema and from the model of the dashboard. */
export function elasticFiles(): readonly ElasticFile[] {
  const json = (name: string, value: unknown) => ({ name, text: `${stableJson(value, 2)}\n` });
  return [
    json('component-template.json', answerTemplate('elasticsearch')),
    json('component-template-cloudtrail.json', eventTemplate('elasticsearch')),
    json('index-template.json', INDEX_TEMPLATE),
    json('data-stream-template.json', dataStreamTemplate('elasticsearch')),
    json('opensearch-data-stream-template.json', dataStreamTemplate('opensearch')),
    json('ingest-pipeline.json', ingestPipeline('elasticsearch')),
    json('opensearch-ingest-pipeline.json', ingestPipeline('opensearch')),
    json('opensearch-component-template.json', answerTemplate('opensearch')),
    json('opensearch-component-template-cloudtrail.json', eventTemplate('opensearch')),
    { name: 'splunk-pipeline.yml', text: splunkPipeline() },
    {
      name: 'dashboards.ndjson',
      text: ndjson(kibanaObjects(allFields()), {
        excludedObjects: [],
        excludedObjectsCount: 0,
        missingRefCount: 0,
        missingReferences: [],
      }),
    },
    {
      name: 'opensearch-dashboards.ndjson',
      text: ndjson(openSearchObjects(), { missingRefCount: 0, missingReferences: [] }),
    },
  ];
}
