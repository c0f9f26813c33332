import { stringify } from 'yaml';
import { EVENT_FIELDS } from './event-fields.ts';
import { answerLists } from './field-types.ts';

/**
 * Lists of objects in requestParameters that rules ask for: which parameters are lists is of each service, and in no
 * table here. (API references of CloudTrail, PutEventSelectors, and of GuardDuty, UpdateDetector.)
 */
const LISTS_OF_PARAMETERS = [
  'eventSelectors{}.readWriteType',
  'eventSelectors{}.includeManagementEvents',
  'eventSelectors{}.excludeManagementEventSources{}',
  'features{}.status',
];

const PARAMETERS = 'aws.cloudtrail.flattened.request_parameters';
const MFA_USED = 'additionalEventData.MFAUsed';

/**
 * The processing pipeline of pySigma for events as outputs/splunk-hec.conf sends them: the record under its own names,
 * as Splunk's add-on for AWS knows them, and the answer beside it. Splunk names the elements of a list `field{}`.
 */
export function splunkPipeline(): string {
  const pipeline = {
    name: 'CloudTrail events enriched by Det{R}ails, in Splunk',
    priority: 20,
    transformations: [
      { id: 'lists_and_event_fields', type: 'field_name_mapping', mapping: plainFields() },
      {
        id: 'parameters',
        type: 'field_name_prefix_mapping',
        mapping: Object.fromEntries(
          EVENT_FIELDS.filter(({ type }) => type === 'flattened').map(({ field, from }) => [field, from]),
        ),
      },
      // CloudTrail writes Yes and No; no rule asks for Yes.
      {
        id: 'without_mfa',
        type: 'set_value',
        value: 'No',
        field_name_conditions: [{ type: 'include_fields', fields: [MFA_USED] }],
      },
    ],
  };
  // pySigma reads YAML 1.1, where No is a boolean unless it is quoted.
  return `# Made by npm run elastic.\n${stringify(pipeline, { lineWidth: 0, version: '1.1' })}`;
}

function plainFields(): Readonly<Record<string, string>> {
  const event = EVENT_FIELDS.flatMap(({ field, from, type, rule }) =>
    from === undefined || type === 'flattened' || rule === 'time' || rule === 'outcome'
      ? []
      : [[field, from] as const],
  );
  const lists = answerLists().map((path) => [path, `${path}{}`] as const);
  const parameters = LISTS_OF_PARAMETERS.map(
    (path) => [`${PARAMETERS}.${path.replaceAll('{}', '')}`, `requestParameters.${path}`] as const,
  );
  return Object.fromEntries([...event, ...lists, ...parameters]);
}
