/**
 * The kinds of calls of an ordinary day, in the shapes in which CloudTrail writes them. `{name}` stands for a value
 * that a record gets from account.ts; the same name is the same value everywhere in one record.
 */
export interface Call {
  /** Service and name of the event. */
  readonly call: string;
  readonly request?: unknown;
  readonly response?: unknown;
  readonly extra?: unknown;
  /** Types and ARNs, for the account of the caller. */
  readonly resources?: readonly (readonly [string, string])[];
  readonly error?: readonly [string, string?];
  /** A call that a service makes for the caller. */
  readonly via?: string;
  /** A call of a service in its own name, or a service event. */
  readonly service?: string;
  readonly details?: unknown;
  readonly weight?: number;
  readonly writes?: boolean;
  readonly isData?: boolean;
}

type More = Omit<Call, 'call' | 'request' | 'response'>;

const items = (...list: unknown[]) => ({ items: list });
const tagged = (resourceType: string, ...names: string[]) =>
  items({ resourceType, tags: names.map((value) => ({ key: value === 'prod' ? 'env' : 'Name', value })) });
const filters = (of: Record<string, string>) =>
  items(...Object.entries(of).map(([name, value]) => ({ name, valueSet: items({ value }) })));

const read = (call: string, request: unknown = null, more: More = {}): Call => ({ call, request, ...more });
const write = (call: string, request: unknown, response: unknown = null, more: More = {}): Call => ({
  ...read(call, request, more),
  response,
  writes: true,
});

const AES128 = { SignatureVersion: 'SigV4', CipherSuite: 'TLS_AES_128_GCM_SHA256' };
const BUCKET = ['AWS::S3::Bucket', 'arn:aws:s3:::{bucket}'] as const;
const OBJECT = ['AWS::S3::Object', 'arn:aws:s3:::{bucket}/{key}'] as const;
const HOST = '{bucket}.s3.{region}.amazonaws.com';
const moved = (bytesTransferredIn: number | string, bytesTransferredOut: number | string, sse?: string) => ({
  ...AES128,
  bytesTransferredIn,
  ...(sse && { SSEApplied: sse }),
  AuthenticationMethod: 'AuthHeader',
  'x-amz-id-2': '{base64-75}=',
  bytesTransferredOut,
});

const onObject = (name: string, weight: number, request: object, more: More = {}): Call =>
  read(
    `s3 ${name}`,
    { bucketName: '{bucket}', Host: HOST, ...request, key: '{key}' },
    {
      extra: moved(0, '{int:200:900000}'),
      resources: [OBJECT, BUCKET],
      isData: true,
      weight,
      ...more,
    },
  );
const listing = (name: string, weight: number, request: object, more: More = {}): Call =>
  read(
    `s3 ${name}`,
    { ...request, bucketName: '{bucket}', prefix: '{prefix}/', Host: HOST },
    {
      extra: moved(0, '{int:300:60000}'),
      resources: [['AWS::S3::Object', 'prefix arn:aws:s3:::{bucket}/{prefix}/'], BUCKET],
      isData: true,
      weight,
      ...more,
    },
  );
const stored = (
  name: string,
  weight: number,
  request: object,
  sse: string,
  response: object | null,
): Call => ({
  ...onObject(name, weight, request, { extra: moved('{int:120:400000}', 0, sse), writes: true }),
  response,
});
const KMS_STORED = {
  'x-amz-server-side-encryption': 'aws:kms',
  'x-amz-server-side-encryption-aws-kms-key-id': '{keyArn}',
};

/** Calls on objects in S3. */
// biome-ignore format: one kind of call a line
const objects: Call[] = [
  onObject('GetObject', 14, {}),
  onObject('GetObject', 10, { 'x-id': 'GetObject', 'x-amz-checksum-mode': 'ENABLED' }),
  onObject('GetObject', 4, { 'response-content-type': 'application/json' }),
  onObject('GetObject', 2, { versionId: '{base64-32}' }),
  onObject('GetObject', 2, {}, { error: ['NoSuchKey', 'The specified key does not exist.'], extra: moved(0, 280) }),
  onObject('GetObject', 1, {}, {
    error: [
      'AccessDenied',
      'User: {caller} is not authorized to perform: s3:GetObject on resource: "arn:aws:s3:::{bucket}/{key}" because no identity-based policy allows the s3:GetObject action',
    ],
    extra: moved(0, 412),
  }),
  onObject('HeadObject', 10, {}, { extra: moved(0, 0) }),
  onObject('HeadObject', 3, {}, { error: ['NotFound', 'Not Found'], extra: moved(0, 0) }),
  onObject('GetObjectTagging', 2, { tagging: '' }),
  onObject('GetObjectAttributes', 1, { attributes: '', 'x-amz-object-attributes': 'ETag,ObjectSize' }),
  listing('ListObjects', 7, { 'list-type': '2', 'encoding-type': 'url' }),
  listing('ListObjects', 4, { 'list-type': '2', 'encoding-type': 'url', 'max-keys': '1000', delimiter: '/' }),
  listing('ListObjectVersions', 1, { versions: '', 'max-keys': '250' }),
  stored('PutObject', 8, {}, 'Default_SSE_S3', { 'x-amz-server-side-encryption': 'AES256' }),
  stored('PutObject', 6, { 'x-id': 'PutObject', 'x-amz-sdk-checksum-algorithm': 'CRC32' }, 'Default_SSE_KMS', {
    ...KMS_STORED,
    'x-amz-server-side-encryption-bucket-key-enabled': 'true',
    'x-amz-checksum-crc32': '{base64-6}==',
  }),
  stored('PutObject', 3, { 'x-amz-acl': 'bucket-owner-full-control', 'x-amz-storage-class': 'STANDARD_IA' }, 'SSE_S3', {
    'x-amz-server-side-encryption': 'AES256',
    'x-amz-version-id': '{base64-32}',
  }),
  stored('CreateMultipartUpload', 1, { uploads: '' }, 'Default_SSE_KMS', KMS_STORED),
  stored('UploadPart', 3, { partNumber: '{int:1:40}', uploadId: '{base64-86}' }, 'SSE_KMS', KMS_STORED),
  stored('CompleteMultipartUpload', 1, { uploadId: '{base64-86}' }, 'SSE_KMS', {
    ...KMS_STORED,
    'x-amz-expiration': 'expiry-date="Wed, 08 Apr 2026 00:00:00 GMT", rule-id="expire-old"',
  }),
  stored('CopyObject', 1, { 'x-amz-copy-source': '{bucket}/incoming/{uuid}' }, 'Default_SSE_S3', {
    'x-amz-server-side-encryption': 'AES256',
  }),
  stored('DeleteObject', 3, {}, '', null),
  read('s3 GetBucketLocation', { bucketName: '{bucket}', location: '', Host: HOST }, {
    extra: moved(0, 137),
    resources: [BUCKET],
    weight: 2,
  }),
];

