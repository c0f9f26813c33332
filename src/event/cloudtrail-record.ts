import type { JsonObject } from './json.ts';

/**
 * The fields of a CloudTrail record that the service reads, and no others. A field that is missing or of the
 * wrong type is `undefined`. Every field is always present, so that all records share one hidden class.
 *
 * AWS CloudTrail User Guide, "CloudTrail record contents" and "CloudTrail userIdentity element".
 */
export interface CloudTrailRecord {
  /** Milliseconds since the epoch, UTC; `undefined` where the record's time cannot be read. */
  readonly eventTime: number | undefined;
  readonly eventSource: string | undefined;
  readonly eventName: string | undefined;
  /**
   * AwsApiCall, AwsServiceEvent, AwsConsoleAction, AwsConsoleSignIn, AwsCloudTrailInsight, AwsVpceEvent, AwsMcpEvent,
   * AwsAggregatedEvent
   */
  readonly eventType: string | undefined;
  readonly awsRegion: string | undefined;
  readonly recipientAccountId: string | undefined;
  readonly eventId: string | undefined;
  readonly requestId: string | undefined;
  readonly sharedEventId: string | undefined;
  /** An IPv4 or IPv6 address, a service's DNS name, or `AWS Internal`. */
  readonly sourceIpAddress: string | undefined;
  readonly userAgent: string | undefined;
  readonly errorCode: string | undefined;
  readonly vpcEndpointId: string | undefined;
  readonly vpcEndpointAccountId: string | undefined;
  readonly sessionCredentialFromConsole: boolean;
  readonly userIdentity: UserIdentity;
  readonly requestParameters: JsonObject | undefined;
  readonly responseElements: JsonObject | undefined;
  readonly additionalEventData: JsonObject | undefined;
  readonly serviceEventDetails: JsonObject | undefined;
  readonly kind: RecordKind;
}

/** What CloudTrail writes in the place of a value that it withholds. */
export const WITHHELD = 'HIDDEN_DUE_TO_SECURITY_REASONS';

/** What kind of thing was delivered: only an API call carries an IAM action. */
export type RecordKind =
  | 'api_call'
  | 'console_sign_in'
  | 'service_event'
  | 'insight'
  | 'aggregated'
  | 'digest'
  | 'network_activity';

export interface UserIdentity {
  /**
   * Root, IAMUser, AssumedRole, Role, FederatedUser, SAMLUser, WebIdentityUser, AWSAccount, AWSService,
   * IdentityCenterUser, Directory, Unknown
   */
  readonly type: string | undefined;
  readonly principalId: string | undefined;
  readonly arn: string | undefined;
  readonly accountId: string | undefined;
  readonly accessKeyId: string | undefined;
  readonly userName: string | undefined;
  readonly invokedBy: string | undefined;
  readonly signInSessionArn: string | undefined;
  readonly sessionIssuer: SessionIssuer | undefined;
  /** Milliseconds since the epoch, UTC. */
  readonly sessionCreationDate: number | undefined;
  /** What all events of the session share (session-key.ts). */
  readonly sessionKey: string | undefined;
  readonly sourceIdentity: string | undefined;
  /** `1.0` or `2.0` where the credentials came from the instance metadata service. */
  readonly ec2RoleDelivery: string | undefined;
  readonly federatedProvider: string | undefined;
  readonly onBehalfOfUserId: string | undefined;
  readonly identityStoreArn: string | undefined;
  readonly inScopeOf: JsonObject | undefined;
}

export interface SessionIssuer {
  readonly type: string | undefined;
  readonly principalId: string | undefined;
  readonly arn: string | undefined;
  readonly accountId: string | undefined;
  readonly userName: string | undefined;
}
