import { levelOfScore } from '../enrichment/score-risk.ts';
import { RISK_LEVELS, type RiskLevel } from '../tables/risk-table.ts';
import { chainChart } from './chain-chart.ts';
import { principalName } from './event-facts.ts';
import { html, type Markup, short } from './html.ts';
import { attackChart, rankedTechniques, timelineChart } from './overview-charts.ts';
import type { EventLine, MovedCredential, PrincipalSum, ReportData } from './report-data.ts';

export interface Section {
  readonly id: string;
  readonly title: string;
  readonly body: Markup;
}

const number = (value: number): string => value.toLocaleString('en');

export function timeText(time: number | undefined): string {
  if (time === undefined || Number.isNaN(new Date(time).getTime())) return 'no time';
  return new Date(time).toISOString().slice(0, 19).replace('T', ' ');
}

const badge = (level: RiskLevel, text: string | number = level): Markup =>
  html`<span class="badge ${level}">${text}</span>`;

const scoreBadge = (score: number): Markup => {
  const level = levelOfScore(score);
  return html`${badge(level, `${score} ${level}`)}`;
};

/** A table that scrolls by itself where the window is narrow; it takes the focus, so that arrow keys move it. */
function table(name: string, heads: readonly string[], rows: readonly Markup[]): Markup {
  const cells = heads.map((head) => html`<th scope="col">${head}</th>`);
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${name}"><table><thead><tr>${cells}</tr></thead><tbody>${rows}</tbody></table></div>`;
}

const figure = (drawing: Markup, caption: string): Markup =>
  html`<figure><div class="scroll chart" tabindex="0" role="region" aria-label="${caption}">${drawing}</div><figcaption>${caption}</figcaption></figure>`;

const nothing = (sentence: string): Markup => html`<p class="nothing">${sentence}</p>`;

/** One name as people say it, with the whole of it for who needs it; it may break after its own separators. */
const who = (name: string): Markup => {
  const parts = short(principalName(name), 60).split(/(?<=[/._:@-])/);
  return html`<span class="name" title="${name}">${parts.map((part) => html`${part}<wbr>`)}</span>`;
};

const names = (values: Iterable<string>): Markup =>
  html`${[...values].map((name) => html`<div>${who(name)}</div>`)}`;

export function numbers(data: ReportData): Markup {
  const facts: readonly (readonly [number, string])[] = [
    [data.events, 'events'],
    [data.levels.critical + data.levels.high, 'of high or critical risk'],
    [data.denied, 'denied'],
    [data.anomalous, 'with credentials used from elsewhere'],
    [data.policyFindings, 'policy changes with findings'],
    [data.unknownOrigin, 'of unknown origin'],
  ];
  return html`<ul class="numbers">${facts.map(([value, label]) => html`<li><strong>${number(value)}</strong> ${label}</li>`)}</ul>`;
}

export function timeSection(data: ReportData): Section {
  const counts = RISK_LEVELS.map(
    (level) => html`<tr><td>${badge(level)}</td><td class="count">${number(data.levels[level])}</td></tr>`,
  );
  const late = data.times.withoutTime;
  const body = html`${data.times.bins().length === 0 ? nothing('No event has a time.') : figure(timelineChart(data.times), 'Events over time (UTC), by level of risk')}
${late > 0 ? html`<p>${number(late)} event(s) without a time are not in the chart.</p>` : ''}
<details><summary>The numbers</summary>${table('Events by level', ['Level', 'Events'], counts)}</details>`;
  return { id: 'time', title: 'When', body };
}

export function attackSection(data: ReportData): Section {
  const drawing = attackChart(data);
  if (drawing === undefined)
    return { id: 'attack', title: 'ATT&CK', body: nothing('No event is related to a technique.') };
  const rows = rankedTechniques(data)
    .slice(0, 100)
    .map(({ id, name, tactics, events, highest }) => {
      const page = `https://attack.mitre.org/techniques/${id.replace('.', '/')}/`;
      const of = [...tactics.keys()].map((tactic) => data.tacticNames.get(tactic) ?? tactic).join(', ');
      return html`<tr><td><a href="${page}" rel="noreferrer">${id}</a></td><td>${name}</td><td>${of}</td><td class="count">${number(events)}</td><td>${scoreBadge(highest)}</td></tr>`;
    });
  const body = html`${figure(drawing, 'Number of events for each technique; the colour is the highest level of risk among them')}
<details><summary>As a table, with names and links</summary>${table('Techniques', ['Technique', 'Name', 'Tactics', 'Events', 'Highest risk'], rows)}</details>`;
  return { id: 'attack', title: 'ATT&CK', body };
}

export function principalSection(data: ReportData): Section {
  const ranked = [...data.principals.values()].toSorted(comparePrincipals).slice(0, 25);
  const rows = ranked.map(
    ({ principal, highest, events, levels, denied, actsAs, addresses, techniques }) =>
      html`<tr><th scope="row">${who(principal)}</th><td>${scoreBadge(highest)}</td><td class="count">${number(levels.critical + levels.high)}</td><td class="count">${number(events)}</td><td class="count">${number(denied)}</td><td>${names(actsAs)}</td><td>${names(addresses)}</td><td>${[...techniques].join(' ')}</td></tr>`,
  );
  const heads = [
    'Root identity',
    'Highest risk',
    'High or critical',
    'Events',
    'Denied',
    'Acts as',
    'From',
    'Techniques',
  ];
  const body = html`<p>By the identity at the beginning of the chain of credentials, where it is known; at most six names of each.</p>${table('Riskiest principals', heads, rows)}`;
  return { id: 'principals', title: 'Who', body };
}