const KEY = [['AWS::KMS::Key', '{keyArn}']] as const;
const MATERIAL = { keyMaterialId: '{hex64}' };
const decrypt = (weight: number, encryptionContext: object, more: More = {}): Call =>
  read(
    'kms Decrypt',
    { encryptionContext, encryptionAlgorithm: 'SYMMETRIC_DEFAULT' },
    {
      extra: MATERIAL,
      resources: KEY,
      weight,
      ...more,
    },
  );
const dataKey = (weight: number, request: object, more: More = {}): Call =>
  read(
    'kms GenerateDataKey',
    { ...request, keyId: '{keyArn}' },
    { extra: MATERIAL, resources: KEY, weight, ...more },
  );
const SECRET = { SecretARN: '{secretArn}', SecretVersionId: '{uuid:version}' };
const OF_OBJECT = { 'aws:s3:arn': 'arn:aws:s3:::{bucket}/{key}' };

/** Calls of KMS, by the callers themselves and by services for them. */
// biome-ignore format: one kind of call a line
const keys: Call[] = [
  decrypt(8, OF_OBJECT, { via: 'AWS Internal' }),
  decrypt(4, SECRET, { via: 'secretsmanager.amazonaws.com' }),
  decrypt(3, { PARAMETER_ARN: '{parameterArn}' }, { via: 'ssm.amazonaws.com' }),
  decrypt(3, { 'aws:lambda:FunctionArn': '{functionArn}' }),
  decrypt(2, { 'aws:dynamodb:tableName': '{table}', 'aws:dynamodb:subscriberId': '{account}' }, {
    via: 'dynamodb.amazonaws.com',
  }),
  decrypt(2, { purpose: 'checkout', tenant: 'tenant-{int:1:60}' }),
  decrypt(1, { 'aws:sqs:arn': 'arn:aws:sqs:{region}:{account}:{queue}' }, { via: 'sqs.amazonaws.com' }),
  decrypt(1, { 'aws:ebs:id': '{volume}' }, { service: 'ec2.amazonaws.com' }),
  decrypt(1, { 'aws:rds:db-id': 'db-{upper26}' }, { service: 'rds.amazonaws.com' }),
  read('kms Decrypt', { encryptionAlgorithm: 'SYMMETRIC_DEFAULT', keyId: '{keyArn}' }, { extra: MATERIAL, resources: KEY }),
  decrypt(1, { purpose: 'export' }, {
    error: [
      'AccessDenied',
      'User: {caller} is not authorized to perform: kms:Decrypt on resource: {keyArn} because no resource-based policy allows the kms:Decrypt action',
    ],
    extra: undefined,
  }),
  dataKey(5, { keySpec: 'AES_256', encryptionContext: OF_OBJECT }, { via: 'AWS Internal' }),
  dataKey(2, { numberOfBytes: 32, encryptionContext: { purpose: 'checkout', tenant: 'tenant-{int:1:60}' } }),
  dataKey(1, { keySpec: 'AES_256', encryptionContext: SECRET }, { via: 'secretsmanager.amazonaws.com' }),
  dataKey(1, { keySpec: 'AES_256', encryptionContext: { 'aws:logs:arn': '{logGroupArn}' } }, {
    service: 'logs.{region}.amazonaws.com',
  }),
  read('kms GenerateDataKeyWithoutPlaintext', { keySpec: 'AES_256', keyId: '{keyArn}' }, { resources: KEY, extra: MATERIAL }),
  read('kms DescribeKey', { keyId: '{keyArn}' }, { resources: KEY, weight: 2 }),
  write('kms CreateGrant', {
    keyId: '{keyArn}',
    granteePrincipal: 'arn:aws:iam::{account}:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling',
    operations: ['Decrypt', 'GenerateDataKeyWithoutPlaintext', 'ReEncryptFrom', 'ReEncryptTo'],
    constraints: { encryptionContextSubset: { 'aws:ebs:id': '{volume}' } },
  }, { grantId: '{hex64:grant}', keyId: '{keyArn}' }, { resources: KEY, via: 'ec2.amazonaws.com' }),
];

const EMPTY = {};
const denied = (action: string, why: string): [string, string] => [
  action.startsWith('ec2:') ? 'Client.UnauthorizedOperation' : 'AccessDenied',
  `${action.startsWith('ec2:') ? 'You are not authorized to perform this operation. ' : ''}User: {caller} is not authorized to perform: ${action}${why} because no identity-based policy allows the ${action} action`,
];
const THROTTLED = ['ThrottlingException', 'Rate exceeded'] as const;

