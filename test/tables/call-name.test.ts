import { expect, test } from 'vitest';
import { withoutApiVersion } from '../../src/tables/call-name.ts';

test.each([
  ['CreateFunction20150331', 'CreateFunction'],
  ['CreateFunction20150331v2', 'CreateFunction'],
  ['UpdateFunctionCode20150331v10', 'UpdateFunctionCode'],
  ['CreateDistribution2020_05_31', 'CreateDistribution'],
  ['ListObjectsV2', 'ListObjectsV2'],
  ['CreateEnvironmentEC2', 'CreateEnvironmentEC2'],
  ['', ''],
])('%s is a call of the operation %s', (eventName, operation) => {
  expect(withoutApiVersion(eventName)).toBe(operation);
});
