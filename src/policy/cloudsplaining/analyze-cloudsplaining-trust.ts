import { type Problem, problem } from '../../errors.ts';
import { isObject, own } from '../../event/json.ts';
import { asList, isTruthy } from './python.ts';
import { writtenStatements } from './read-statement.ts';

/** Who can assume a role, as Cloudsplaining's account scan reports it with `--flag-trust-policies`. */
export interface CloudsplainingTrust {
  readonly assumableByComputeService: readonly string[];
  readonly assumableByCrossAccountPrincipal: readonly string[];
  readonly assumableByAnyPrincipal: readonly string[];
  readonly assumableByAnyPrincipalWithConditions: readonly string[];
}

export interface TrustContext {
  /** The account the role is in; where it is unknown, every account counts as another one. */
  readonly currentAccountId: string | undefined;
  readonly computeServices: readonly string[];
}

interface TrustStatement {
  /** Names sts:AssumeRole itself: patterns, and the SAML and web identity calls, are not looked at. */
  readonly assumable: boolean;
  readonly principals: readonly string[];
  readonly conditional: boolean;
}

export function analyzeCloudsplainingTrust(
  policy: unknown,
  context: TrustContext,
): CloudsplainingTrust | Problem {
  if (!isObject(policy)) return problem('policy_invalid', '');
  const found = {
    compute: [] as string[],
    crossAccount: [] as string[],
    any: [] as string[],
    anyIf: [] as string[],
  };
  for (const { entry, place } of writtenStatements(policy)) {
    const statement = readTrustStatement(entry, place);
    if ('code' in statement) return statement;
    if (!statement.assumable) continue;
    for (const principal of statement.principals) {
      const service = computeServiceOf(principal, context.computeServices);
      if (service !== undefined) found.compute.push(service);
      if (isElsewhere(accountByItsRules(principal), context.currentAccountId))
        found.crossAccount.push(principal);
      if (principal === '*' || principal === 'arn:aws:iam::*:root') {
        (statement.conditional ? found.anyIf : found.any).push(principal);
      }
    }
  }
  return {
    assumableByComputeService: found.compute,
    assumableByCrossAccountPrincipal: found.crossAccount,
    assumableByAnyPrincipal: found.any,
    assumableByAnyPrincipalWithConditions: found.anyIf,
  };
}

function readTrustStatement(raw: unknown, path: string): TrustStatement | Problem {
  if (!isObject(raw)) return problem('policy_invalid', path);
  if (!Object.hasOwn(raw, 'Effect')) return problem('policy_invalid', `${path}.Effect`);
  const actions = asList(own(raw, 'Action'));
  if (!isReadableCondition(own(raw, 'Condition'))) return problem('policy_invalid', `${path}.Condition`);
  if (!actions.every((action) => typeof action === 'string'))
    return problem('policy_invalid', `${path}.Action`);
  const conditional = isTruthy(own(raw, 'Condition'));
  const named = actions.some((action) => action.toLowerCase() === 'sts:assumerole');
  if (!named) return { assumable: false, principals: [], conditional };
  const effect = own(raw, 'Effect');
  if (typeof effect !== 'string') return problem('policy_invalid', `${path}.Effect`);
  if (effect.toLowerCase() !== 'allow') return { assumable: false, principals: [], conditional };
  const principals = principalsOf(own(raw, 'Principal'));
  if (!principals.every((principal) => typeof principal === 'string')) {
    return problem('policy_invalid', `${path}.Principal`);
  }
  return { assumable: true, principals, conditional };
}

/** In the order AWS, Federated, Service; a bare list stays one element, on which Cloudsplaining fails. */
function principalsOf(principal: unknown): readonly unknown[] {
  if (!isTruthy(principal)) return [];
  if (!isObject(principal)) return [principal];
  return ['AWS', 'Federated', 'Service'].flatMap((kind) => {
    if (!Object.hasOwn(principal, kind)) return [];
    const named = own(principal, kind);
    return Array.isArray(named) ? named : [named];
  });
}

const LIMITING_OPERATOR =
  /^(?:(?:ForAllValues|ForAnyValue):)?(?:ARN(?:Equals|Like)|String(?:Equals|Like)(?:IgnoreCase)?|IpAddress)/iu;

/** Cloudsplaining walks the keys below these operators when it reads a statement, and fails where there are none. */
function isReadableCondition(condition: unknown): boolean {
  if (!isTruthy(condition)) return true;
  if (!isObject(condition)) return false;
  return Object.entries(condition).every(
    ([operator, keys]) => !LIMITING_OPERATOR.test(operator) || isObject(keys),
  );
}

function computeServiceOf(principal: string, computeServices: readonly string[]): string | undefined {
  if (!principal.endsWith('.amazonaws.com')) return undefined;
  const label = principal.slice(0, principal.indexOf('.'));
  return computeServices.includes(label) ? label : undefined;
}

function isElsewhere(account: string | undefined, current: string | undefined): boolean {
  return account !== undefined && account !== '' && account !== current;
}

/** Other digits than 0 to 9 count, and other partitions do not: as Cloudsplaining has it. */
function accountByItsRules(principal: string): string | undefined {
  const text = principal.trim();
  if (text.startsWith('arn:aws:iam::')) {
    const parts = text.split(':');
    return parts.length < 6 ? undefined : parts[4];
  }
  return /^\p{Nd}{12}$/u.test(text) ? text : undefined;
}
