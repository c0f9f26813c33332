import { isAwsIp } from './compare-sources.ts';
import { isConsole } from './describe-origin.ts';
import type { Sighting } from './session-facts.ts';
import { type Ip, parseIp } from './source-address.ts';
import type { Question } from './source-question.ts';
import type { Judgement } from './source-verdicts.ts';

/**
 * Some of what a person does in the console its own servers do, from addresses of AWS, which are not the person's; and
 * where they did so first, the person's browser is not measured by them. It is whoever holds a program's key, and made
 * a console session of it, who is measured all the same.
 */
export function unlessByServersOfConsole(
  judgement: Judgement,
  { record, use, facts, knowledge, first }: Question,
  baseline: Sighting,
  ip: Ip,
): Judgement {
  const { networks } = knowledge;
  const { compared } = judgement;
  if (networks === undefined || compared === undefined || !isConsole(record, facts)) return judgement;
  const client = use?.sighting?.client;
  if (!isInConsole(client) || !isInConsole(baseline.client)) return judgement;
  if (client === undefined && isAwsIp(networks, ip)) return { ...judgement, ...BY_SERVERS };
  const against = parseIp(compared.against);
  const isAfterServers = baseline === first && baseline.client === undefined && against !== undefined;
  return isAfterServers && isAwsIp(networks, against) ? { ...judgement, ...AFTER_SERVERS } : judgement;
}

/** The servers name no client. */
function isInConsole(client: string | undefined): boolean {
  return client === undefined || client === 'browser';
}

const BY_SERVERS = {
  verdict: 'first_use',
  detail: "The console's own servers made the call, from an address of AWS.",
} as const;

const AFTER_SERVERS = {
  verdict: 'first_use',
  detail: "The session began with a call of the console's own servers, from an address of AWS.",
} as const;