/** What is looked at and listed all day. */
// biome-ignore format: one kind of call a line
const reads: Call[] = [
  read('ec2 DescribeInstances', { instancesSet: EMPTY, filterSet: EMPTY }, { weight: 3 }),
  read('ec2 DescribeInstances', { maxResults: 1000, instancesSet: EMPTY, filterSet: filters({ 'instance-state-name': 'running', 'tag:env': 'prod' }) }),
  read('ec2 DescribeInstances', { instancesSet: items({ instanceId: '{instance}' }), filterSet: EMPTY }, { weight: 2 }),
  read('ec2 DescribeInstanceStatus', { instancesSet: EMPTY, filterSet: EMPTY, includeAllInstances: true }),
  read('ec2 DescribeInstanceTypes', { DescribeInstanceTypesRequest: { InstanceType: [{ tag: 1, content: 'm7g.large' }, { tag: 2, content: 'm7g.xlarge' }] } }),
  read('ec2 DescribeSecurityGroups', { securityGroupSet: EMPTY, securityGroupIdSet: items({ groupId: '{group}' }), filterSet: EMPTY }, { weight: 2 }),
  read('ec2 DescribeSubnets', { subnetSet: EMPTY, filterSet: filters({ 'vpc-id': '{vpc}', 'tag:kubernetes.io/role/elb': '1' }) }, { weight: 2 }),
  read('ec2 DescribeVpcs', { vpcSet: items({ vpcId: '{vpc}' }), filterSet: EMPTY }),
  read('ec2 DescribeRouteTables', { routeTableIdSet: EMPTY, filterSet: filters({ 'vpc-id': '{vpc}' }) }),
  read('ec2 DescribeNetworkInterfaces', { networkInterfaceIdSet: EMPTY, filterSet: filters({ 'group-id': '{group}' }) }, { weight: 2 }),
  read('ec2 DescribeVolumes', { maxResults: 500, volumeSet: EMPTY, filterSet: EMPTY }),
  read('ec2 DescribeSnapshots', { snapshotSet: EMPTY, ownersSet: items({ owner: 'self' }), sharedUsersSet: EMPTY, filterSet: EMPTY }),
  read('ec2 DescribeImages', { executableBySet: EMPTY, imagesSet: items({ imageId: '{image}' }), ownersSet: EMPTY, filterSet: EMPTY }),
  read('ec2 DescribeAddresses', { publicIpsSet: EMPTY, filterSet: EMPTY, allocationIdsSet: EMPTY }),
  read('ec2 DescribeAvailabilityZones', { availabilityZoneSet: EMPTY, availabilityZoneIdSet: EMPTY, filterSet: EMPTY }),
  read('ec2 DescribeTags', { maxResults: 200, filterSet: filters({ 'resource-id': '{instance}' }) }),
  read('ec2 DescribeLaunchTemplateVersions', { DescribeLaunchTemplateVersionsRequest: { LaunchTemplateId: 'lt-0{hex16}', LaunchTemplateVersion: { tag: 1, content: '$Latest' } } }),
  read('ec2 DescribeNatGateways', { DescribeNatGatewaysRequest: { Filter: { tag: 1, Name: 'vpc-id', Value: { tag: 1, content: '{vpc}' } } } }),
  read('ec2 DescribeVolumes', { volumeSet: EMPTY, filterSet: EMPTY }, { error: denied('ec2:DescribeVolumes', '') }),
  read('ec2 DescribeInstanceAttribute', { instanceId: '{instance}', attribute: 'userData' }, { error: denied('ec2:DescribeInstanceAttribute', ' on resource: arn:aws:ec2:{region}:{account}:instance/{instance}') }),
  read('ec2 DescribeSecurityGroups', { securityGroupSet: EMPTY, securityGroupIdSet: items({ groupId: 'sg-0{hex16}' }), filterSet: EMPTY }, { error: ['Client.InvalidGroup.NotFound', "The security group 'sg-0{hex16}' does not exist"] }),
  read('ec2 DescribeNetworkInterfaces', { networkInterfaceIdSet: EMPTY, filterSet: EMPTY }, { error: ['Client.RequestLimitExceeded', 'Request limit exceeded.'] }),
  read('rds DescribeDBInstances', null, { weight: 2 }),
  read('rds DescribeDBInstances', { dBInstanceIdentifier: '{database}' }, { weight: 2 }),
  read('rds DescribeDBClusters', { maxRecords: 100 }),
  read('rds DescribeDBClusterSnapshots', { dBClusterIdentifier: '{database}', snapshotType: 'automated', includeShared: false, includePublic: false }),
  read('rds ListTagsForResource', { resourceName: 'arn:aws:rds:{region}:{account}:db:{database}' }),
  read('rds DescribeEvents', { sourceType: 'db-instance', duration: 60, sourceIdentifier: '{database}' }),
  read('elasticloadbalancing DescribeLoadBalancers', { pageSize: 400 }, { weight: 2 }),
  read('elasticloadbalancing DescribeLoadBalancers', { loadBalancerArns: ['{balancerArn}'] }),
  read('elasticloadbalancing DescribeTargetGroups', { loadBalancerArn: '{balancerArn}' }),
  read('elasticloadbalancing DescribeTargetHealth', { targetGroupArn: '{targetGroupArn}' }, { weight: 3 }),
  read('elasticloadbalancing DescribeListeners', { loadBalancerArn: '{balancerArn}' }),
  read('elasticloadbalancing DescribeTags', { resourceArns: ['{balancerArn}', '{targetGroupArn}'] }),
  read('elasticloadbalancing DescribeRules', null, { error: THROTTLED }),
  read('autoscaling DescribeAutoScalingGroups', { maxRecords: 100 }, { weight: 2 }),
  read('autoscaling DescribeAutoScalingGroups', { autoScalingGroupNames: ['{scalingGroup}'] }),
  read('autoscaling DescribeScalingActivities', { autoScalingGroupName: '{scalingGroup}', maxRecords: 20 }),
  read('autoscaling DescribeAutoScalingInstances', { instanceIds: ['{instance}'] }),
  read('autoscaling DescribeLaunchConfigurations', null, { error: THROTTLED }),
  read('ecs DescribeServices', { cluster: '{cluster}', services: ['{service-name}'] }, { weight: 3 }),
  read('ecs DescribeTasks', { cluster: '{clusterArn}', tasks: ['{taskArn}'], include: ['TAGS'] }, { weight: 2 }),
  read('ecs ListTasks', { cluster: '{cluster}', serviceName: '{service-name}', desiredStatus: 'RUNNING' }),
  read('ecs DescribeTaskDefinition', { taskDefinition: '{service-name}:{int:2:180}', include: ['TAGS'] }),
  read('ecs DescribeClusters', { clusters: ['{clusterArn}'], include: ['SETTINGS', 'STATISTICS'] }),
  read('ecs ListContainerInstances', { cluster: '{cluster}', filter: 'agentConnected==true', maxResults: 100 }),
  read('ecs DescribeServices', { cluster: '{cluster}', services: ['{service-name}'] }, { error: ['ClusterNotFoundException', 'Cluster not found.'] }),
  read('eks DescribeCluster', { name: '{cluster}' }, { weight: 2 }),
  read('eks ListNodegroups', { name: '{cluster}', maxResults: 100 }),
  read('eks DescribeNodegroup', { name: '{cluster}', nodegroupName: 'general-purpose' }),
  read('eks ListPodIdentityAssociations', { name: '{cluster}', namespace: 'payments' }),
  read('cloudformation DescribeStacks', { stackName: '{stack}' }, { weight: 2 }),
  read('cloudformation DescribeStackEvents', { stackName: 'arn:aws:cloudformation:{region}:{account}:stack/{stack}/{uuid}' }),
  read('cloudformation ListStackResources', { stackName: '{stack}' }),
  read('cloudformation DescribeStacks', { stackName: '{stack}-canary' }, { error: ['ValidationException', 'Stack with id {stack}-canary does not exist'] }),
  read('monitoring DescribeAlarms', { maxRecords: 100, alarmTypes: ['MetricAlarm', 'CompositeAlarm'] }, { weight: 2 }),
  read('monitoring DescribeAlarms', { alarmNames: ['{alarm}'] }),
  read('monitoring GetMetricData', { startTime: '{earlier}', endTime: '{now}', metricDataQueries: [{ id: 'm1', metricStat: { metric: { namespace: 'AWS/ApplicationELB', metricName: 'TargetResponseTime', dimensions: [{ name: 'LoadBalancer', value: 'app/shop/{hex16}' }] }, period: 60, stat: 'p99' }, returnData: true }] }, { isData: true, weight: 3 }),
  read('monitoring GetMetricStatistics', { namespace: 'AWS/SQS', metricName: 'ApproximateNumberOfMessagesVisible', dimensions: [{ name: 'QueueName', value: '{queue}' }], startTime: '{earlier}', endTime: '{now}', period: 300, statistics: ['Average', 'Maximum'] }, { isData: true }),
  read('monitoring ListMetrics', { namespace: 'AWS/EC2', metricName: 'CPUUtilization' }, { isData: true }),
  read('organizations DescribeOrganization'),
  read('organizations ListAccounts', { maxResults: 20 }),
  read('organizations DescribeAccount', { accountId: '444455556666' }),
  read('organizations ListPoliciesForTarget', null, { error: denied('organizations:ListPoliciesForTarget', ' on resource: arn:aws:organizations::111122223333:account/o-exampleorgid/444455556666') }),
  read('config DescribeComplianceByConfigRule', { configRuleNames: ['s3-bucket-ssl-requests-only'] }),
  read('config GetResourceConfigHistory', { resourceType: 'AWS::EC2::SecurityGroup', resourceId: '{group}', limit: 10 }),
  read('config SelectResourceConfig', { expression: "SELECT resourceId WHERE resourceType = 'AWS::EC2::Instance'", limit: 100 }),
  read('config BatchGetResourceConfig', { resourceKeys: [{ resourceType: 'AWS::Lambda::Function', resourceId: '{function}' }] }),
  read('ssm GetParameter', { name: '{parameter}', withDecryption: true }, { resources: [['', '{parameterArn}']], weight: 3 }),
  read('ssm GetParametersByPath', { path: '/shop/prod/', recursive: true, withDecryption: true, maxResults: 10 }, { resources: [['', 'arn:aws:ssm:{region}:{account}:parameter/shop/prod/']], weight: 2 }),
  read('ssm DescribeInstanceInformation', { filters: [{ key: 'InstanceIds', values: ['{instance}'] }], maxResults: 50 }),
  read('ssm ListCommandInvocations', { commandId: '{uuid}', instanceId: '{instance}', details: true }),
  read('ssm GetParameter', null, { error: THROTTLED }),
  write('ssm UpdateInstanceInformation', { instanceId: '{instance}', agentVersion: '3.3.3050.0', agentStatus: 'Active', platformType: 'Linux', platformName: 'Amazon Linux', platformVersion: '2023', iPAddress: '{privateIp}', computerName: 'ip-10-20-{int:1:60}-{int:1:250}.{region}.compute.internal', agentName: 'amazon-ssm-agent', availabilityZone: '{region}a', sSMConnectionChannel: 'ssmmessages' }, null, { weight: 4 }),
  read('secretsmanager GetSecretValue', { secretId: '{secretArn}' }, { weight: 3 }),
  read('secretsmanager DescribeSecret', { secretId: '{secretArn}' }),
  read('iam GetRole', { roleName: '{otherRole}' }, { weight: 2 }),
  read('iam ListRolePolicies', { roleName: '{otherRole}' }),
  read('iam ListAttachedRolePolicies', { roleName: '{otherRole}' }),
  read('iam GetPolicyVersion', { policyArn: 'arn:aws:iam::{account}:policy/shop-read-config', versionId: 'v{int:1:9}' }),
  read('iam ListRoles', { maxItems: 100, pathPrefix: '/' }),
  read('iam GetUser', null, { error: denied('iam:GetUser', ' on resource: user {account}') }),
  read('iam GenerateServiceLastAccessedDetails', { arn: 'arn:aws:iam::{account}:role/{otherRole}', granularity: 'SERVICE_LEVEL' }),
  read('sts GetCallerIdentity', null, { weight: 3, extra: { RequestDetails: { endpointType: 'regional', awsServingRegion: '{region}' } } }),
  read('ecr BatchGetImage', { registryId: '{account}', repositoryName: 'shop/{service-name}', imageIds: [{ imageTag: 'r{int:100:999}' }], acceptedMediaTypes: ['application/vnd.oci.image.index.v1+json', 'application/vnd.docker.distribution.manifest.v2+json'] }, { resources: [['', 'arn:aws:ecr:{region}:{account}:repository/shop/{service-name}']], weight: 2 }),
  read('ecr GetAuthorizationToken', EMPTY),
  read('route53 ListResourceRecordSets', { hostedZoneId: 'Z{upper20}', maxItems: '300' }, { weight: 2 }),
  read('lambda GetFunction20150331v2', { functionName: '{function}' }),
  read('lambda ListTags20170331', { resource: '{functionArn}' }),
  read('tagging GetResources', { resourcesPerPage: 100, tagFilters: [{ key: 'env', values: ['prod'] }], resourceTypeFilters: ['ec2:instance', 'rds:db'] }),
];

