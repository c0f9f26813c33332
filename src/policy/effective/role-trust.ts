import type { Principal } from '../document/policy-document.ts';
import { admitsEveryone } from '../document/principals.ts';
import type { Admission } from './admissions.ts';
import type { EffectiveData } from './effective-data.ts';

/**
 * What a statement of a trust policy lets in: principals that can make the call by which it lets them begin a session.
 * Accounts and services call AssumeRole, providers are behind the other two (IAM User Guide, "Methods to assume a
 * role"; Access Analyzer's check "Mismatched action for principal"). Tags and source identities come along with a
 * session: who may set them only cannot begin one. `undefined` where nobody is left.
 */
export function trustOf(admission: Admission, data: EffectiveData): Admission | undefined {
  const { statement, actions } = admission;
  if (!actions.meets(data.assuming)) return undefined;
  if (admitsEveryone(statement)) return admission;
  const principals = statement.principals.filter((principal) => {
    const call = data.table.find('sts', callOf(principal));
    return call !== undefined && actions.has(call.index);
  });
  return principals.length === 0 ? undefined : { ...admission, statement: { ...statement, principals } };
}

function callOf({ type, name }: Principal): string {
  if (type !== 'Federated') return 'assumerole';
  return name.includes(':saml-provider/') ? 'assumerolewithsaml' : 'assumerolewithwebidentity';
}
