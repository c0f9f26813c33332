import envSchema from 'env-schema';
import { type Static, Type } from './json-schema.ts';
import { SCOPES } from './scopes.ts';

/**
 * Every setting of the service, each from the environment variable DETRAILS_<NAME>.
 * docs/operations.md says the same of each, and sometimes more: a test holds the two together.
 */
export const Settings = Type.Object({
  HOST: Type.String({ default: '127.0.0.1', description: 'Address to listen on.' }),
  PORT: Type.Integer({
    default: 8080,
    minimum: 0,
    maximum: 65_535,
    description: 'TCP port; 0 takes a free one.',
  }),
  INSECURE: Type.Boolean({
    default: false,
    description: '1 allows listening on other than loopback although no credential is asked for.',
  }),
  TOKENS_FILE: Type.String({
    default: '',
    description: 'File of the tokens that let callers in; empty means that no credential is asked for.',
  }),
  TLS_CERT_FILE: Type.String({
    default: '',
    description: 'PEM file of the certificate, with its chain; empty means plain HTTP.',
  }),
  TLS_KEY_FILE: Type.String({ default: '', description: 'PEM file of the key of that certificate.' }),
  TLS_CLIENT_CA_FILE: Type.String({
    default: '',
    description: 'PEM file of the authorities whose client certificates let callers in; empty means none.',
  }),
  TLS_CLIENT_SCOPES: Type.String({
    default: SCOPES.join(','),
    description: 'What callers with a client certificate may do, separated by commas.',
  }),
  TABLES_DIR: Type.String({
    default: '',
    description: 'Directory of the tables; empty means data/ of the project.',
  }),
  LOG_LEVEL: Type.Enum(['fatal', 'error', 'warn', 'info', 'debug', 'silent'], {
    default: 'info',
    description: 'Lowest level that is logged.',
  }),
  SESSION_MAX: Type.Integer({
    default: 200_000,
    minimum: 100,
    maximum: 10_000_000,
    description: 'Credentials remembered, in entries.',
  }),
  SESSION_SNAPSHOT: Type.String({
    default: '',
    description:
      'File that keeps what is remembered of credentials and policies over a restart; empty means none.',
  }),
  SESSION_SNAPSHOT_MINUTES: Type.Number({
    default: 5,
    exclusiveMinimum: 0,
    maximum: 1440,
    description: 'Minutes between two snapshots.',
  }),
  REDIS_URL: Type.String({
    default: '',
    description:
      'Redis or Valkey through which replicas share their memory: redis:// or rediss:// (TLS), of a cluster several, separated by commas; empty means none.',
  }),
  REDIS_CLUSTER: Type.Boolean({ default: false, description: '1 if it is a Redis Cluster.' }),
  REDIS_USERNAME: Type.String({
    default: '',
    description: 'User of Redis, where the URL does not name one.',
  }),
  REDIS_PASSWORD: Type.String({
    default: '',
    description: 'Password of Redis, where the URL does not hold it.',
  }),
  REDIS_CA_FILE: Type.String({
    default: '',
    description: 'PEM file of the authorities that may vouch for Redis; empty means those of Node.js.',
  }),
  REDIS_CERT_FILE: Type.String({
    default: '',
    description:
      'PEM file of the certificate to show to Redis; empty means none. Needs the key, and rediss://.',
  }),
  REDIS_KEY_FILE: Type.String({ default: '', description: 'PEM file of the key of that certificate.' }),
  REDIS_PREFIX: Type.String({
    default: 'detrails:',
    description: 'What the names of all keys in Redis begin with.',
  }),
  REDIS_TIMEOUT_MS: Type.Integer({
    default: 50,
    minimum: 5,
    maximum: 5000,
    description: 'Longest time that an event waits for Redis, in milliseconds.',
  }),
  ALLOWED_NETWORKS: Type.String({
    default: '',
    description: 'Networks in CIDR notation, separated by commas, from where any session may be used.',
  }),
  ENDPOINT_ACCOUNTS: Type.String({
    default: '',
    description: 'Accounts, separated by commas, whose VPC endpoints are not foreign to any session.',
  }),
  DRAIN_SECONDS: Type.Number({
    default: 5,
    minimum: 0,
    maximum: 300,
    description: 'Seconds after SIGTERM in which requests are still answered.',
  }),
  BODY_LIMIT_BYTES: Type.Integer({
    default: 1_048_576,
    minimum: 1_024,
    maximum: 67_108_864,
    description: 'Largest body of /enrich, and largest single record of a batch, in bytes.',
  }),
  MAX_CONNECTIONS: Type.Integer({
    default: 5_000,
    minimum: 10,
    maximum: 100_000,
    description: 'Most connections open at the same time; each further one is closed at once.',
  }),
  MAX_STREAMS: Type.Integer({
    default: 16,
    minimum: 1,
    maximum: 1_000,
    description: 'Most batches and backfills that run at the same time; others wait for their turn.',
  }),
  REUSE_PORT: Type.Boolean({
    default: false,
    description:
      '1 lets another process listen on the same port, so that a new one can take over from an old one.',
  }),
});