const FUNCTION = [['AWS::Lambda::Function', '{functionArn}']] as const;
const invoke = (weight: number, request: object, more: More = {}): Call =>
  write('lambda Invoke', { functionName: '{functionArn}', ...request }, null, {
    extra: { functionVersion: '{functionArn}:$LATEST' },
    resources: FUNCTION,
    isData: true,
    weight,
    ...more,
  });
const onTable = (name: string, weight: number, request: object, more: More = {}): Call =>
  read(
    `dynamodb ${name}`,
    { tableName: '{table}', ...request },
    {
      resources: [['AWS::DynamoDB::Table', 'arn:aws:dynamodb:{region}:{account}:table/{table}']],
      isData: true,
      weight,
      ...more,
    },
  );
const onQueue = (name: string, request: object, response: unknown, weight: number): Call =>
  write(
    `sqs ${name}`,
    { queueUrl: 'https://sqs.{region}.amazonaws.com/{account}/{queue}', ...request },
    response,
    { resources: [['AWS::SQS::Queue', 'arn:aws:sqs:{region}:{account}:{queue}']], isData: true, weight },
  );
const ROW = { pk: 'ORDER#{digits9}', sk: 'LINE#{int:1:9}' };
const HIDDEN = 'HIDDEN_DUE_TO_SECURITY_REASONS';

