import { RISK_BANDS } from '../enrichment/score-risk.ts';
import { html, Markup } from './html.ts';
import { type Section, timeText } from './page-parts.ts';
import { PAGE_STYLE } from './page-style.ts';
import type { ReportData } from './report-data.ts';
import { attackSection } from './sections/attack-section.ts';
import { chainSection } from './sections/chain-section.ts';
import { movedSection } from './sections/moved-section.ts';
import { numbers } from './sections/numbers.ts';
import { policySection } from './sections/policy-section.ts';
import { principalSection } from './sections/principal-section.ts';
import { timeSection } from './sections/time-section.ts';
import { topSection } from './sections/top-section.ts';

export interface ReportOptions {
  /** Stands at the top of the page and in the window's title. */
  readonly title?: string;
  /** Time of making, in milliseconds; left out of the page where it is not given. */
  readonly madeAt?: number;
}

/**
 * What was summed up of events as one HTML page that needs nothing else: no network, no script, no font. Memory and the
 * size of the page do not grow with the number of events. Everything that comes from an event is escaped.
 */
export function renderReport(data: ReportData, options: ReportOptions = {}): string {
  const sections = [
    timeSection(data),
    attackSection(data),
    principalSection(data),
    chainSection(data),
    movedSection(data),
    policySection(data),
    topSection(data),
  ];
  const title = options.title ?? 'CloudTrail in details';
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">
<meta name="referrer" content="no-referrer">
<title>${title}</title>
<style>${new Markup(PAGE_STYLE)}</style>
</head>
<body>
<a class="skip" href="#events">Skip to the top events</a>
<header>
<h1>${title}</h1>
<p class="quiet">${period(data)}</p>
${numbers(data)}
<nav aria-label="Sections"><ul>${sections.map(({ id, title: name }) => html`<li><a href="#${id}">${name}</a></li>`)}</ul></nav>
</header>
<main>
${sections.map(sectionMarkup)}
</main>
<footer>${footer(data, options)}</footer>
</body>
</html>
`.text;
}

function sectionMarkup({ id, title, body }: Section): Markup {
  return html`<section aria-labelledby="${id}"><h2 id="${id}" tabindex="-1">${title}</h2>
${body}
</section>
`;
}

function period({ first, last, accounts }: ReportData): string {
  const from = first === undefined ? 'No event has a time' : `${timeText(first)} to ${timeText(last)} UTC`;
  const shown = [...accounts].slice(0, 5).join(', ');
  const more = accounts.size > 5 ? ` and ${accounts.size - 5} more` : '';
  return accounts.size === 0 ? from : `${from}, account ${shown}${more}`;
}

function footer({ tables }: ReportData, { madeAt }: ReportOptions): Markup {
  const made = madeAt === undefined ? '' : ` on ${timeText(madeAt)} UTC`;
  const withTables = tables === undefined ? '' : `, with tables of ${tables}`;
  const bands = RISK_BANDS.map(([level, from]) => `${from} ${level}`).join(', ');
  return html`<p>Made by Det{R}ails${made}${withTables}.
A score of 0 to 100 says how much an event asks for attention: ${bands}.
ATT&CK is a registered trademark of The MITRE Corporation.</p>`;
}
