import { describeSessionCases } from './session-cases.ts';
import { type Asker, ask, newStore, recallFrom } from './trail.ts';

describeSessionCases('memory', () => {
  const store = newStore();
  return Object.assign((...[event, context]: Parameters<Asker>) => ask(store, event, context), {
    recall: (accessKeyId: string) => recallFrom(store, accessKeyId),
  });
});