export type SettingValues = Static<typeof Settings>;

/** Its message names the variable or the file and what it must be, in one line, and never repeats a value. */
export class ConfigError extends Error {}

const PREFIX = 'DETRAILS_';

/**
 * Kubernetes puts the address of every Service into the environment of every pod: for one named `detrails`,
 * DETRAILS_PORT=tcp://10.0.0.1:8080 and DETRAILS_SERVICE_HOST (Kubernetes, "Discovering services").
 */
const KUBERNETES_NAME = /^DETRAILS_(SERVICE_(HOST|PORT(_\w+)?)|PORT_\d+_(TCP|UDP)(_(PROTO|PORT|ADDR))?)$/;

/** The settings in the environment, with defaults for the others, and what was ignored. Throws a ConfigError. */
export function readSettings(environment: NodeJS.ProcessEnv): {
  settings: SettingValues;
  warnings: string[];
} {
  const { values, warnings } = ownVariables(environment);
  return { settings: parseSettings(values), warnings };
}

function ownVariables(environment: NodeJS.ProcessEnv): {
  values: Record<string, string>;
  warnings: string[];
} {
  const values: Record<string, string> = {};
  const warnings: string[] = [];
  for (const [name, value] of Object.entries(environment)) {
    if (!name.startsWith(PREFIX) || value === undefined) continue;
    if (KUBERNETES_NAME.test(name) || (name === 'DETRAILS_PORT' && value.startsWith('tcp://'))) {
      warnings.push(`${name} was set by Kubernetes and is ignored: set enableServiceLinks to false`);
      continue;
    }
    const key = name.slice(PREFIX.length);
    if (!Object.hasOwn(Settings.properties, key))
      throw new ConfigError(`${name} is not a setting of Det{R}ails`);
    values[key] = value;
  }
  return { values, warnings };
}

function parseSettings(values: Record<string, string>): SettingValues {
  const data = { ...values };
  for (const name of SWITCHES) {
    if (data[name] !== undefined) data[name] = truth(data[name]);
  }
  try {
    return envSchema<SettingValues>({ schema: Settings, data, env: false });
  } catch (error) {
    const detail = error instanceof Error ? error.message : '';
    throw new ConfigError(`Bad configuration: ${detail.replace('env/', PREFIX)}`);
  }
}

const SWITCHES: readonly string[] = Object.entries(Settings.properties)
  .filter(([, schema]) => (schema as { type?: unknown }).type === 'boolean')
  .map(([name]) => name);

/** `1` is what people write for a switch. */
function truth(value: string): string {
  return value === '1' ? 'true' : value === '0' ? 'false' : value;
}
