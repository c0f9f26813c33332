import { expect, test } from 'vitest';
import { loadConfig } from '../src/config.ts';
import { createEnrichment } from '../src/enrichment-context.ts';

test('of many allowed networks the one that is none is told by its place, and not repeated', () => {
  const config = loadConfig({ DETRAILS_ALLOWED_NETWORKS: '192.0.2.0/24, 198.51.100.7, 203.0.113.0/33' });
  expect(() => createEnrichment(config)).toThrow(
    /^DETRAILS_ALLOWED_NETWORKS must be networks in CIDR notation, separated by commas; entry 3 is none$/,
  );
});
