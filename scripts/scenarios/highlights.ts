import { MAIN } from './identities.ts';

/** Expectations that many steps share. */
export const QUIET = { 'risk.level': { any_of: ['none', 'low'] } } as const;
export const NO_ALARM = { ...QUIET, 'source_check.anomalous': false } as const;
export const NOT_HIGH = { 'risk.score': { at_most: 69 } } as const;
export const GRAVE = {
  'action.outcome': 'success',
  'risk.level': { any_of: ['high', 'critical'] },
} as const;

export const INTERN = `arn:aws:iam::${MAIN}:user/dev-intern`;
export const BY_INTERN = { 'origin.status': 'found', 'origin.root.arn': INTERN } as const;

export const BOT = `arn:aws:iam::${MAIN}:user/ci-bot`;
export const BY_BOT = { 'origin.status': 'found', 'origin.root.arn': BOT, 'origin.chain_depth': 1 } as const;
