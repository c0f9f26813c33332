import { html, type Markup, short } from '../html.ts';
import {
  cell,
  names,
  nothing,
  outcomeNote,
  row,
  type Section,
  scoreBadge,
  table,
  timeCell,
  who,
} from '../page-parts.ts';
import type { EventLine, ReportData } from '../report-data.ts';

type Policy = NonNullable<EventLine['answer']['policy']>;

const MOST_NAMES = 6;
const HEADS = ['Risk', 'Time', 'By', 'Call', 'Kind', 'Of', 'What it allows'];

export function policySection({ policies }: ReportData): Section {
  const rows = policies
    .sorted()
    .map((line) => (line.answer.policy === undefined ? html`` : policyRow(line, line.answer.policy)));
  const body =
    rows.length === 0
      ? nothing('No policy that was changed or attached has a finding.')
      : table('Policy changes with findings', HEADS, rows);
  return { id: 'policies', title: 'Policy changes', body };
}

function policyRow(line: EventLine, policy: Policy): Markup {
  const { risk, action } = line.answer;
  const of = [...(policy.applies_to ?? []), policy.name ?? policy.arn ?? ''].filter((name) => name !== '');
  return row(
    cell(scoreBadge(risk.score)),
    timeCell(line.time),
    cell(who(line.root)),
    cell([line.action, outcomeNote(action.outcome)]),
    cell(policy.kind),
    cell(names(of.slice(0, MOST_NAMES))),
    cell(policyFacts(policy)),
  );
}

function policyFacts(policy: Policy): Markup {
  const { admin, external_accounts = [], categories = [], findings = [] } = policy;
  const facts = [
    admin === true && 'everything',
    policy.public === true && 'lets everyone in',
    policy.lockout !== undefined && 'shuts everyone out',
    policy.lifts_deny === true && 'a Deny is gone',
    external_accounts.length > 0 && `lets in ${external_accounts.slice(0, MOST_NAMES).join(', ')}`,
    policy.self_grant && 'the caller gains',
    !policy.effective_now && 'not in force',
  ].filter((fact) => typeof fact === 'string');
  const words = facts.map((fact) => html`<span class="fact">${fact}</span> `);
  if (admin === true) return html`${words}<div></div>`;
  const methods = [...new Set(findings.map(({ method }) => method).filter((method) => method !== undefined))];
  const ways = methods.length === 0 ? '' : html`<div class="small">${short(methods.join(', '), 160)}</div>`;
  const kinds = categories.map((category) => category.replaceAll('_', ' ')).join(', ');
  return html`${words}<div>${kinds}</div>${ways}`;
}
