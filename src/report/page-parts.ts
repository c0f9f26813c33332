import { levelOfScore } from '../enrichment/score-risk.ts';
import type { RiskLevel } from '../tables/risk-table.ts';
import { principalName } from './event-facts.ts';
import { html, type Insert, type Markup, short } from './html.ts';

export interface Section {
  readonly id: string;
  readonly title: string;
  readonly body: Markup;
}

export const number = (value: number): string => value.toLocaleString('en');

export function timeText(time: number | undefined): string {
  if (time === undefined || Number.isNaN(new Date(time).getTime())) return 'no time';
  return new Date(time).toISOString().slice(0, 19).replace('T', ' ');
}

export const badge = (level: RiskLevel, text: string | number = level): Markup =>
  html`<span class="badge ${level}">${text}</span>`;

export const scoreBadge = (score: number): Markup => {
  const level = levelOfScore(score);
  return badge(level, `${score} ${level}`);
};

export const cell = (content: Insert, style?: 'count' | 'time' | 'why' | 'small where'): Markup =>
  style === undefined ? html`<td>${content}</td>` : html`<td class="${style}">${content}</td>`;

export const countCell = (count: number): Markup => cell(number(count), 'count');

export const timeCell = (time: number | undefined): Markup => cell(timeText(time), 'time');

export const row = (...cells: readonly Markup[]): Markup => html`<tr>${cells}</tr>`;

/** A table that scrolls by itself where the window is narrow; it takes the focus, so that arrow keys move it. */
export function table(name: string, heads: readonly string[], rows: readonly Markup[]): Markup {
  const head = row(...heads.map((text) => html`<th scope="col">${text}</th>`));
  const content = html`<table><thead>${head}</thead><tbody>${rows}</tbody></table>`;
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${name}">${content}</div>`;
}

export function figure(drawing: Markup, caption: string): Markup {
  const chart = html`<div class="scroll chart" tabindex="0" role="region" aria-label="${caption}">${drawing}</div>`;
  return html`<figure>${chart}<figcaption>${caption}</figcaption></figure>`;
}

export const folded = (summary: string, content: Markup): Markup =>
  html`<details><summary>${summary}</summary>${content}</details>`;

export const nothing = (sentence: string): Markup => html`<p class="nothing">${sentence}</p>`;

/** One name as people say it, with the whole of it for who needs it; it may break after its own separators. */
export const who = (name: string): Markup => {
  const parts = short(principalName(name), 60).split(/(?<=[/._:@-])/);
  return html`<span class="name" title="${name}">${parts.map((part) => html`${part}<wbr>`)}</span>`;
};

export const names = (values: Iterable<string>): Markup =>
  html`${[...values].map((name) => html`<div>${who(name)}</div>`)}`;

export const outcomeNote = (outcome: string): Markup | string =>
  outcome === 'success' ? '' : html` <span class="fact">${outcome}</span>`;