/** Functions called, rows and messages. */
// biome-ignore format: one kind of call a line
const data: Call[] = [
  invoke(3, { invocationType: 'RequestResponse' }),
  invoke(1, { invocationType: 'Event', clientContext: '{base64-40}' }),
  invoke(3, { invocationType: 'Event', sourceArn: 'arn:aws:events:{region}:{account}:rule/every-five-minutes', sourceAccount: '{account}' }, { service: 'events.amazonaws.com' }),
  invoke(2, { invocationType: 'RequestResponse', sourceArn: 'arn:aws:execute-api:{region}:{account}:{lower10}/prod/GET/orders' }, { service: 'apigateway.amazonaws.com' }),
  onTable('GetItem', 4, { key: ROW, consistentRead: false }),
  onTable('GetItem', 1, { key: ROW, projectionExpression: '#s, total', expressionAttributeNames: { '#s': 'status' }, returnConsumedCapacity: 'TOTAL' }),
  onTable('Query', 2, { indexName: 'by-customer', keyConditionExpression: 'customer = :c', limit: 50, scanIndexForward: false }),
  onTable('PutItem', 2, { key: ROW, items: ['pk', 'sk', 'status', 'total', 'updatedAt'] }, { writes: true }),
  onTable('UpdateItem', 2, { key: ROW, updateExpression: 'SET #s = :s', conditionExpression: '#s <> :s', returnValues: 'ALL_NEW' }, { writes: true }),
  onTable('UpdateItem', 1, { key: ROW }, { writes: true, error: ['ConditionalCheckFailedException', 'The conditional request failed'] }),
  onQueue('SendMessage', { messageBody: HIDDEN, delaySeconds: 0 }, { mD5OfMessageBody: '{hex32}', messageId: '{uuid}' }, 3),
  onQueue('SendMessage', { messageBody: HIDDEN, messageGroupId: 'orders', messageDeduplicationId: '{uuid:once}' }, { mD5OfMessageBody: '{hex32}', messageId: '{uuid}', sequenceNumber: '{digits20}' }, 1),
  onQueue('ReceiveMessage', { attributeNames: ['ApproximateReceiveCount', 'SentTimestamp'], maxNumberOfMessages: 10, waitTimeSeconds: 20 }, null, 3),
  onQueue('DeleteMessage', { receiptHandle: '{base64-120}' }, null, 2),
  write('sns Publish', { topicArn: '{topicArn}', message: HIDDEN, subject: HIDDEN, messageStructure: 'json', messageAttributes: HIDDEN }, { messageId: '{uuid}' }, { resources: [['AWS::SNS::Topic', '{topicArn}']], isData: true, weight: 2 }),
];

const STREAM = { logGroupName: '{logGroup}', logStreamName: '2026/03/10/[$LATEST]{hex32}' };
const GROUP = [['AWS::Logs::LogGroup', '{logGroupArn}']] as const;

/** CloudWatch Logs. */
// biome-ignore format: one kind of call a line
const logs: Call[] = [
  write('logs CreateLogStream', STREAM, null, { weight: 7 }),
  write('logs CreateLogStream', { ...STREAM, logStreamName: 'ecs/{service-name}/{hex32}' }, null, { weight: 3 }),
  write('logs CreateLogStream', STREAM, null, { error: ['ResourceAlreadyExistsException', 'The specified log stream already exists'] }),
  write('logs CreateLogGroup', { logGroupName: '{logGroup}' }, null, { error: ['ResourceAlreadyExistsException', 'The specified log group already exists'], weight: 2 }),
  write('logs PutLogEvents', STREAM, { nextSequenceToken: '{digits56}' }, { isData: true, resources: GROUP, weight: 6 }),
  write('logs PutLogEvents', { ...STREAM, entity: { keyAttributes: { Type: 'Service', Name: '{service-name}', Environment: 'ecs:{cluster}' } } }, { rejectedEntityInfo: { errorType: 'UnsupportedLogGroupType' } }, { isData: true, resources: GROUP, weight: 2 }),
  read('logs DescribeLogStreams', { logGroupName: '{logGroup}', orderBy: 'LastEventTime', descending: true, limit: 50 }, { weight: 2 }),
  read('logs DescribeLogGroups', { logGroupNamePrefix: '/aws/lambda/', limit: 50 }),
  read('logs FilterLogEvents', { logGroupName: '{logGroup}', startTime: '{ms}', filterPattern: '?ERROR ?Exception', interleaved: true }),
  read('logs StartQuery', { logGroupIdentifiers: ['{logGroupArn}'], startTime: '{seconds}', endTime: '{seconds}', queryString: HIDDEN, limit: 10000 }),
  write('logs PutRetentionPolicy', { logGroupName: '{logGroup}', retentionInDays: 30 }),
];

/** What pages of the console call for the people that look at them. */
// biome-ignore format: one kind of call a line
const pages: Call[] = [
  read('ec2 DescribeInstances', { maxResults: 1000, instancesSet: EMPTY, filterSet: filters({ 'instance-state-name': 'running' }) }, { weight: 2 }),
  read('ec2 DescribeRegions', { regionSet: EMPTY, allRegions: true }),
  read('ec2 GetConsoleOutput', { instanceId: '{instance}', latest: false }),
  read('ec2 DescribeAccountAttributes', { accountAttributeNameSet: items({ attributeName: 'supported-platforms' }), filterSet: EMPTY }),
  read('monitoring DescribeAlarms', { stateValue: 'ALARM', maxRecords: 100, alarmTypes: ['MetricAlarm'] }, { weight: 2 }),
  read('monitoring ListDashboards', { dashboardNamePrefix: 'shop' }),
  read('monitoring GetMetricWidgetImage', { metricWidget: '{"view":"timeSeries","metrics":[["AWS/Lambda","Errors"]]}', outputFormat: 'png' }, { isData: true }),
  read('logs GetQueryResults', { queryId: '{uuid}' }, { weight: 2 }),
  read('logs GetLogRecord', { logRecordPointer: '{base64-90}', unmask: false }),
  read('lambda ListFunctions20150331', { maxItems: 50 }),
  read('lambda GetFunctionUrlConfig', { functionName: '{function}' }, { error: ['ResourceNotFoundException', 'The resource you requested does not exist.'] }),
  read('iam ListRoles', { maxItems: 1000 }),
  read('iam GetAccountSummary'),
  read('s3 ListBuckets', { Host: 's3.{region}.amazonaws.com', 'x-id': 'ListBuckets' }, { extra: moved(0, '{int:3000:9000}'), weight: 2 }),
  read('s3 GetBucketVersioning', { bucketName: '{bucket}', versioning: '', Host: HOST }, { extra: moved(0, 190), resources: [BUCKET] }),
  read('s3 GetBucketPolicy', { bucketName: '{bucket}', Host: HOST, policy: '' }, { extra: moved(0, 330), resources: [BUCKET], error: ['NoSuchBucketPolicy', 'The bucket policy does not exist'] }),
  read('cloudtrail LookupEvents', { lookupAttributes: [{ attributeKey: 'ResourceName', attributeValue: '{group}' }], startTime: '{earlier}', maxResults: 50 }),
  read('health DescribeEventAggregates', { filter: { eventStatusCodes: ['open', 'upcoming'], startTimes: [{ from: '{earlier}' }] }, aggregateField: 'eventTypeCategory' }, { weight: 2 }),
  read('ce GetCostAndUsage', { TimePeriod: { Start: '2026-03-01', End: '2026-03-10' }, Granularity: 'DAILY', Metrics: ['UnblendedCost'], GroupBy: [{ Type: 'DIMENSION', Key: 'SERVICE' }] }),
  read('ce GetCostForecast', { TimePeriod: { Start: '2026-03-11', End: '2026-04-01' }, Granularity: 'MONTHLY', Metric: 'UNBLENDED_COST' }, { error: denied('ce:GetCostForecast', ' on resource: arn:aws:ce:us-east-1:{account}:/GetCostForecast') }),
  read('notifications ListNotificationHubs', null, { weight: 2 }),
  read('resource-explorer-2 ListIndexes', { Type: 'AGGREGATOR' }),
  read('rds DescribeDBInstances', { maxRecords: 100, filters: [{ name: 'engine', values: ['aurora-postgresql'] }] }),
  read('ssm DescribeParameters', { maxResults: 50, parameterFilters: [{ key: 'Path', option: 'Recursive', values: ['/shop'] }], shared: false }),
];

