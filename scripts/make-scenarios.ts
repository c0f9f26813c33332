import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Expected } from './scenarios/expectation.ts';
import { pacu } from './scenarios/pacu.ts';
import { pacuControls } from './scenarios/pacu-controls.ts';
import { privilegeEscalation } from './scenarios/privilege-escalation.ts';
import { privilegeEscalationControls } from './scenarios/privilege-escalation-controls.ts';

/**
 * Writes examples/scenarios: a file of events and a sidecar of what is expected of them, for each story. With
 * `--check` nothing is written: it says what would change, and the exit code tells.
 */
const FOLDER = fileURLToPath(new URL('../examples/scenarios/', import.meta.url));
const check = process.argv.includes('--check');

for (const story of [privilegeEscalation, privilegeEscalationControls, pacu, pacuControls]) {
  const { trail, expected } = story();
  const records = trail.records();
  put(`${expected.scenario}.ndjson`, records.map((record) => `${JSON.stringify(record)}\n`).join(''));
  put(`${expected.scenario}.expected.json`, `${expectedText({ ...expected, steps: trail.steps() })}\n`);
  console.log(`${expected.scenario}: ${records.length} events`);
}

function put(name: string, text: string): void {
  if (!check) {
    writeFileSync(FOLDER + name, text);
    return;
  }
  if (readOrEmpty(FOLDER + name) === text) return;
  console.log(`${name} would change: run npm run scenarios`);
  process.exitCode = 1;
}

function readOrEmpty(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

/** One event a line, so that a change of one shows as one line. */
function expectedText({ steps, ...head }: Expected): string {
  const lines = steps.map(({ events, ...step }) => {
    const rows = events.map((event) => `      ${JSON.stringify(event)}`).join(',\n');
    return `    ${JSON.stringify(step).slice(0, -1)},"events":[\n${rows}\n    ]}`;
  });
  return `${JSON.stringify(head).slice(0, -1)},\n  "steps":[\n${lines.join(',\n')}\n  ]}`;
}
