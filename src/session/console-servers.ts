import type { Networks } from '../tables/network-table.ts';
import { addressesOf } from './client-places.ts';
import { areOneNetwork, isAwsIp } from './compare-sources.ts';
import { isConsole, isOfConsoleServers } from './console-use.ts';
import type { SessionFacts, Sighting } from './session-facts.ts';
import { type Ip, isPrivateIp, parseIp } from './source-address.ts';
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
  if (baseline.client !== undefined && baseline.client !== 'browser') return judgement;
  if (isOfConsoleServers(record, client) && isAwsIp(networks, ip)) return { ...judgement, ...BY_SERVERS };
  const isAfter = client === 'browser' && baseline === first && baseline.client === undefined;
  const against = isAfter ? parseIp(compared.against) : undefined;
  if (against === undefined || !isAwsIp(networks, against)) return judgement;
  return isOnlyBrowser(facts, ip, networks) ? { ...judgement, ...AFTER_SERVERS } : judgement;
}

/** The servers' address says nothing of a stolen cookie: a second network of browsers does. */
function isOnlyBrowser(facts: SessionFacts | undefined, ip: Ip, networks: Networks): boolean {
  return addressesOf(facts, 'browser').every((address) => {
    const other = parseIp(address);
    return other === undefined || isPrivateIp(other) || areOneNetwork(networks, ip, other);
  });
}

const BY_SERVERS = {
  verdict: 'first_use',
  detail: "The console's own servers made the call, from an address of AWS.",
} as const;

const AFTER_SERVERS = {
  verdict: 'first_use',
  detail: "The session began with a call of the console's own servers, from an address of AWS.",
} as const;
