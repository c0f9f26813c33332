import type { PolicyStore } from '../policy/memory/policy-memory.ts';
import { PolicyOverlay } from '../policy/memory/policy-overlay.ts';
import type { EnrichmentContext, Knowledge } from './enrich.ts';

/** The same knowledge, always as fresh, for a caller whose events may not add to it. */
export function withoutLearning(context: EnrichmentContext): EnrichmentContext {
  const policies: PolicyStore = {
    withMemory: (work) => context.policies.withMemory((memory) => work(new PolicyOverlay(memory))),
  };
  let learning = context.knowledge;
  let knowledge = unlearning(learning);
  return {
    get knowledge() {
      if (learning !== context.knowledge) {
        learning = context.knowledge;
        knowledge = unlearning(learning);
      }
      return knowledge;
    },
    policies,
    sessions: context.sessions,
  };
}

function unlearning(knowledge: Knowledge): Knowledge {
  return { ...knowledge, session: { ...knowledge.session, learn: false } };
}
