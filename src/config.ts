import { fileURLToPath } from 'node:url';
import envSchema from 'env-schema';
import { type Static, Type } from './json-schema.ts';

/** What a caller may do: ask, add to what is remembered, read what is known and remembered, read the metrics. */
export const SCOPES = ['enrich', 'learn', 'read', 'metrics'] as const;
export type Scope = (typeof SCOPES)[number];

export function isScope(text: string): text is Scope {
  return (SCOPES as readonly string[]).includes(text);
}

/**
 * Every setting of the service, each from the environment variable DETRAILS_<NAME>.
 * docs/operations.md lists the same names, and a test holds the two together.
 */
export const Settings = Type.Object({
  HOST: Type.String({ default: '127.0.0.1', description: 'Address to listen on.' }),
  PORT: Type.Integer({
    default: 8080,
    minimum: 0,
    maximum: 65_535,
    description: 'TCP port to listen on; 0 takes a free one.',
  }),
  INSECURE: Type.Boolean({
    default: false,
    description: 'Allows listening on an address that is not loopback although no credential is asked for.',
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
    default: 'enrich,learn,read,metrics',
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
    description: 'Time between two snapshots, in minutes.',
  }),
  REDIS_URL: Type.String({
    default: '',
    description:
      'Redis or Valkey that replicas share what they remember by: redis:// or rediss://, of a cluster several, separated by commas; empty means none.',
  }),
  REDIS_CLUSTER: Type.Boolean({ default: false, description: 'REDIS_URL is that of a Redis Cluster.' }),
  REDIS_USERNAME: Type.String({
    default: '',
    description: 'User of Redis, where the URL does not name one.',
  }),
  REDIS_PASSWORD: Type.String({ default: '', description: 'Password of Redis, where it is not in the URL.' }),
  REDIS_CA_FILE: Type.String({
    default: '',
    description: "PEM file of the authorities that may vouch for Redis; empty means Node's own.",
  }),
  REDIS_CERT_FILE: Type.String({
    default: '',
    description: 'PEM file of the certificate to show to Redis; empty means none.',
  }),
  REDIS_KEY_FILE: Type.String({ default: '', description: 'PEM file of the key of that certificate.' }),
  REDIS_PREFIX: Type.String({
    default: 'detrails:',
    description: 'Begin of the names of all keys in Redis.',
  }),
  REDIS_TIMEOUT_MS: Type.Integer({
    default: 50,
    minimum: 5,
    maximum: 5000,
    description: 'Longest time that an event waits for Redis, in milliseconds.',
  }),
  ALLOWED_NETWORKS: Type.String({
    default: '',
    description: 'Networks from where any session may be used, in CIDR notation, separated by commas.',
  }),
  DRAIN_SECONDS: Type.Number({
    default: 5,
    minimum: 0,
    maximum: 300,
    description: 'Time after SIGTERM in which requests are still answered, in seconds.',
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
    description: 'Connections open at once; one more is closed at once.',
  }),
  MAX_STREAMS: Type.Integer({
    default: 16,
    minimum: 1,
    maximum: 1_000,
    description: 'Batches and backfills under way at once; others wait for their turn.',
  }),
  REUSE_PORT: Type.Boolean({
    default: false,
    description:
      'Lets another process listen on the same port, so that a new one can take over from an old one.',
  }),
});

/** What replicas share their memory by. */
export interface RedisConfig {
  readonly urls: readonly string[];
  readonly isCluster: boolean;
  readonly username: string | undefined;
  readonly password: string | undefined;
  readonly caFile: string | undefined;
  readonly certFile: string | undefined;
  readonly keyFile: string | undefined;
  readonly prefix: string;
  readonly timeoutMilliseconds: number;
}

export interface TlsConfig {
  readonly certFile: string;
  readonly keyFile: string;
  /** Undefined where no client certificate is asked for. */
  readonly clientCaFile: string | undefined;
  readonly clientScopes: readonly Scope[];
}

export interface Config {
  readonly host: string;
  readonly port: number;
  readonly reusePort: boolean;
  readonly insecure: boolean;
  /** Empty where there is none. */
  readonly tokensFile: string;
  readonly tls: TlsConfig | undefined;
  readonly maxConnections: number;
  readonly maxStreams: number;
  readonly tablesDirectory: string;
  readonly logLevel: string;
  readonly sessionMax: number;
  readonly bodyLimitBytes: number;
  readonly drainSeconds: number;
  /** Empty where there is none. */
  readonly sessionSnapshot: string;
  readonly sessionSnapshotMinutes: number;
  readonly allowedNetworks: readonly string[];
  /** Undefined where this process is alone. */
  readonly redis: RedisConfig | undefined;
  /** Said once at start: names that were ignored, and why. */
  readonly warnings: readonly string[];
}

/** Its message names the variable and what it must be, and never repeats a value. */
export class ConfigError extends Error {}

const PREFIX = 'DETRAILS_';

/**
 * Kubernetes puts the address of every Service into the environment of every pod: for one named `detrails`,
 * DETRAILS_PORT=tcp://10.0.0.1:8080 and DETRAILS_SERVICE_HOST (Kubernetes, "Discovering services").
 */
const KUBERNETES_NAME = /^DETRAILS_(SERVICE_(HOST|PORT(_\w+)?)|PORT_\d+_(TCP|UDP)(_(PROTO|PORT|ADDR))?)$/;