const ID_ANSWER = { requestId: '{uuid}', _return: true };
// biome-ignore format: one shape a line
const placed = { subnetId: '{subnet}', vpcId: '{vpc}', privateIpAddress: '{privateIp}' };
// biome-ignore format: one shape a line
const ALARM = { alarmName: '{alarm}', alarmDescription: 'Pages who is on call', actionsEnabled: true, alarmActions: ['{topicArn}'], metricName: 'HTTPCode_Target_5XX_Count', namespace: 'AWS/ApplicationELB', statistic: 'Sum', dimensions: [{ name: 'LoadBalancer', value: 'app/shop/{hex16}' }], period: 60, evaluationPeriods: 5, threshold: 25, comparisonOperator: 'GreaterThanThreshold', treatMissingData: 'notBreaching' };
// biome-ignore format: one shape a line
const CONTAINER = { name: '{service-name}', image: '{account}.dkr.ecr.{region}.amazonaws.com/shop/{service-name}:r{int:100:999}', cpu: 0, portMappings: [{ containerPort: 8080, hostPort: 8080, protocol: 'tcp' }], essential: true, environment: HIDDEN, mountPoints: [], volumesFrom: [], logConfiguration: { logDriver: 'awslogs', options: { 'awslogs-group': '{logGroup}', 'awslogs-region': '{region}', 'awslogs-stream-prefix': 'ecs' } } };
// biome-ignore format: one shape a line
const TASK = { family: '{service-name}', taskRoleArn: 'arn:aws:iam::{account}:role/checkout-task-role', executionRoleArn: 'arn:aws:iam::{account}:role/ecsTaskExecutionRole', networkMode: 'awsvpc', containerDefinitions: [CONTAINER], volumes: [], requiresCompatibilities: ['FARGATE'], cpu: '1024', memory: '2048' };
const RULE = { ipProtocol: 'tcp', fromPort: 5432, toPort: 5432 };
// biome-ignore format: one shape a line
const FUNCTION_STATE = { functionName: '{function}', functionArn: '{functionArn}', runtime: 'nodejs22.x', role: 'arn:aws:iam::{account}:role/orders-lambda-role', handler: 'index.handler', codeSize: '{int:40000:9000000}', description: '', timeout: 30, memorySize: 512, lastModified: '{iso}', codeSha256: '{base64-43}=', version: '$LATEST', environment: EMPTY, tracingConfig: { mode: 'Active' }, revisionId: '{uuid}', layers: [], state: 'Active', lastUpdateStatus: 'InProgress', packageType: 'Zip', architectures: ['arm64'], ephemeralStorage: { size: 512 }, snapStart: { applyOn: 'None', optimizationStatus: 'Off' }, loggingConfig: { logFormat: 'JSON', logGroup: '/aws/lambda/{function}' } };

