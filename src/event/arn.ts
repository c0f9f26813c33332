/** `arn:partition:service:region:account:resource`; region and account may be empty. */
export interface Arn {
  readonly partition: string;
  readonly service: string;
  readonly region: string;
  readonly account: string;
  readonly resource: string;
}

/** AWS General Reference, "Amazon Resource Names (ARNs)": six parts, of which the last may hold colons itself. */
export function parseArn(text: string): Arn | undefined {
  if (!text.startsWith('arn:')) return undefined;
  const afterPartition = text.indexOf(':', 4);
  const afterService = colonBehind(text, afterPartition);
  const afterRegion = colonBehind(text, afterService);
  const afterAccount = colonBehind(text, afterRegion);
  if (afterAccount === -1) return undefined;
  return {
    partition: text.slice(4, afterPartition),
    service: text.slice(afterPartition + 1, afterService),
    region: text.slice(afterService + 1, afterRegion),
    account: text.slice(afterRegion + 1, afterAccount),
    resource: text.slice(afterAccount + 1),
  };
}

function colonBehind(text: string, colon: number): number {
  return colon === -1 ? -1 : text.indexOf(':', colon + 1);
}

/** IAM Identity Center User Guide: the roles it makes in member accounts are all named AWSReservedSSO_... */
export function isIdentityCenterRole(arn: string | undefined): boolean {
  return arn?.includes('/AWSReservedSSO_') === true;
}

/**
 * IAM User Guide, "Service-linked roles": only the service can take on a role of this path. The path of a customer's
 * role may hold the same text further on, colons too.
 */
export function isServiceLinkedRole(arn: string | undefined): boolean {
  const at = arn?.indexOf(':role/') ?? -1;
  return at !== -1 && arn?.startsWith(':role/aws-service-role/', at) === true;
}

/** The account an ARN belongs to, where it names one: twelve digits, or `aws` for what is AWS's own. */
export function accountOfArn(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const account = parseArn(text)?.account;
  return account === undefined || account === '' ? undefined : account;
}
