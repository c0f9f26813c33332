import type { PolicyStore } from '../policy/memory/policy-memory.ts';
import { PolicyOverlay } from '../policy/memory/policy-overlay.ts';
import type { EnrichmentContext, Knowledge } from './enrich.ts';

/** The same knowledge, always as fresh, for a caller whose events may not add to it. */
export function withoutLearning(context: EnrichmentContext): EnrichmentContext {
  const policies: PolicyStore = {
    withMemory: (work) => context.policies.withMemory((memory) => work(new PolicyOverlay(memory))),
  };
  return {
    get knowledge() {
      return unlearning(context.knowledge);
    },
    policies,
    sessions: context.sessions,
  };
}

/** Made once of each, and freed with it: on reload the tables before it go, whether a guest asks again or not. */
const UNLEARNING = new WeakMap<Knowledge, Knowledge>();

function unlearning(knowledge: Knowledge): Knowledge {
  const known = UNLEARNING.get(knowledge);
  if (known !== undefined) return known;
  const made = { ...knowledge, session: { ...knowledge.session, learn: false } };
  UNLEARNING.set(knowledge, made);
  return made;
}