/** Reads the environment; throws a ConfigError on an unknown DETRAILS_ name or a value that does not fit. */
export function loadConfig(environment: NodeJS.ProcessEnv): Config {
  const { values, warnings } = ownVariables(environment);
  const settings = parseSettings(values);
  const tls = tlsConfig(settings);
  const asksForCredentials = settings.TOKENS_FILE !== '' || tls?.clientCaFile !== undefined;
  if (!settings.INSECURE && !isLoopback(settings.HOST) && !asksForCredentials) {
    throw new ConfigError(
      'DETRAILS_HOST is not a loopback address, and nothing asks callers for a credential: set DETRAILS_TOKENS_FILE or DETRAILS_TLS_CLIENT_CA_FILE, or DETRAILS_INSECURE=1 if the network around the service keeps others out.',
    );
  }
  if (settings.TOKENS_FILE !== '' && tls === undefined && !isLoopback(settings.HOST)) {
    warnings.push(
      'tokens go over the network in clear text: set DETRAILS_TLS_CERT_FILE, or put a proxy in front',
    );
  }
  return Object.freeze({
    host: settings.HOST,
    port: settings.PORT,
    reusePort: settings.REUSE_PORT,
    insecure: settings.INSECURE,
    tokensFile: settings.TOKENS_FILE,
    tls,
    maxConnections: settings.MAX_CONNECTIONS,
    maxStreams: settings.MAX_STREAMS,
    tablesDirectory: settings.TABLES_DIR === '' ? PROJECT_TABLES : settings.TABLES_DIR,
    logLevel: settings.LOG_LEVEL,
    sessionMax: settings.SESSION_MAX,
    bodyLimitBytes: settings.BODY_LIMIT_BYTES,
    drainSeconds: settings.DRAIN_SECONDS,
    sessionSnapshot: settings.SESSION_SNAPSHOT,
    sessionSnapshotMinutes: settings.SESSION_SNAPSHOT_MINUTES,
    allowedNetworks: commaSeparated(settings.ALLOWED_NETWORKS),
    redis: redisConfig(settings),
    warnings,
  });
}

function redisConfig(settings: Static<typeof Settings>): RedisConfig | undefined {
  const urls = commaSeparated(settings.REDIS_URL);
  if (urls.length === 0) return undefined;
  const parsed = urls.map((url) => (URL.canParse(url) ? new URL(url) : undefined));
  const isKnown = parsed.every((url) => url?.protocol === 'redis:' || url?.protocol === 'rediss:');
  if (!isKnown || (urls.length > 1 && !settings.REDIS_CLUSTER)) {
    throw new ConfigError(
      'DETRAILS_REDIS_URL must be one redis:// or rediss:// URL; several only with DETRAILS_REDIS_CLUSTER=1',
    );
  }
  const first = parsed[0];
  return {
    urls,
    isCluster: settings.REDIS_CLUSTER,
    username: unescaped(first?.username) || settings.REDIS_USERNAME || undefined,
    password: unescaped(first?.password) || settings.REDIS_PASSWORD || undefined,
    caFile: settings.REDIS_CA_FILE || undefined,
    certFile: settings.REDIS_CERT_FILE || undefined,
    keyFile: settings.REDIS_KEY_FILE || undefined,
    prefix: settings.REDIS_PREFIX,
    timeoutMilliseconds: settings.REDIS_TIMEOUT_MS,
  };
}

function unescaped(text: string | undefined): string {
  try {
    return decodeURIComponent(text ?? '');
  } catch {
    throw new ConfigError('DETRAILS_REDIS_URL has a % that begins no escape');
  }
}

function commaSeparated(text: string): string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

function tlsConfig(settings: Static<typeof Settings>): TlsConfig | undefined {
  const { TLS_CERT_FILE: certFile, TLS_KEY_FILE: keyFile, TLS_CLIENT_CA_FILE: clientCaFile } = settings;
  if (certFile === '' && keyFile === '' && clientCaFile === '') return undefined;
  if (certFile === '' || keyFile === '')
    throw new ConfigError('DETRAILS_TLS_CERT_FILE and DETRAILS_TLS_KEY_FILE must be set together');
  const clientScopes = commaSeparated(settings.TLS_CLIENT_SCOPES);
  if (!clientScopes.every(isScope))
    throw new ConfigError(`DETRAILS_TLS_CLIENT_SCOPES must be some of ${SCOPES.join(', ')}`);
  return {
    certFile,
    keyFile,
    clientCaFile: clientCaFile === '' ? undefined : clientCaFile,
    clientScopes,
  };
}

const PROJECT_TABLES = fileURLToPath(new URL('../data', import.meta.url));

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

function parseSettings(values: Record<string, string>): Static<typeof Settings> {
  const data = { ...values };
  for (const name of ['INSECURE', 'REUSE_PORT', 'REDIS_CLUSTER']) {
    if (data[name] !== undefined) data[name] = truth(data[name]);
  }
  try {
    return envSchema<Static<typeof Settings>>({ schema: Settings, data, env: false });
  } catch (error) {
    const detail = error instanceof Error ? error.message : '';
    throw new ConfigError(`Bad configuration: ${detail.replace('env/', PREFIX)}`);
  }
}

/** `1` is what people write for a switch. */
function truth(value: string): string {
  return value === '1' ? 'true' : value === '0' ? 'false' : value;
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}
