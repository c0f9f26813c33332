/**
 * The dashboard, told once; kibana-objects.ts and opensearch-objects.ts write it in the two formats. Widths are in
 * the 48 columns of both grids.
 */
export type Panel = {
  readonly id: string;
  readonly title: string;
  /** KQL that every event of the panel fits. */
  readonly query?: string;
  readonly width: number;
} & (
  | { readonly kind: 'number' }
  | { readonly kind: 'over_time'; readonly split: string }
  | { readonly kind: 'heatmap'; readonly x: string; readonly y: string }
  | { readonly kind: 'donut'; readonly by: string }
  | { readonly kind: 'table'; readonly by: readonly Column[]; readonly highest?: Column }
);

export interface Column {
  readonly field: string;
  readonly label: string;
}

export interface Row {
  readonly height: number;
  readonly panels: readonly Panel[];
}

export interface Control {
  readonly id: string;
  readonly field: string;
  readonly title: string;
  readonly kind: 'list' | 'range';
}

export const DASHBOARD = {
  id: 'detrails-overview',
  title: 'CloudTrail in details',
  description:
    'What was called, what it belongs to, what harm it can do, who stands behind it, and what policies it changed.',
} as const;

export const DATA_VIEW = {
  id: 'detrails-cloudtrail',
  name: 'CloudTrail (Det{R}ails)',
  pattern: 'logs-aws.cloudtrail-*,logstash-cloudtrail-*',
  timeField: '@timestamp',
} as const;

export const CONTROLS: readonly Control[] = [
  { id: 'account', field: 'cloud.account.id', title: 'Account', kind: 'list' },
  { id: 'region', field: 'cloud.region', title: 'Region', kind: 'list' },
  { id: 'root', field: 'detrails.origin.root.arn', title: 'Root identity', kind: 'list' },
  { id: 'verdict', field: 'detrails.source_check.verdict', title: 'Source verdict', kind: 'list' },
  { id: 'access-level', field: 'detrails.action.access_level', title: 'Access level', kind: 'list' },
  { id: 'tactic', field: 'threat.tactic.name', title: 'Tactic', kind: 'list' },
  { id: 'score', field: 'detrails.risk.score', title: 'Risk score', kind: 'range' },
];

const number = (id: string, title: string, query?: string): Panel => ({
  kind: 'number',
  id,
  title,
  ...(query && { query }),
  width: 8,
});
const column = (field: string, label: string): Column => ({ field, label });
/** As hasFinding() of src/report/event-facts.ts. */
const HAS_FINDING = [
  'detrails.policy.categories : *',
  'detrails.policy.external_accounts : *',
  'detrails.policy.public : true',
  'detrails.policy.admin : true',
  'detrails.policy.lockout.total : *',
  'detrails.policy.lifts_deny : true',
].join(' or ');
const HIGHEST = column('detrails.risk.score', 'Highest risk');

export const ROWS: readonly Row[] = [
  {
    height: 5,
    panels: [
      number('events', 'Events'),
      number('denied', 'Denied', 'detrails.action.outcome : "denied"'),
      number('high-risk', 'High and critical risk', 'detrails.risk.level : ("high" or "critical")'),
      number('anomalous', 'Used from elsewhere', 'detrails.source_check.anomalous : true'),
      number('unknown-origin', 'Origin unknown', 'detrails.origin.status : "unknown"'),
      number('risky-policies', 'Policies with findings', HAS_FINDING),
    ],
  },
  {
    height: 12,
    panels: [
      {
        kind: 'over_time',
        id: 'access-level',
        title: 'Access level over time',
        split: 'detrails.action.access_level',
        width: 24,
      },
      {
        kind: 'over_time',
        id: 'verdicts',
        title: 'Source verdicts over time',
        split: 'detrails.source_check.verdict',
        query: 'detrails.source_check.verdict : * and not detrails.source_check.verdict : "not_temporary"',
        width: 24,
      },
    ],
  },
  {
    height: 15,
    panels: [
      {
        kind: 'heatmap',
        id: 'attack',
        title: 'ATT&CK: technique by tactic',
        x: 'threat.tactic.name',
        y: 'threat.technique.name',
        width: 28,
      },
      {
        kind: 'donut',
        id: 'risk-categories',
        title: 'Risk categories',
        by: 'detrails.risk.categories',
        width: 10,
      },
      {
        kind: 'donut',
        id: 'origin',
        title: 'Origin of credentials',
        by: 'detrails.origin.status',
        width: 10,
      },
    ],
  },
  {
    height: 14,
    panels: [
      {
        kind: 'table',
        id: 'roots',
        title: 'Who stands behind which identity',
        by: [
          column('detrails.origin.root.arn', 'Root identity'),
          column('aws.cloudtrail.user_identity.arn', 'Acts as'),
        ],
        highest: HIGHEST,
        width: 28,
      },
      {
        kind: 'donut',
        id: 'credentials',
        title: 'Kinds of credentials',
        by: 'detrails.origin.credential.kind',
        width: 10,
      },
      { kind: 'donut', id: 'levels', title: 'Risk levels', by: 'detrails.risk.level', width: 10 },
    ],
  },
  {
    height: 14,
    panels: [
      {
        kind: 'table',
        id: 'policies',
        title: 'Policy changes with findings',
        query: HAS_FINDING,
        by: [
          column('detrails.policy.kind', 'Kind'),
          // Every one has a reason; one that shuts people out has no category.
          column('detrails.risk.reasons', 'Why'),
          column('user.name', 'By'),
        ],
        highest: HIGHEST,
        width: 24,
      },
      {
        kind: 'table',
        id: 'services',
        title: 'Services',
        by: [column('detrails.action.service', 'Service')],
        highest: HIGHEST,
        width: 12,
      },
      {
        kind: 'table',
        id: 'errors',
        title: 'Errors',
        by: [column('aws.cloudtrail.error_code', 'Error')],
        width: 12,
      },
    ],
  },
  {
    height: 13,
    panels: [
      {
        kind: 'table',
        id: 'addresses',
        title: 'Addresses',
        by: [column('source.address', 'Address'), column('detrails.source_check.verdict', 'Verdict')],
        highest: HIGHEST,
        width: 24,
      },
      {
        kind: 'table',
        id: 'clients',
        title: 'Clients',
        by: [column('user_agent.original', 'User agent')],
        highest: HIGHEST,
        width: 24,
      },
    ],
  },
];

export const EVENTS = {
  id: 'detrails-events',
  title: 'Events',
  height: 20,
  columns: [
    'detrails.risk.score',
    'event.action',
    'detrails.action.access_level',
    'detrails.action.outcome',
    'aws.cloudtrail.user_identity.arn',
    'detrails.origin.root.arn',
    'detrails.source_check.verdict',
    'threat.technique.id',
    'source.address',
  ],
} as const;

/** Columns and rows of the grid, from the upper left. */
export interface Placed {
  readonly panel: Panel;
  readonly place: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
}

/** The panels side by side in their rows, and where the next row would begin. */
export function placedPanels(): { readonly panels: readonly Placed[]; readonly bottom: number } {
  let y = 0;
  const panels: Placed[] = [];
  for (const { height, panels: row } of ROWS) {
    let x = 0;
    for (const panel of row) {
      panels.push({ panel, place: { x, y, w: panel.width, h: height } });
      x += panel.width;
    }
    y += height;
  }
  return { panels, bottom: y };
}
