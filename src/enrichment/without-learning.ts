import type { PolicyStore } from '../policy/memory/policy-memory.ts';
import { PolicyOverlay } from '../policy/memory/policy-overlay.ts';
import type { EnrichmentContext } from './enrich.ts';

/** The same knowledge, always as fresh, for a caller whose events may not add to it. */
export function withoutLearning(context: EnrichmentContext): EnrichmentContext {
  const policies: PolicyStore = {
    withMemory: (work) => context.policies.withMemory((memory) => work(new PolicyOverlay(memory))),
  };
  return {
    get tables() {
      return context.tables;
    },
    get policyAnalyzer() {
      return context.policyAnalyzer;
    },
    policies,
    sessions: context.sessions,
    get session() {
      return { ...context.session, learn: false };
    },
  };
}