/** Deployments, scaling, settings. */
// biome-ignore format: one kind of call a line
const changes: Call[] = [
  write('ec2 RunInstances', { instancesSet: items({ minCount: 1, maxCount: 1 }), blockDeviceMapping: EMPTY, availabilityZone: '{region}a', monitoring: { enabled: false }, subnetId: '{subnet}', disableApiTermination: false, disableApiStop: false, clientToken: 'fleet-{uuid}', tagSpecificationSet: tagged('instance', '{scalingGroup}', 'prod'), launchTemplate: { launchTemplateId: 'lt-0{hex16}', version: '{int:1:40}' } }, { requestId: '{uuid}', reservationId: 'r-0{hex16}', ownerId: '{account}', groupSet: EMPTY, instancesSet: items({ instanceId: '{instance}', imageId: '{image}', bootMode: 'uefi-preferred', currentInstanceBootMode: 'uefi', instanceState: { code: 0, name: 'pending' }, privateDnsName: 'ip-10-20-3-7.{region}.compute.internal', amiLaunchIndex: 0, productCodes: EMPTY, instanceType: 'm7g.large', launchTime: '{ms}', placement: { availabilityZone: '{region}a', tenancy: 'default' }, monitoring: { state: 'disabled' }, ...placed, stateReason: { code: 'pending', message: 'pending' }, architecture: 'arm64', rootDeviceType: 'ebs', rootDeviceName: '/dev/xvda', virtualizationType: 'hvm', hypervisor: 'xen', tagSet: items({ key: 'Name', value: '{scalingGroup}' }), groupSet: items({ groupId: '{group}', groupName: 'web' }), sourceDestCheck: true, ebsOptimized: true, enaSupport: true, metadataOptions: { state: 'pending', httpTokens: 'required', httpPutResponseHopLimit: 2, httpEndpoint: 'enabled', instanceMetadataTags: 'disabled' } }), requesterId: '444455556666' }, { via: 'autoscaling.amazonaws.com', weight: 2 }),
  write('ec2 TerminateInstances', { instancesSet: items({ instanceId: '{instance}' }) }, { requestId: '{uuid}', instancesSet: items({ instanceId: '{instance}', currentState: { code: 32, name: 'shutting-down' }, previousState: { code: 16, name: 'running' } }) }, { via: 'autoscaling.amazonaws.com' }),
  write('ec2 CreateTags', { resourcesSet: items({ resourceId: '{instance}' }, { resourceId: '{volume}' }), tagSet: items({ key: 'env', value: 'prod' }, { key: 'owner', value: 'shop' }) }, ID_ANSWER, { weight: 3 }),
  write('ec2 CreateNetworkInterface', { subnetId: '{subnet}', description: 'aws-K8S-{instance}', groupSet: items({ groupId: '{group}' }), privateIpAddressesSet: EMPTY, tagSpecificationSet: tagged('network-interface', '{cluster}'), clientToken: '{uuid:once}' }, { requestId: '{uuid}', networkInterface: { networkInterfaceId: '{interface}', ...placed, availabilityZone: '{region}a', description: 'aws-K8S-{instance}', ownerId: '{account}', requesterManaged: false, status: 'pending', macAddress: '02:00:00:{hex2}:{hex2:b}:{hex2:c}', sourceDestCheck: true, interfaceType: 'interface', groupSet: items({ groupId: '{group}', groupName: 'nodes' }), privateIpAddressesSet: { item: [{ privateIpAddress: '{privateIp}', primary: true }] }, ipv6AddressesSet: EMPTY, tagSet: EMPTY } }),
  write('ec2 CreateSecurityGroup', { groupName: '{service-name}-tasks', groupDescription: 'Tasks of {service-name}', vpcId: '{vpc}', tagSpecificationSet: tagged('security-group', '{service-name}') }, { ...ID_ANSWER, groupId: '{group}', tagSet: items({ key: 'Name', value: '{service-name}' }), securityGroupArn: 'arn:aws:ec2:{region}:{account}:security-group/{group}' }),
  write('ec2 AuthorizeSecurityGroupIngress', { groupId: '{group}', ipPermissions: items({ ...RULE, groups: EMPTY, ipRanges: items({ cidrIp: '10.20.0.0/16', description: 'from the VPC' }), ipv6Ranges: EMPTY, prefixListIds: EMPTY }) }, { ...ID_ANSWER, securityGroupRuleSet: items({ groupOwnerId: '{account}', groupId: '{group}', securityGroupRuleId: 'sgr-0{hex16}', description: 'from the VPC', isEgress: false, ...RULE, cidrIpv4: '10.20.0.0/16' }) }),
  write('ec2 RevokeSecurityGroupIngress', { groupId: '{group}', securityGroupRuleIds: items({ securityGroupRuleId: 'sgr-0{hex16}' }) }, ID_ANSWER),
  write('ec2 CreateSnapshot', { volumeId: '{volume}', description: 'nightly', tagSpecificationSet: tagged('snapshot', 'nightly') }, { requestId: '{uuid}', snapshotId: 'snap-0{hex16}', volumeId: '{volume}', status: 'pending', startTime: '{ms}', ownerId: '{account}', volumeSize: '200', description: 'nightly', encrypted: true, tagSet: items({ key: 'Name', value: 'nightly' }) }),
  write('lambda UpdateFunctionCode20150331v2', { functionName: '{function}', s3Bucket: '{bucket}', s3Key: 'releases/{hex40}.zip', publish: true, dryRun: false, architectures: ['arm64'] }, FUNCTION_STATE, { weight: 3 }),
  write('lambda UpdateFunctionConfiguration20150331v2', { functionName: '{function}', timeout: 30, memorySize: 512, environment: EMPTY, layers: [] }, { ...FUNCTION_STATE, vpcConfig: { subnetIds: ['{subnet}'], securityGroupIds: ['{group}'], vpcId: '{vpc}', ipv6AllowedForDualStack: false } }),
  write('lambda PublishVersion20150331', { functionName: '{function}', codeSha256: '{base64-43}=' }, { ...FUNCTION_STATE, version: '{int:4:90}' }),
  write('ssm PutParameter', { name: '{parameter}', value: HIDDEN, type: 'SecureString', keyId: '{keyArn}', overwrite: true, tier: 'Standard' }, { version: '{int:2:40}', tier: 'Standard' }, { resources: [['', '{parameterArn}']], weight: 2 }),
  write('ecs RegisterTaskDefinition', TASK, { taskDefinition: { taskDefinitionArn: 'arn:aws:ecs:{region}:{account}:task-definition/{service-name}:{int:2:180}', ...TASK, revision: '{int:2:180}', status: 'ACTIVE', requiresAttributes: [{ name: 'com.amazonaws.ecs.capability.ecr-auth' }, { name: 'ecs.capability.execution-role-ecr-pull' }], placementConstraints: [], compatibilities: ['EC2', 'FARGATE'], registeredAt: '{now}', registeredBy: '{caller}' } }, { weight: 2 }),
  write('ecs UpdateService', { cluster: '{cluster}', service: '{service-name}', taskDefinition: '{service-name}:{int:2:180}', forceNewDeployment: false, desiredCount: 4 }, { service: { serviceArn: 'arn:aws:ecs:{region}:{account}:service/{cluster}/{service-name}', serviceName: '{service-name}', clusterArn: '{clusterArn}', status: 'ACTIVE', desiredCount: 4, runningCount: 4, pendingCount: 0, launchType: 'FARGATE', platformVersion: 'LATEST', deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback: true }, maximumPercent: 200, minimumHealthyPercent: 100 }, deployments: [{ id: 'ecs-svc/{digits19}', status: 'PRIMARY', desiredCount: 0, createdAt: '{now}', rolloutState: 'IN_PROGRESS' }], events: [], propagateTags: 'SERVICE' } }, { weight: 2 }),
  write('elasticloadbalancing RegisterTargets', { targetGroupArn: '{targetGroupArn}', targets: [{ id: '{privateIp}', port: 8080, availabilityZone: '{region}a' }] }, null, { via: 'ecs.amazonaws.com', weight: 2 }),
  write('elasticloadbalancing DeregisterTargets', { targetGroupArn: '{targetGroupArn}', targets: [{ id: '{privateIp}', port: 8080 }] }, null, { via: 'ecs.amazonaws.com' }),
  write('monitoring PutMetricAlarm', ALARM),
  write('rds ModifyDBInstance', { dBInstanceIdentifier: '{database}', backupRetentionPeriod: 14, applyImmediately: true, allowMajorVersionUpgrade: false }, { dBInstanceIdentifier: '{database}', dBInstanceClass: 'db.r7g.large', engine: 'aurora-postgresql', dBInstanceStatus: 'available', endpoint: { address: '{database}.example.{region}.rds.amazonaws.com', port: 5432 }, backupRetentionPeriod: 14, vpcSecurityGroups: [{ vpcSecurityGroupId: '{group}', status: 'active' }], pendingModifiedValues: EMPTY, multiAZ: false, publiclyAccessible: false, storageEncrypted: true, kmsKeyId: '{keyArn}', dbiResourceId: 'db-{upper26}', deletionProtection: true }),
  write('cloudformation CreateChangeSet', { stackName: '{stack}', changeSetName: 'deploy-{int:100:999}', changeSetType: 'UPDATE', capabilities: ['CAPABILITY_NAMED_IAM'], parameters: [{ parameterKey: 'Release', parameterValue: '{hex40}' }], tags: [{ key: 'env', value: 'prod' }] }, { id: 'arn:aws:cloudformation:{region}:{account}:changeSet/deploy-{int:100:999}/{uuid}', stackId: 'arn:aws:cloudformation:{region}:{account}:stack/{stack}/{uuid:stack}' }),
  write('cloudformation ExecuteChangeSet', { changeSetName: 'deploy-{int:100:999}', stackName: '{stack}', disableRollback: false }),
  write('events PutRule', { name: 'every-five-minutes', scheduleExpression: 'rate(5 minutes)', state: 'ENABLED', description: '' }, { ruleArn: 'arn:aws:events:{region}:{account}:rule/every-five-minutes' }),
  write('secretsmanager RotateSecret', { secretId: '{secretArn}', clientRequestToken: '{uuid:version}', rotateImmediately: true }, { arn: '{secretArn}', name: '{secret}', versionId: '{uuid:version}' }),
  write('route53 ChangeResourceRecordSets', { hostedZoneId: 'Z{upper20}', changeBatch: { changes: [{ action: 'UPSERT', resourceRecordSet: { name: '{service-name}.example.com', type: 'A', aliasTarget: { hostedZoneId: 'Z{upper13}', dNSName: 'shop.{region}.elb.amazonaws.com', evaluateTargetHealth: true } } }] } }, { changeInfo: { id: '/change/C{upper20:change}', status: 'PENDING', submittedAt: '{now}' } }, { extra: { Note: 'Do not use to reconstruct hosted zone' } }),
  write('ecr PutImage', { registryId: '{account}', repositoryName: 'shop/{service-name}', imageManifest: '{"schemaVersion":2}', imageManifestMediaType: 'application/vnd.oci.image.manifest.v1+json', imageTag: 'r{int:100:999}' }, { image: { registryId: '{account}', repositoryName: 'shop/{service-name}', imageId: { imageDigest: 'sha256:{hex64}', imageTag: 'r{int:100:999}' } } }, { resources: [['', 'arn:aws:ecr:{region}:{account}:repository/shop/{service-name}']] }),
  write('autoscaling SetDesiredCapacity', { autoScalingGroupName: '{scalingGroup}', desiredCapacity: '{int:3:12}', honorCooldown: true }),
  write('ec2 RunInstances', { instancesSet: items({ imageId: '{image}', minCount: 1, maxCount: 1 }), instanceType: 'g6.xlarge', blockDeviceMapping: EMPTY, monitoring: { enabled: false }, disableApiTermination: false, disableApiStop: false }, null, { error: ['Client.InsufficientInstanceCapacity', 'We currently do not have sufficient g6.xlarge capacity in the Availability Zone you requested.'] }),
];

