import type { Source } from '../session/claim.ts';
import { parseIp, sourceKind } from '../session/source-address.ts';
import type { OriginOutput } from './origin-schema.ts';

export type SourceOutput = NonNullable<OriginOutput['source']>;

export function composeSource(source: Source): SourceOutput {
  const output: SourceOutput = {};
  const kind = sourceKind(source.address, source.vpcEndpointId);
  if (source.address !== undefined) {
    output.address = source.address;
    if (isIpKind(kind, source.address)) output.ip = source.address;
  }
  if (kind !== undefined) output.kind = kind;
  if (source.userAgent !== undefined) output.user_agent = source.userAgent;
  if (source.vpcEndpointId !== undefined) output.vpc_endpoint_id = source.vpcEndpointId;
  return output;
}

/** `ip` is only ever what Elasticsearch's ip type takes; `address` is whatever CloudTrail wrote. */
function isIpKind(kind: string | undefined, address: string): boolean {
  return kind === 'public' || kind === 'private' || (kind === 'vpce' && parseIp(address) !== undefined);
}
