import { isAccountId } from '../../account-id.ts';
import type { ConditionKey, Openness } from '../../tables/policy-tables.ts';
import { wildcardTest } from '../patterns/wildcard.ts';
import {
  comparesAmounts,
  deniesOlder,
  deniesOtherTexts,
  deniesWithout,
  failsOnOthers,
} from './condition-operators.ts';
import { valuesLimit } from './condition-values.ts';
import { holdsLiteral } from './literals.ts';
import type { Condition } from './policy-document.ts';
import { accountNamed } from './principals.ts';

/** none: no condition at all; weak: one that an attacker meets or chooses; strong: one that truly limits. */
export type ConditionStrength = 'none' | 'weak' | 'strong';

export type Limit = ConditionKey['limits'];

/** Of an identity policy. */
export interface Holder {
  /** Where it is known. */
  readonly account: string | undefined;
}

/**
 * How far the conditions of an Allow limit it. Only keys of the table count as strong, and only with an operator that
 * fails where the key is missing or the value is another one: `...IfExists`, `ForAllValues:`, `Null` and the negated
 * operators let pass what they do not know (IAM User Guide, "Condition operators"). The first two limit where a `Null`
 * beside them asks for the key (the same, "Set operators for multivalued context keys").
 */
export class ConditionStrengths {
  readonly #keys = new Map<string, ConditionKey>();
  readonly #families: readonly { readonly row: ConditionKey; readonly holds: (key: string) => boolean }[];
  /** A Deny is held against every Allow, and its values, which may be many, always say the same. */
  readonly #limiting = new WeakMap<Condition, boolean>();

  constructor(keys: readonly ConditionKey[]) {
    for (const key of keys) this.#keys.set(key.key, key);
    this.#families = keys
      .filter(({ key }) => key.includes('*'))
      .map((row) => ({ row, holds: wildcardTest(row.key) }));
  }

  /** `limits` are the kinds of keys that count for the question at hand. */
  of(conditions: readonly Condition[], limits: readonly Limit[], holder?: Holder): ConditionStrength {
    if (conditions.length === 0) return 'none';
    const isStrong = (condition: Condition) =>
      this.#isStrong(condition, limits) && this.#limitsHolder(condition, holder);
    return conditions.some(isStrong) ? 'strong' : 'weak';
  }

  /**
   * Who holds an identity policy is said by what it is attached to, so that a condition on its account, organization or
   * ARN is met by its holder always or never. It limits where it names other accounts than the holder's, or where the
   * resource fills it in, as `${aws:ResourceAccount}` is, or nobody has the value.
   */
  #limitsHolder({ key, values }: Condition, holder: Holder | undefined): boolean {
    if (holder === undefined || this.#find(key)?.ofHolder !== true) return true;
    return values.every(
      (value) => OF_RESOURCE.test(value) || holdsLiteral(value) || isOfOther(value, holder),
    );
  }

  #isStrong(condition: Condition, limits: readonly Limit[]): boolean {
    const row = this.#find(condition.key);
    if (row === undefined || !limits.includes(row.limits)) return false;
    if (comparesAmounts(condition.operator) && row.key !== AGE) return false;
    return failsOnOthers(condition) && valuesLimit(condition.values, condition.key, row);
  }

  /**
   * How a policy for everyone is left open by conditions that limit: to those who know a value, since sts:ExternalId is
   * no secret; or from where, or as whom, a value says that may be a stranger's. `undefined` where one of them says
   * more.
   */
  opennessOf(conditions: readonly Condition[], limits: readonly Limit[]): Openness | undefined {
    const strong = conditions.filter((condition) => this.#isStrong(condition, limits));
    const isLearnable = ({ key }: Condition) => this.#find(key)?.learnable === true;
    const others = strong.filter((condition) => !isLearnable(condition));
    if (others.length === 0) return strong.length === 0 ? undefined : 'learnable';
    return others.every((condition) => this.#isOwnerless(condition)) ? 'ownerless' : undefined;
  }

  /** The id of a root user is the number of its account (IAM User Guide, "IAM policy elements: Variables and tags"). */
  #isOwnerless({ key, values }: Condition): boolean {
    return this.#find(key)?.ownerless === true && !values.every(isAccountId);
  }

  /**
   * Whether it turns away all but those whom it names, as a Deny of all others does: `NotIpAddress`, `StringNotLike`,
   * and `BoolIfExists` of `false` for a key that limits by `true`.
   */
  turnsOthersAway(condition: Condition, limits: readonly Limit[], holder?: Holder): boolean {
    const row = this.#find(condition.key);
    if (row === undefined || !limits.includes(row.limits) || !this.#limitsHolder(condition, holder))
      return false;
    if (row.values !== undefined) return row.values.includes('true') && deniesWithout(condition);
    if (!comparesOthers(row, condition)) return false;
    const known = this.#limiting.get(condition);
    if (known !== undefined) return known;
    const leavesOut = valuesLimit(condition.values, condition.key, row);
    this.#limiting.set(condition, leavesOut);
    return leavesOut;
  }

  #find(key: string): ConditionKey | undefined {
    return this.#keys.get(key) ?? this.#families.find(({ holds }) => holds(key))?.row;
  }
}

/** A variable of the resource, without a default. */
const OF_RESOURCE = /\$\{\s*aws:resource[^${},]*\}/i;

function isOfOther(value: string, { account }: Holder): boolean {
  const named = accountNamed(value);
  return account !== undefined && named !== undefined && named !== account;
}

/** The one key of the table that is a number. */
const AGE = 'aws:multifactorauthage';

/**
 * Whether a Deny meets the other values of a key, by an operator of the key's own type: what one of another type makes
 * of it is not documented (IAM User Guide, "Condition operators").
 */
function comparesOthers({ key, form }: ConditionKey, condition: Condition): boolean {
  if (key === AGE) return deniesOlder(condition);
  if (form === 'address') return /^(?:forallvalues:)?notipaddress/.test(condition.operator);
  return deniesOtherTexts(condition.operator);
}
