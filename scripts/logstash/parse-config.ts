import type { Branch, PipelineConfig, Section, SectionKind, Statement } from './config.ts';
import { ConfigSyntaxError, type Cursor, expect, lineOf, skipSpace, take, takeWord } from './cursor.ts';
import { parseCondition } from './parse-condition.ts';
import { parsePlugin } from './parse-value.ts';

const SECTIONS: readonly SectionKind[] = ['input', 'filter', 'output'];

/** Reads a configuration; throws a ConfigSyntaxError that names the line. */
export function parseConfig(text: string): PipelineConfig {
  const cursor: Cursor = { text, at: 0 };
  const sections: Section[] = [];
  skipSpace(cursor);
  while (cursor.at < text.length) {
    const line = lineOf(cursor);
    const kind = SECTIONS.find((name) => takeWord(cursor, name));
    if (kind === undefined) throw new ConfigSyntaxError(cursor, 'input, filter or output');
    sections.push({ kind, body: parseBody(cursor), line });
    skipSpace(cursor);
  }
  return { sections };
}

function parseBody(cursor: Cursor): Statement[] {
  expect(cursor, '{');
  const body: Statement[] = [];
  while (!take(cursor, '}')) {
    const line = lineOf(cursor);
    body.push(takeWord(cursor, 'if') ? parseBranch(cursor, line) : parsePlugin(cursor));
  }
  return body;
}

function parseBranch(cursor: Cursor, line: number): Branch {
  const cases: Branch['cases'][number][] = [{ condition: parseCondition(cursor), body: parseBody(cursor) }];
  while (takeWord(cursor, 'else')) {
    if (takeWord(cursor, 'if')) {
      cases.push({ condition: parseCondition(cursor), body: parseBody(cursor) });
      continue;
    }
    cases.push({ body: parseBody(cursor) });
    break;
  }
  return { type: 'branch', cases, line };
}
