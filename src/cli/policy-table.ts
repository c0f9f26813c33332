import type { PolicyAnalysis, PolicyFinding } from '../policy/policy-findings.ts';

/** Columns of a finding: what, how bad, how sure, and which statements say so. */
const HEADINGS = ['RISK', 'SEVERITY', 'CONFIDENCE', 'STATEMENTS'] as const;
const MOST_SHOWN = 12;

/** The analysis of one policy as lines for a terminal of `width` columns: first the gist, then finding by finding. */
export function policyTable(analysis: PolicyAnalysis, width = 100): string {
  const rows = analysis.findings.map(rowOf);
  const widths = HEADINGS.map((heading, at) =>
    Math.max(heading.length, ...rows.map((row) => (row.cells[at] ?? '').length)),
  );
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, at) => cell.padEnd(widths[at] ?? 0))
      .join('  ')
      .trimEnd();
  const gist = gistOf(analysis).flatMap((text) => wrap(text, width, ''));
  const table = rows.flatMap(({ cells, details }) => [
    line(cells),
    ...details.flatMap((text) => wrap(text, width, '  ')),
  ]);
  const lines = rows.length === 0 ? gist : [...gist, '', line(HEADINGS), ...table];
  return `${lines.join('\n')}\n`;
}

function gistOf(analysis: PolicyAnalysis): string[] {
  const { kind, counts, services } = analysis;
  const lines = [`${kind} policy: ${verdictOf(analysis)}`];
  const counted = Object.entries(counts).map(([risk, count]) => `${wordsOf(risk)} ${count}`);
  if (counted.length > 0) lines.push(`counts: ${counted.join(', ')}`);
  if (services.length > 0) lines.push(`services: ${shorten(services)}`);
  return lines;
}

function verdictOf({ admin, public: open, externalAccounts, counts, lockout }: PolicyAnalysis): string {
  if (admin) return 'as good as AdministratorAccess';
  if (open) return 'lets everyone in';
  if (lockout !== undefined) return shutsOut(lockout.spared);
  if (externalAccounts.length > 0) return `lets in ${externalAccounts.join(', ')}`;
  return Object.keys(counts).length === 0 ? 'no findings' : 'findings below';
}

function shutsOut(spared: readonly string[]): string {
  return spared.length === 0 ? 'shuts everyone out' : `shuts everyone out but ${spared.join(', ')}`;
}

interface Row {
  readonly cells: readonly string[];
  readonly details: readonly string[];
}

function rowOf(finding: PolicyFinding): Row {
  const risk = wordsOf(finding.risk);
  const principals = finding.principals === undefined ? [] : [`  who: ${shorten(finding.principals)}`];
  return {
    cells: [
      finding.method === undefined ? risk : `${risk}: ${finding.method}`,
      finding.severity,
      finding.confidence,
      finding.statements.join(', '),
    ],
    details: [`  ${finding.why}`, ...principals, `  ${shorten(finding.actions)}`],
  };
}

function wordsOf(risk: string): string {
  return risk.replaceAll('_', ' ');
}

function shorten(names: readonly string[]): string {
  const rest = names.length - MOST_SHOWN;
  const shown = names.slice(0, MOST_SHOWN).join(', ');
  return rest > 0 ? `${shown} and ${rest} more` : shown;
}

/** Breaks at spaces; control characters of names never reach the terminal. */
function wrap(text: string, width: number, indent: string): string[] {
  const lines: string[] = [];
  let line = indent;
  for (const word of printable(text).trim().split(' ')) {
    if (line.length + word.length + 1 > width && line !== indent) {
      lines.push(line);
      line = '  ';
    }
    line += line.trim() === '' ? word : ` ${word}`;
  }
  return [...lines, line];
}

function printable(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, '?');
}
