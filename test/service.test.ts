import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { startServiceProcess } from '../harness/service-process.ts';

const cases: [host: string, line: RegExp][] = [
  ['127.0.0.1', /listens on http:\/\/127\.0\.0\.1:\d+ - documentation/],
  ['localhost', /listens on http:\/\/(127\.0\.0\.1|localhost|\[::1\]):\d+ - documentation/],
  [
    '0.0.0.0',
    /listens on http:\/\/127\.0\.0\.1:\d+ and all other IPv4 addresses \(0\.0\.0\.0\) - documentation/,
  ],
];
// Linux has this file where it has IPv6.
if (existsSync('/proc/net/if_inet6'))
  cases.push(['::', /listens on http:\/\/[\w.:[\]]+:\d+ and all other addresses \(::\) - documentation/]);

test.each(cases)('a service that listens on %s says so, with a URL that answers', async (host, line) => {
  const service = await startServiceProcess({ environment: { DETRAILS_HOST: host, DETRAILS_INSECURE: '1' } });
  expect(service.log.join('\n')).toMatch(line);
  expect((await fetch(`${service.url}/livez`)).status).toBe(200);
  service.child.kill('SIGINT');
  expect(await service.ended).toBe(0);
});
