import type { CloudTrailRecord } from '../event/cloudtrail-record.ts';
import type { SessionFacts } from './session-facts.ts';

/** Whether the console, or a session of it, made the credential: by the event itself, or another of its session. */
export function isConsole(record: CloudTrailRecord, row: SessionFacts | undefined): boolean {
  return record.sessionCredentialFromConsole || row?.isConsole === true;
}

/**
 * Whether the console's own servers say that they made a call, of the client that the event names. They name none, but
 * write a user agent, and the console's flag: whoever leaves the user agent out names no client either.
 */
export function isOfConsoleServers(record: CloudTrailRecord, client: string | undefined): boolean {
  const { userAgent, sessionCredentialFromConsole } = record;
  return client === undefined && userAgent !== undefined && userAgent !== '' && sessionCredentialFromConsole;
}
