import type { Claim } from './claim.ts';
import { KeptRow } from './row-list.ts';
import type { SessionFacts, Sighting } from './session-facts.ts';
import type { SmallSet } from './small-set.ts';

/** The claims on one credential: most have one, which then needs no array. */
export class ClaimRow extends KeptRow {
  claims: Claim | readonly Claim[];
  /** Minutes that it is kept after its last use. */
  readonly retention: number;

  constructor(
    key: string,
    owner: string,
    keepUntil: number,
    retention: number,
    claims: Claim | readonly Claim[],
  ) {
    super(key, owner, keepUntil);
    this.retention = retention;
    this.claims = claims;
  }

  get first(): Claim | undefined {
    return isOne(this.claims) ? this.claims : this.claims[0];
  }

  get all(): readonly Claim[] {
    return isOne(this.claims) ? [this.claims] : this.claims;
  }
}

function isOne(claims: Claim | readonly Claim[]): claims is Claim {
  return !Array.isArray(claims);
}

export class SessionRow extends KeptRow implements SessionFacts {
  firstSeen: number | undefined = undefined;
  earliestPublic: Sighting | undefined = undefined;
  earliestPrivate: Sighting | undefined = undefined;
  addresses: SmallSet = undefined;
  isConsole = false;
  isWorkload = false;
  issued: SmallSet = undefined;
  pending: SmallSet = undefined;
  pendingUnnamed = 0;

  facts(): SessionFacts {
    const { firstSeen, earliestPublic, earliestPrivate, addresses, isConsole, isWorkload } = this;
    const { issued, pending, pendingUnnamed } = this;
    return {
      firstSeen,
      earliestPublic,
      earliestPrivate,
      addresses,
      isConsole,
      isWorkload,
      issued,
      pending,
      pendingUnnamed,
    };
  }
}
