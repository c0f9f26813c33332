import { cliAt, MAIN, MEMBER, machine, type Role } from './identities.ts';

/** People, roles and machines of both stories. Ids are made up; addresses are those of RFC 5737 and RFC 3849. */
export const ROLES = {
  prodAdmin: { name: 'ProdAdmin', uniqueId: 'AROAEXAMPLEPRODADMIN1', accountId: MAIN },
  memberAccess: {
    name: 'OrganizationAccountAccessRole',
    uniqueId: 'AROAEXAMPLEORGACCESS1',
    accountId: MEMBER,
  },
  nightlyBackup: { name: 'NightlyBackup', uniqueId: 'AROAEXAMPLENIGHTLYBK1', accountId: MAIN },
  opsAutomation: { name: 'ops-automation', uniqueId: 'AROAEXAMPLEOPSAUTOMA1', accountId: MAIN },
  prodReadOnly: { name: 'ProdReadOnly', uniqueId: 'AROAEXAMPLEPRODREAD01', accountId: MAIN },
  deploy: { name: 'deploy', uniqueId: 'AROAEXAMPLEDEPLOYROL1', accountId: MAIN },
  webServer: { name: 'web-server', uniqueId: 'AROAEXAMPLEWEBSERVER1', accountId: MEMBER },
  shopFunction: { name: 'shop-function', uniqueId: 'AROAEXAMPLESHOPFUNCT1', accountId: MAIN },
  configRecorder: {
    name: 'AWSServiceRoleForConfig',
    uniqueId: 'AROAEXAMPLECONFIGROL1',
    accountId: MAIN,
    path: '/aws-service-role/config.amazonaws.com/',
  },
  platformAdmin: {
    name: 'AWSReservedSSO_PlatformAdmin_0123456789abcdef',
    uniqueId: 'AROAEXAMPLEPLATFORMA1',
    accountId: MAIN,
    path: '/aws-reserved/sso.amazonaws.com/',
  },
} as const satisfies Record<string, Role>;

export const MACHINES = {
  /** Where the intern's key is used from: never seen before. */
  intruder: cliAt('203.0.113.17'),
  /** The second machine of the intruder, in another network and with another client. */
  intruderServer: machine(
    '198.51.100.77',
    'Boto3/1.40.61 md/Botocore#1.40.61 ua/2.1 os/linux#6.12.48 md/arch#x86_64 lang/python#3.13.7 md/pyimpl#CPython m/Z,b cfg/retry-mode#legacy Botocore/1.40.61',
  ),
  intruderBrowser: machine(
    '198.51.100.77',
    'Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0',
  ),
  /** Pacu puts an old client in place of its own where it runs on a distribution that GuardDuty knows. */
  pacu: machine('198.51.100.23', 'Boto3/1.7.48 Python/3.7.0 Windows/10 Botocore/1.10.48', '1.2'),
  office: cliAt('192.0.2.10'),
  officeBrowser: machine(
    '192.0.2.10',
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36',
  ),
  runner: machine(
    '192.0.2.80',
    'APN/1.0 HashiCorp/1.0 Terraform/1.13.5 (+https://www.terraform.io) terraform-provider-aws/6.21.0 (+https://registry.terraform.io/providers/hashicorp/aws) aws-sdk-go-v2/1.39.6 ua/2.1 os/linux lang/go#1.25.3 md/GOOS#linux md/GOARCH#amd64',
  ),
  inventory: machine(
    '192.0.2.90',
    'Boto3/1.40.61 md/Botocore#1.40.61 ua/2.1 os/linux#6.1.156 md/arch#aarch64 lang/python#3.12.12 md/pyimpl#CPython m/Z,b cfg/retry-mode#standard Botocore/1.40.61',
  ),
} as const;
