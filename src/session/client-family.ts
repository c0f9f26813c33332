import { isServiceAddress } from './source-address.ts';

const LONGEST_FAMILY = 64;
const BROWSERS = new Set(['mozilla', 'opera', 'safari', 'chrome', 'firefox', 'edge', 'msie']);

/**
 * The client's family: its lower-cased product, without the version that changes with every update. S3 writes the user
 * agent in brackets. All browsers are one family, since one person uses several. Where AWS's own servers make the call,
 * the console's (`[S3Console/0.4, aws-internal/3 ...]`) or those of its sign-in (`AWS Signin, aws-internal/3 ...`), the
 * user agent says nothing of the client.
 */
export function clientFamily(userAgent: string | undefined): string | undefined {
  if (userAgent === undefined || isServiceAddress(userAgent)) return undefined;
  const start = userAgent.charCodeAt(0) === 0x5b ? 1 : 0;
  const slash = userAgent.indexOf('/', start);
  const end = slash === -1 || slash - start > LONGEST_FAMILY ? start + LONGEST_FAMILY : slash;
  const family = userAgent.slice(start, end).trim().toLowerCase();
  if (family === '' || family === 'aws-internal' || family.startsWith('aws signin')) return undefined;
  if (slash !== -1 && isOfAwsServers(userAgent, slash)) return undefined;
  return BROWSERS.has(family) ? 'browser' : family;
}

const INTERNAL = ', aws-internal';

/** The console's servers put their own name first, with a version or without. */
function isOfAwsServers(userAgent: string, slash: number): boolean {
  if (userAgent.startsWith(INTERNAL, slash - INTERNAL.length)) return true;
  const next = userAgent.indexOf('/', slash + 1);
  return next !== -1 && userAgent.startsWith(INTERNAL, next - INTERNAL.length);
}

/** Of a user agent; what is behind it is no name of a client. */
const LONGEST_CLIENT = 512;

/** These sign each request with the key itself; others name themselves before the SDK that they are made with. */
export function isOfSdk(userAgent: string): boolean {
  return SDK.test(userAgent.slice(0, LONGEST_CLIENT));
}

const SDK = /aws-(?:sdk|cli)|awspowershell|boto/i;

/** AWS's SDKs for languages of which Lambda has no runtime (Lambda Developer Guide, "Lambda runtimes"). */
export function isOfLanguageWithoutRuntime(userAgent: string | undefined): boolean {
  return userAgent !== undefined && SDK_WITHOUT_RUNTIME.test(userAgent.slice(0, LONGEST_CLIENT));
}

const SDK_WITHOUT_RUNTIME = /\baws-sdk-(?:go|go-v2|rust|cpp|php|swift)\//;
