import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

/** The parts of an AWS SDK service model that the scripts read. */
export interface SdkModel {
  /** The SDK's own name of the service, such as `s3control`. */
  readonly sdkName: string;
  /** The eventSource of its calls: CloudTrail names most services by the name that signs the request. */
  readonly eventSource: string;
  /** Requests are signed by AWS credentials, so that IAM has a say. */
  readonly signed: boolean;
  readonly operations: Readonly<Record<string, SdkOperation>>;
  readonly shapes: Readonly<Record<string, SdkShape>>;
}

interface SdkOperation {
  readonly input?: { readonly shape: string };
  /** `none` where the request is not signed, `['smithy.api#httpBearerAuth']` and the like otherwise. */
  readonly authtype?: string;
  readonly auth?: readonly string[];
}

export interface SdkShape {
  readonly type: string;
  readonly pattern?: string;
  readonly members?: Readonly<Record<string, { readonly shape: string }>>;
  readonly member?: { readonly shape: string };
  readonly value?: { readonly shape: string };
}

interface ModelFile {
  readonly metadata: {
    readonly endpointPrefix: string;
    readonly signingName?: string;
    readonly signatureVersion?: string;
  };
  readonly operations: Readonly<Record<string, SdkOperation>>;
  readonly shapes: Readonly<Record<string, SdkShape>>;
}

/**
 * All service models of botocore, AWS's Python SDK (Apache-2.0), installed by pip into a directory of its own that is
 * removed again. `--botocore=VERSION` on the command line asks for a version; otherwise it is the newest.
 */
export function readSdkModels(): { version: string; models: SdkModel[] } {
  const directory = mkdtempSync(join(tmpdir(), 'botocore-'));
  try {
    const wanted = process.argv
      .find((argument) => argument.startsWith('--botocore='))
      ?.slice('--botocore='.length);
    const requirement = wanted === undefined ? 'botocore' : `botocore==${wanted}`;
    execFileSync(
      'python3',
      [
        '-m',
        'pip',
        'install',
        '-q',
        '--no-deps',
        '--root-user-action=ignore',
        '--target',
        directory,
        requirement,
      ],
      {
        stdio: ['ignore', 'ignore', 'inherit'],
      },
    );
    return { version: installedVersion(directory), models: modelsBelow(join(directory, 'botocore/data')) };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function installedVersion(directory: string): string {
  const info = readdirSync(directory).find((name) => name.endsWith('.dist-info'));
  return info?.replace(/^botocore-|\.dist-info$/g, '') ?? 'unknown';
}

function modelsBelow(directory: string): SdkModel[] {
  return readdirSync(directory, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap((entry) => {
      const newest = readdirSync(join(directory, entry.name)).sort().at(-1) ?? '';
      const file = join(directory, entry.name, newest, 'service-2.json.gz');
      return existsSync(file) ? [readModel(entry.name, file)] : [];
    });
}

function readModel(sdkName: string, file: string): SdkModel {
  const model = JSON.parse(gunzipSync(readFileSync(file)).toString('utf8')) as ModelFile;
  const { signingName, endpointPrefix, signatureVersion } = model.metadata;
  const host = (signingName ?? endpointPrefix).toLowerCase();
  return {
    sdkName,
    eventSource: `${host}.amazonaws.com`,
    signed: signatureVersion !== 'bearer',
    operations: model.operations,
    shapes: model.shapes,
  };
}
