import type calls from './calls.json';

export type Group = keyof typeof calls;

/** Who issues the sessions of a role, and so what its identities look like. */
type Issuer =
  | 'lambda'
  | 'ec2'
  | 'ecs'
  | 'glue'
  | 'pod'
  | 'irsa'
  | 'github'
  | 'role'
  | 'partner'
  | 'linked'
  | 'sso'
  | 'user';

export interface Role {
  readonly name: string;
  readonly issuer: Issuer;
  /** Sessions alive at a time. */
  readonly sessions: number;
  readonly does: readonly Group[];
  readonly agent: keyof typeof AGENTS;
  readonly account?: string;
  /** The service of a service-linked role. */
  readonly service?: string;
}

export const ACCOUNT = '111122223333';
export const OTHER_ACCOUNT = '444455556666';

/** `{api}` is the service of the call, `{command}` its name as the AWS CLI writes it. */
export const AGENTS = {
  python:
    'Boto3/1.40.61 md/Botocore#1.40.61 md/awscrt#0.28.2 ua/2.1 os/linux#5.10.245-241.978.amzn2.x86_64 md/arch#x86_64 lang/python#3.13.9 md/pyimpl#CPython exec-env/AWS_Lambda_python3.13 m/Z,b,D,N cfg/retry-mode#standard Botocore/1.40.61',
  node: 'aws-sdk-js/3.922.0 ua/2.1 os/linux#5.10.245-241.978.amzn2.x86_64 lang/js md/nodejs#22.20.0 api/{api}#3.922.0 exec-env/AWS_Lambda_nodejs22.x m/E,b,N cfg/retry-mode#adaptive',
  java: 'aws-sdk-java/2.38.4 md/io#async md/http#NettyNio ua/2.1 api/{api}#2.38.x os/Linux#6.1.155-176.282.amzn2023.aarch64 lang/java#21.0.9 md/OpenJDK_64-Bit_Server_VM#21.0.9+10-LTS md/vendor#Amazon.com_Inc. md/en exec-env/AWS_ECS_FARGATE m/D,N,AA cfg/retry-mode#standard',
  go: 'aws-sdk-go-v2/1.39.6 ua/2.1 os/linux lang/go#1.25.3 md/GOOS#linux md/GOARCH#arm64 api/{api}#1.90.1 exec-env/AWS_ECS_EC2 cfg/retry-mode#standard m/E,g,h',
  agent:
    'aws-sdk-go/1.55.5 (go1.24.9; linux; amd64) exec-env/AWS_EC2 amazon-ssm-agent/3.3.3050.0 cfg/retry-mode#standard',
  spark:
    'aws-sdk-java/2.29.52 md/io#sync md/http#Apache ua/2.1 api/{api}#2.29.x os/Linux#5.10.244-240.970.amzn2.x86_64 lang/java#17.0.16 md/OpenJDK_64-Bit_Server_VM#17.0.16+8-LTS md/vendor#Amazon.com_Inc. md/scala#2.12.18 exec-env/AWS_Glue md/internal hadoop/3.4.1 spark/3.5.6 cfg/retry-mode#legacy',
  terraform:
    'APN/1.0 HashiCorp/1.0 Terraform/1.13.4 (+https://www.terraform.io) terraform-provider-aws/6.18.0 (+https://registry.terraform.io/providers/hashicorp/aws) aws-sdk-go-v2/1.39.6 ua/2.1 os/linux lang/go#1.24.8 md/GOOS#linux md/GOARCH#amd64 api/{api}#1.50.4 m/C,E',
  cli: 'aws-cli/2.31.32 md/awscrt#0.28.2 ua/2.1 os/macos#25.1.0 md/arch#arm64 lang/python#3.13.9 md/pyimpl#CPython m/b,E,Z,n cfg/retry-mode#standard md/installer#source md/prompt#off md/command#{api}.{command}',
  browser:
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36',
} as const;

const app = ['objects', 'keys', 'data'] as const;
const served = [...app, 'logs'] as const;
const ops = ['reads', 'changes', 'policies'] as const;

const role = (
  name: string,
  issuer: Issuer,
  sessions: number,
  agent: Role['agent'],
  does: Role['does'],
  more = {},
) => ({ name, issuer, sessions, does, agent, ...more }) satisfies Role;

