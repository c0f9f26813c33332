import {
  type CallRisk,
  higher,
  isAtLeast,
  type RiskCategory,
  type RiskLevel,
  union,
} from '../tables/risk-table.ts';
import type { LessRow, MoreRow, TellingCall } from '../tables/telling-calls.ts';

/**
 * The risk of a call of which rows of data/curated/telling-calls.json tell more or less, one after the other. Where its
 * risk is less than its name says, their reasons take the place of what the name says; else they stand behind it.
 */
export function riskAsTold(risk: CallRisk, told: readonly TellingCall[]): CallRisk {
  const reasons = told.map(({ reason }) => reason);
  const changed = told.reduce((able, { less, more }) => withMore(withLess(able, less), more), risk);
  return {
    ...changed,
    reasons: told.some(({ less }) => lowersRisk(less)) ? reasons : [...risk.reasons, ...reasons],
  };
}

/**
 * What rows tell besides of a call that carries a policy, where it is not the policy's doing; `undefined` where no row
 * tells such a thing.
 */
export function besidePolicy(
  called: CallRisk,
  told: readonly TellingCall[],
): Pick<CallRisk, 'level' | 'categories'> | undefined {
  const rows = told.filter(({ more, ofPolicy }) => more.level !== undefined && !ofPolicy);
  if (rows.length === 0) return undefined;
  const level = rows.reduce<RiskLevel>((most, { more }) => higher(most, more.level ?? 'none'), 'none');
  const categories = rows.reduce<readonly RiskCategory[]>(
    (all, { more }) => union(all, more.categories ?? []),
    [],
  );
  // Another row may say that it is less.
  return { level: isAtLeast(called.level, level) ? level : called.level, categories };
}

function lowersRisk({ level, categories }: LessRow): boolean {
  return level !== undefined || categories !== undefined;
}

/** Published ways to gain privileges go with that category. */
function withLess(risk: CallRisk, { level = risk.level, categories = [] }: LessRow): CallRisk {
  return {
    ...risk,
    level: isAtLeast(risk.level, level) ? level : risk.level,
    categories: risk.categories.filter((category) => !categories.includes(category)),
    methods: categories.includes('privilege_escalation') ? [] : risk.methods,
  };
}

function withMore(risk: CallRisk, { level = risk.level, categories = [] }: MoreRow): CallRisk {
  return {
    ...risk,
    level: higher(risk.level, level),
    categories: union(risk.categories, categories),
  };
}