function comparePrincipals(a: PrincipalSum, b: PrincipalSum): number {
  const grave = (sum: PrincipalSum): number => sum.levels.critical * 10 + sum.levels.high;
  return b.highest - a.highest || grave(b) - grave(a) || b.events - a.events;
}

export function chainSection(data: ReportData): Section {
  const drawing = chainChart(data.chains);
  const edges = [...data.chains.edges.values()].toSorted(
    (a, b) => b.highest - a.highest || b.events - a.events,
  );
  if (drawing === undefined)
    return {
      id: 'chains',
      title: 'Chains of roles',
      body: nothing('No credential whose issuance is in the events was used.'),
    };
  const rows = edges
    .slice(0, 60)
    .map(
      ({ from, to, action, events, highest }) =>
        html`<tr><td>${who(from)}</td><td>${action}</td><td>${who(to)}</td><td class="count">${number(events)}</td><td>${scoreBadge(highest)}</td></tr>`,
    );
  const body = html`${figure(drawing, 'Who obtained credentials of whom: from the root on the left, a step for each issuance; sessions of one role are one dot')}
<details><summary>As a table</summary>${table('Chains', ['Who', 'By', 'Became', 'Events', 'Highest risk'], rows)}</details>`;
  return { id: 'chains', title: 'Chains of roles', body };
}

export function movedSection(data: ReportData): Section {
  const moved = [...data.moved.values()]
    .toSorted((a, b) => b.line.answer.risk.score - a.line.answer.risk.score || b.uses - a.uses)
    .slice(0, 60);
  if (moved.length === 0)
    return {
      id: 'moved',
      title: 'Used from elsewhere',
      body: nothing('No credential was seen at another source than its own.'),
    };
  const heads = ['First', 'Last', 'Who', 'Verdict', 'Own source', 'Seen at', 'Client', 'Events'];
  const body = html`<p>Temporary credentials that are used from another place than the one they were issued to.</p>${table('Used from elsewhere', heads, moved.map(movedRow))}`;
  return { id: 'moved', title: 'Used from elsewhere', body };
}

function movedRow({ line, uses, last }: MovedCredential): Markup {
  const check = line.answer.source_check;
  const severity = check?.severity === 'high' ? 'high' : 'medium';
  return html`<tr><td class="time">${timeText(line.time)}</td><td class="time">${timeText(last)}</td><td>${who(line.caller)}</td><td>${badge(severity, (check?.verdict ?? '').replaceAll('_', ' '))}</td><td>${short(check?.compared?.against ?? '', 60)}</td><td>${line.address}</td><td>${short(line.client ?? '', 60)}</td><td class="count">${number(uses)}</td></tr>`;
}

export function policySection(data: ReportData): Section {
  const rows = data.policies.sorted().map((line) => {
    const { policy, risk, action } = line.answer;
    if (policy === undefined) return html``;
    return html`<tr><td>${scoreBadge(risk.score)}</td><td class="time">${timeText(line.time)}</td><td>${who(line.root)}</td><td>${line.action}${outcomeNote(action.outcome)}</td><td>${policy.kind}</td><td>${names([...(policy.applies_to ?? []), policy.name ?? policy.arn ?? ''].filter((name) => name !== '').slice(0, 6))}</td><td>${policyFacts(policy)}</td></tr>`;
  });
  if (rows.length === 0)
    return {
      id: 'policies',
      title: 'Policy changes',
      body: nothing('No policy that was changed or attached has a finding.'),
    };
  const heads = ['Risk', 'Time', 'By', 'Call', 'Kind', 'Of', 'What it allows'];
  return {
    id: 'policies',
    title: 'Policy changes',
    body: table('Policy changes with findings', heads, rows),
  };
}

function policyFacts(policy: NonNullable<EventLine['answer']['policy']>): Markup {
  const { external_accounts = [], categories = [], findings = [] } = policy;
  const facts = [
    policy.admin === true && 'everything',
    policy.public === true && 'lets everyone in',
    external_accounts.length > 0 && `lets in ${external_accounts.slice(0, 6).join(', ')}`,
    policy.self_grant && 'the caller gains',
    !policy.effective_now && 'not in force',
  ].filter((fact) => typeof fact === 'string');
  const methods = [...new Set(findings.map(({ method }) => method).filter((method) => method !== undefined))];
  return html`${facts.map((fact) => html`<span class="fact">${fact}</span> `)}<div>${policy.admin === true ? '' : categories.map((category) => category.replaceAll('_', ' ')).join(', ')}</div>${
    methods.length > 0 && policy.admin !== true
      ? html`<div class="small">${short(methods.join(', '), 160)}</div>`
      : ''
  }`;
}

const outcomeNote = (outcome: string): Markup | string =>
  outcome === 'success' ? '' : html` <span class="fact">${outcome}</span>`;

export function topSection(data: ReportData): Section {
  const rows = data.top
    .sorted()
    .map(
      (line) =>
        html`<tr><td>${scoreBadge(line.answer.risk.score)}</td><td class="time">${timeText(line.time)}</td><td>${who(line.root)}${line.root.startsWith(line.caller) ? '' : html`<div class="small">as ${who(line.caller)}</div>`}</td><td>${line.action}${outcomeNote(line.answer.action.outcome)}<div class="small">${line.answer.action.access_level}</div></td><td class="why"><ul>${line.answer.risk.reasons.slice(0, 8).map((reason) => html`<li>${reason}</li>`)}</ul></td><td class="small where">${line.accountId} ${line.region}<br>${line.address}<br><code>${line.eventId}</code></td></tr>`,
    );
  if (rows.length === 0) return { id: 'events', title: 'Top events', body: nothing('No event has a risk.') };
  const heads = ['Risk', 'Time', 'Who', 'Call', 'Why', 'Where'];
  return { id: 'events', title: 'Top events', body: table('Top events', heads, rows) };
}