/** Those of other accounts and of services that are assumed but not used here are in `VISITORS`. */
export const ROLES: readonly Role[] = [
  role('orders-lambda-role', 'lambda', 4, 'node', served),
  role('thumbnail-lambda-role', 'lambda', 3, 'python', served),
  role('billing-export-lambda-role', 'lambda', 2, 'python', served),
  role('webhook-lambda-role', 'lambda', 3, 'node', [...served, 'reads']),
  role('housekeeping-lambda-role', 'lambda', 2, 'python', ['reads', 'changes', 'logs', 'keys']),
  role('checkout-task-role', 'ecs', 4, 'java', app),
  role('catalog-task-role', 'ecs', 3, 'java', app),
  role('search-task-role', 'ecs', 3, 'go', [...app, 'logs']),
  role('ecsTaskExecutionRole', 'ecs', 3, 'go', ['logs', 'reads', 'keys']),
  role('web-instance-role', 'ec2', 3, 'agent', ['reads', 'objects', 'logs', 'keys']),
  role('worker-instance-role', 'ec2', 3, 'python', [...served, 'reads']),
  role('eks-node-role', 'ec2', 3, 'go', ['reads', 'changes', 'logs']),
  role('analytics-glue-role', 'glue', 2, 'spark', ['objects', 'keys', 'logs']),
  role('eks-payments-api', 'irsa', 3, 'java', app),
  role('eks-external-dns', 'irsa', 1, 'go', ['reads']),
  role('eks-cluster-autoscaler', 'irsa', 1, 'go', ['reads']),
  role('eks-load-balancer-controller', 'irsa', 2, 'go', ['reads', 'changes']),
  role('eks-reporting-pod', 'pod', 2, 'java', ['objects', 'keys', 'data']),
  role('github-actions-deploy', 'github', 2, 'node', ops),
  role('terraform-apply', 'role', 2, 'terraform', ops),
  role('inventory-read-only', 'partner', 2, 'python', ['reads']),
  role('shared-artifacts-reader', 'role', 2, 'go', ['objects', 'reads'], { account: OTHER_ACCOUNT }),
  role('AWSServiceRoleForAutoScaling', 'linked', 1, 'go', ['reads'], {
    service: 'autoscaling.amazonaws.com',
  }),
  role('AWSServiceRoleForConfig', 'linked', 2, 'go', ['reads'], { service: 'config.amazonaws.com' }),
  role('AWSServiceRoleForECS', 'linked', 1, 'go', ['reads'], { service: 'ecs.amazonaws.com' }),
  role('AWSReservedSSO_ReadOnlyAccess_0a1b2c3d4e5f6071', 'sso', 3, 'browser', ['pages']),
  role('AWSReservedSSO_PowerUserAccess_1b2c3d4e5f607182', 'sso', 3, 'browser', ['pages']),
  role('AWSReservedSSO_PowerUserAccess_1b2c3d4e5f607182', 'sso', 2, 'cli', ['reads', 'changes']),
  role('backup-uploader', 'user', 1, 'cli', ['objects', 'reads']),
  role('legacy-reporting', 'user', 1, 'python', ['reads', 'objects']),
];

/** Sessions of services whose calls are not of this day: service, role and name of the session. */
export const VISITORS = [
  ['trustedadvisor.amazonaws.com', 'AWSServiceRoleForTrustedAdvisor', 'TrustedAdvisor_{account}_{uuid}'],
  ['rds.amazonaws.com', 'AWSServiceRoleForRDS', 'SLRManagement'],
  ['elasticloadbalancing.amazonaws.com', 'AWSServiceRoleForElasticLoadBalancing', 'ElasticLoadBalancing'],
  ['guardduty.amazonaws.com', 'AWSServiceRoleForAmazonGuardDuty', 'AWSGuardDuty'],
  ['ssm.amazonaws.com', 'AWSServiceRoleForAmazonSSM', 'StateManagerService'],
  ['backup.amazonaws.com', 'AWSServiceRoleForBackup', 'AWSBackup-{uuid}'],
  ['resource-explorer-2.amazonaws.com', 'AWSServiceRoleForResourceExplorer', 'ResourceExplorer2'],
  ['support.amazonaws.com', 'AWSServiceRoleForSupport', 'AWSSupport'],
] as const;