/** Events of services: nobody called. */
// biome-ignore format: one kind of call a line
const serviceEvents: Call[] = [
  write('kms RotateKey', null, null, { service: 'AWS Internal', resources: KEY, details: { keyId: '{keyArn}', rotationType: 'AUTOMATIC', backingKeyId: '{hex64}' } }),
  write('kms SynchronizeMultiRegionKey', null, null, { service: 'AWS Internal', resources: KEY, details: { keyId: '{keyArn}' } }),
  write('ec2 SharedSnapshotVolumeCreated', null, null, { service: 'ec2.amazonaws.com', details: { snapshotId: 'snap-0{hex16}' } }),
  write('ec2 BidEvictedEvent', null, null, { service: 'ec2.amazonaws.com', details: { instanceIdSet: ['{instance}'] } }),
  write('secretsmanager RotationSucceeded', null, null, { service: 'secretsmanager.amazonaws.com', extra: { SecretId: '{secretArn}' } }),
  write('secretsmanager RotationStarted', null, null, { service: 'secretsmanager.amazonaws.com', extra: { SecretId: '{secretArn}' } }),
];

// biome-ignore format: one shape a line
const TRUST = JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }] });
// biome-ignore format: one shape a line
const INLINE = JSON.stringify({ Version: '2012-10-17', Statement: [{ Sid: 'ReadConfig', Effect: 'Allow', Action: ['ssm:GetParameter', 'ssm:GetParametersByPath'], Resource: 'arn:aws:ssm:eu-west-1:111122223333:parameter/shop/prod/*' }] });

/** Small policies of small roles. */
// biome-ignore format: one kind of call a line
const policies: Call[] = [
  write('iam CreateRole', { path: '/', roleName: '{function}-role', assumeRolePolicyDocument: TRUST, maxSessionDuration: 3600, tags: [{ key: 'env', value: 'prod' }] }, { role: { path: '/', roleName: '{function}-role', roleId: 'AROA{upper10}EXAMPLE', arn: 'arn:aws:iam::{account}:role/{function}-role', createDate: '{now}', assumeRolePolicyDocument: encodeURIComponent(TRUST), tags: [{ key: 'env', value: 'prod' }] } }),
  write('iam PutRolePolicy', { roleName: '{function}-role', policyName: 'read-config', policyDocument: INLINE }),
  write('iam AttachRolePolicy', { roleName: '{function}-role', policyArn: 'arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole' }),
];

const DELIVERED = { 'x-amz-acl': 'bucket-owner-full-control', 'x-amz-server-side-encryption': 'AES256' };

/** What services do in their own name. */
// biome-ignore format: one kind of call a line
const services: Call[] = [
  read('s3 GetBucketAcl', { bucketName: '{bucket}', Host: HOST, acl: '' }, { extra: moved(0, 480), resources: [BUCKET], service: 'cloudtrail.amazonaws.com', weight: 3 }),
  { ...stored('PutObject', 3, DELIVERED, 'SSE_S3', { 'x-amz-server-side-encryption': 'AES256' }), service: 'cloudtrail.amazonaws.com' },
  { ...stored('PutObject', 2, DELIVERED, 'SSE_S3', { 'x-amz-server-side-encryption': 'AES256' }), service: 'delivery.logs.amazonaws.com' },
  write('ec2 CreateNetworkInterface', { subnetId: '{subnet}', description: 'ELB app/shop/{hex16}', groupSet: items({ groupId: '{group}' }), privateIpAddressesSet: EMPTY, ipv6AddressCount: 0, clientToken: '{uuid:once}' }, { requestId: '{uuid}', networkInterface: { networkInterfaceId: '{interface}', ...placed, ownerId: 'amazon-elb', requesterManaged: true, status: 'pending', groupSet: items({ groupId: '{group}', groupName: 'balancer' }), tagSet: EMPTY } }, { service: 'elasticloadbalancing.amazonaws.com' }),
  read('kms DescribeKey', { keyId: '{keyArn}' }, { resources: KEY, service: 'backup.amazonaws.com' }),
];

/** All kinds of calls but those that issue sessions. */
export const CALLS = { objects, keys, reads, data, logs, pages, changes, serviceEvents, policies, services };
