import type { Expected } from './expectation.ts';
import { pacu } from './pacu.ts';
import { pacuControls } from './pacu-controls.ts';
import { privilegeEscalation } from './privilege-escalation.ts';
import { privilegeEscalationControls } from './privilege-escalation-controls.ts';

export interface ScenarioFile {
  readonly name: string;
  readonly text: string;
}

/** For each story a file of events, and a sidecar of what is expected of them. */
export function scenarioFiles(): readonly ScenarioFile[] {
  return [privilegeEscalation, privilegeEscalationControls, pacu, pacuControls].flatMap((story) => {
    const { trail, expected } = story();
    const lines = trail.records().map((record) => `${JSON.stringify(record)}\n`);
    return [
      { name: `${expected.scenario}.ndjson`, text: lines.join('') },
      {
        name: `${expected.scenario}.expected.json`,
        text: expectedText({ ...expected, steps: trail.steps() }),
      },
    ];
  });
}

/** One event a line, so that a change of one shows as one line. */
function expectedText({ steps, ...head }: Expected): string {
  const lines = steps.map(({ events, ...step }) => {
    const rows = events.map((event) => `      ${JSON.stringify(event)}`).join(',\n');
    return `    ${JSON.stringify(step).slice(0, -1)},"events":[\n${rows}\n    ]}`;
  });
  return `${JSON.stringify(head).slice(0, -1)},\n  "steps":[\n${lines.join(',\n')}\n  ]}\n`;
}
