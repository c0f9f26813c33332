import {
  ATTACK_DATE,
  ATTACK_LICENCE,
  ATTACK_VERSION,
  readFact,
  type Tactic,
  type Technique,
} from './facts.ts';
import { byText, writeGeneratedTable } from './generated-table.ts';

/**
 * The tactics and the active techniques of ATT&CK v19, as [id, name] and [id, name, tactics, url].
 * Revoked and deprecated ids stay in data/facts only: no row of the service may name one.
 */
const provenance = {
  generator: 'scripts/refresh-attack-techniques.ts',
  source: 'MITRE ATT&CK Enterprise, from data/facts',
  version: ATTACK_VERSION,
  date: ATTACK_DATE,
  licence: ATTACK_LICENCE,
};

writeGeneratedTable(
  { table: 'attack-tactics', ...provenance },
  readFact<Tactic[]>('attack-tactics').map(({ id, name }) => [id, name]),
);

writeGeneratedTable(
  { table: 'attack-techniques', ...provenance },
  readFact<Technique[]>('attack-techniques')
    .filter((technique) => technique.state === 'active')
    .sort(byText((technique) => technique.id))
    .map(({ id, name, tactics, url }) => [id, name, tactics, url]),
);