/** Values of placeholders; a text may hold others. */
export const NAMES: Record<string, readonly string[]> = {
  bucket: [
    'orders-export',
    'catalog-images',
    'data-lake-raw',
    'data-lake-curated',
    'release-artifacts',
    'access-logs',
  ].map((name) => `example-${name}-111122223333`),
  key: [
    'events/dt=2026-03-10/hour={int:0:23}/part-{digits5}-{uuid}-c000.snappy.parquet',
    'orders/2026/03/10/{digits9}.json',
    'images/{hex2}/{hex40}/large.webp',
    'AWSLogs/{account}/elasticloadbalancing/{region}/2026/03/10/{account}_app.shop_{hex16}.log.gz',
    'releases/{hex40}.zip',
    'tables/customers/_delta_log/{digits20}.json',
  ],
  prefix: ['events/dt=2026-03-10', 'orders/2026/03', 'images', 'releases', 'tables/customers'],
  function: [
    'orders-api',
    'orders-worker',
    'thumbnail-maker',
    'billing-export',
    'webhook-receiver',
    'housekeeping',
    'price-import',
  ],
  table: ['orders', 'customers', 'carts', 'idempotency-keys'],
  queue: ['orders-inbound', 'thumbnails', 'billing-export-dlq', 'events.fifo'],
  cluster: ['shop-prod', 'platform-prod'],
  'service-name': ['checkout', 'catalog', 'search', 'payments', 'notifier'],
  database: ['shop-prod-1', 'shop-prod-2', 'reporting-prod-1'],
  scalingGroup: ['web-prod', 'worker-prod', 'eks-general-purpose-nodes'],
  stack: ['shop-network', 'shop-orders', 'shop-data-lake'],
  alarm: ['shop-5xx', 'orders-queue-age', 'checkout-latency-p99', 'database-free-storage'],
  parameter: ['database-url', 'feature-flags', 'payment-endpoint', 'mail-sender'].map(
    (name) => `/shop/prod/${name}`,
  ),
  secret: ['shop/prod/database', 'shop/prod/payments', 'shop/prod/mail'],
  logGroup: ['/aws/lambda/{function}', '/ecs/{service-name}', '/aws/vendedlogs/states/billing-export'],
  otherRole: ['orders-lambda-role', 'checkout-task-role', 'github-actions-deploy', 'eks-node-role'],
  keyArn: ['0f', '1e', '2d', '3c'].map(
    (start) => `arn:aws:kms:{region}:{account}:key/${start}000000-1111-4222-8333-444444444444`,
  ),
  functionArn: ['arn:aws:lambda:{region}:{account}:function:{function}'],
  secretArn: ['arn:aws:secretsmanager:{region}:{account}:secret:{secret}-AbCdEf'],
  parameterArn: ['arn:aws:ssm:{region}:{account}:parameter{parameter}'],
  topicArn: ['arn:aws:sns:{region}:{account}:order-events', 'arn:aws:sns:{region}:{account}:on-call'],
  clusterArn: ['arn:aws:ecs:{region}:{account}:cluster/{cluster}'],
  taskArn: ['arn:aws:ecs:{region}:{account}:task/{cluster}/{hex32}'],
  logGroupArn: ['arn:aws:logs:{region}:{account}:log-group:{logGroup}'],
  balancerArn: [
    'arn:aws:elasticloadbalancing:{region}:{account}:loadbalancer/app/shop/0011223344556677',
    'arn:aws:elasticloadbalancing:{region}:{account}:loadbalancer/net/payments/8899aabbccddeeff',
  ],
  targetGroupArn: [
    'arn:aws:elasticloadbalancing:{region}:{account}:targetgroup/{service-name}/7766554433221100',
  ],
  privateIp: ['10.20.{int:1:60}.{int:4:250}'],
};

/** Ids of a start and 16 hexadecimal digits, and how many of each there are. */
export const IDS = {
  instance: ['i-0', 30],
  volume: ['vol-0', 40],
  subnet: ['subnet-0', 6],
  vpc: ['vpc-0', 2],
  group: ['sg-0', 12],
  image: ['ami-0', 5],
  interface: ['eni-0', 60],
} as const;
