import { expect, test } from 'vitest';
import { clientFamily } from '../../src/session/client-family.ts';

test.each([
  ['aws-cli/2.15.0 md/x', 'aws-cli'],
  ['[aws-cli/1.0]', 'aws-cli'],
  ['Boto3/1.26', 'boto3'],
  ['Mozilla/5.0 (X11)', 'browser'],
  ['Opera/9', 'browser'],
  ['console.amazonaws.com', undefined],
  ['AWS Internal', undefined],
  ['AWS Signin, aws-internal/3 aws-sdk-java/1.12.488', undefined],
  ['[S3Console/0.4, aws-internal/3 aws-sdk-java/1.12.488]', undefined],
  ['RDS Console, aws-internal/3 aws-sdk-java/1.12.488', undefined],
  ['S3Console/0.4 aws-sdk-java/1.12.488', 's3console'],
  ['aws-cli/2.15.0 md/x y/z, aws-internal/3', 'aws-cli'],
  ['', undefined],
  [undefined, undefined],
])('the client %j is of the family %j', (userAgent, family) => {
  expect(clientFamily(userAgent)).toBe(family);
});
