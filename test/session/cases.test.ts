import { describeSessionCases } from './session-cases.ts';
import { ask, newStore } from './trail.ts';

describeSessionCases('memory', () => {
  const store = newStore();
  return (event, context) => ask(store, event, context);
});
