import { fileURLToPath } from 'node:url';
import { isAccountId } from './account-id.ts';
import { isScope, SCOPES, type Scope } from './scopes.ts';
import { ConfigError, readSettings, type SettingValues } from './settings.ts';

export { ConfigError } from './settings.ts';

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
  readonly tokensFile: string | undefined;
  readonly tls: TlsConfig | undefined;
  readonly maxConnections: number;
  readonly maxStreams: number;
  readonly tablesDirectory: string;
  readonly logLevel: string;
  readonly sessionMax: number;
  readonly bodyLimitBytes: number;
  readonly drainSeconds: number;
  readonly sessionSnapshot: string | undefined;
  readonly sessionSnapshotMinutes: number;
  readonly allowedNetworks: readonly string[];
  readonly endpointAccounts: readonly string[];
  /** Undefined where this process is alone. */
  readonly redis: RedisConfig | undefined;
  /** Said once at start: names that were ignored, and why. */
  readonly warnings: readonly string[];
}

/** Reads the environment; throws a ConfigError on an unknown DETRAILS_ name or a value that does not fit. */
export function loadConfig(environment: NodeJS.ProcessEnv): Config {
  const { settings, warnings } = readSettings(environment);
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
    tokensFile: settings.TOKENS_FILE || undefined,
    tls,
    maxConnections: settings.MAX_CONNECTIONS,
    maxStreams: settings.MAX_STREAMS,
    tablesDirectory: settings.TABLES_DIR === '' ? PROJECT_TABLES : settings.TABLES_DIR,
    logLevel: settings.LOG_LEVEL,
    sessionMax: settings.SESSION_MAX,
    bodyLimitBytes: settings.BODY_LIMIT_BYTES,
    drainSeconds: settings.DRAIN_SECONDS,
    sessionSnapshot: settings.SESSION_SNAPSHOT || undefined,
    sessionSnapshotMinutes: settings.SESSION_SNAPSHOT_MINUTES,
    allowedNetworks: commaSeparated(settings.ALLOWED_NETWORKS),
    endpointAccounts: endpointAccounts(settings),
    redis: redisConfig(settings, warnings),
    warnings,
  });
}

/** What concerns a process that reads files: it listens nowhere, and needs nobody else's memory. */
export const FILE_SETTINGS = [
  'TABLES_DIR',
  'BODY_LIMIT_BYTES',
  'SESSION_MAX',
  'ALLOWED_NETWORKS',
  'ENDPOINT_ACCOUNTS',
  'LOG_LEVEL',
] as const satisfies readonly (keyof SettingValues)[];

/**
 * The same for a command that reads files. It is run where the environment is made for others, such as the service in
 * whose container it is or the Logstash that calls it: what does not concern it is not read. Throws a ConfigError on a
 * value that does not fit.
 */
export function loadFileConfig(environment: NodeJS.ProcessEnv): Config {
  const own: NodeJS.ProcessEnv = {};
  for (const setting of FILE_SETTINGS) {
    const name = `DETRAILS_${setting}`;
    if (environment[name] !== undefined) own[name] = environment[name];
  }
  return loadConfig(own);
}

/** What concerns only who reaches a Redis. */
const REDIS_ACCESS = [
  'REDIS_CLUSTER',
  'REDIS_USERNAME',
  'REDIS_PASSWORD',
  'REDIS_CA_FILE',
  'REDIS_CERT_FILE',
  'REDIS_KEY_FILE',
] as const satisfies readonly (keyof SettingValues)[];

function redisConfig(settings: SettingValues, warnings: string[]): RedisConfig | undefined {
  const urls = commaSeparated(settings.REDIS_URL);
  if (urls.length === 0) {
    const idle = REDIS_ACCESS.filter((name) => settings[name]).map((name) => `DETRAILS_${name}`);
    if (idle.length > 0) warnings.push(`${idle.join(', ')}: without DETRAILS_REDIS_URL no memory is shared`);
    return undefined;
  }
  const parsed = urls.map((url) => (URL.canParse(url) ? new URL(url) : undefined));
  const isKnown = parsed.every((url) => url?.protocol === 'redis:' || url?.protocol === 'rediss:');
  if (!isKnown || (urls.length > 1 && !settings.REDIS_CLUSTER)) {
    throw new ConfigError(
      'DETRAILS_REDIS_URL must be one redis:// or rediss:// URL; several only with DETRAILS_REDIS_CLUSTER=1',
    );
  }
  checkRedisTls(
    settings,
    parsed.every((url) => url?.protocol === 'rediss:'),
  );
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

function checkRedisTls(settings: SettingValues, isEncrypted: boolean): void {
  const { REDIS_CA_FILE: caFile, REDIS_CERT_FILE: certFile, REDIS_KEY_FILE: keyFile } = settings;
  if ((certFile === '') !== (keyFile === ''))
    throw new ConfigError('DETRAILS_REDIS_CERT_FILE and DETRAILS_REDIS_KEY_FILE must be set together');
  if (!isEncrypted && (caFile !== '' || certFile !== ''))
    throw new ConfigError('DETRAILS_REDIS_CA_FILE and DETRAILS_REDIS_CERT_FILE need a rediss:// URL');
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

function endpointAccounts(settings: SettingValues): string[] {
  const accounts = commaSeparated(settings.ENDPOINT_ACCOUNTS);
  if (!accounts.every(isAccountId))
    throw new ConfigError('DETRAILS_ENDPOINT_ACCOUNTS must be account ids of 12 digits, separated by commas');
  return accounts;
}

function tlsConfig(settings: SettingValues): TlsConfig | undefined {
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
    clientCaFile: clientCaFile || undefined,
    clientScopes,
  };
}

const PROJECT_TABLES = fileURLToPath(new URL('../data', import.meta.url));

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}
