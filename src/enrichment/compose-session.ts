import type { SessionRecall } from '../session/recall-session.ts';
import { sizeOf, textsOf } from '../session/small-set.ts';
import { composeOrigin } from './compose-origin.ts';
import { formatTime } from './format-time.ts';
import type { SessionOutput } from './session-schema.ts';

export function composeSession(recall: SessionRecall): SessionOutput {
  const output: SessionOutput = { access_key_id: recall.accessKeyId, origin: composeOrigin(recall.origin) };
  const { uses } = recall;
  if (uses?.firstSeen === undefined) return output;
  output.uses = {
    first_seen: formatTime(uses.firstSeen),
    addresses: [...textsOf(uses.addresses)],
    distinct_ips: sizeOf(uses.addresses),
    from_console: uses.isConsole,
  };
  return output;
}
