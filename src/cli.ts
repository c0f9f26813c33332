import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import manifest from '../package.json' with { type: 'json' };
import { isAccountId } from './account-id.ts';
import type { PolicyOptions } from './cli/analyze-policy-file.ts';
import { STREAM_OUTPUTS, type StreamOutput } from './enrichment/stream-output.ts';
import { SCOPES } from './scopes.ts';
import { POLICY_KINDS } from './tables/policy-events.ts';
import { POLICY_MODES } from './tables/policy-tables.ts';

// Each command loads what it needs, so that the service listens to signals from its first moment on.

/**
 * Exit codes: 0 done, 1 some records failed, 2 the command line or a setting is wrong, or the output cannot be written.
 * `serve` (server.ts) ends with 1 where it cannot start, also for a setting, and where its last snapshot cannot be
 * written.
 */
const program = new Command('detrails')
  .description(manifest.description)
  .version(manifest.version)
  .exitOverride()
  .showHelpAfterError();

program
  .command('serve')
  .description('run the service (settings: environment variables DETRAILS_*)')
  .action(async () => {
    await import('./server.ts');
  });

program
  .command('enrich')
  .description(
    'enrich CloudTrail files: .json.gz, .json, NDJSON, directories of them, or - for standard input',
  )
  .argument('<file...>', 'files and directories, in the order in which they are read')
  .addOption(
    new Option('--output <form>', 'enrichments alone, or records with a detrails field added')
      .choices([...STREAM_OUTPUTS])
      .default('enrichment' satisfies StreamOutput),
  )
  .action(async (files: string[], { output }: { output: StreamOutput }) => {
    const { enrichFiles } = await import('./cli/enrich-files.ts');
    process.exitCode = await enrichFiles(files, output);
  });

program
  .command('policy')
  .description('say what an IAM policy document allows')
  .argument('<file>', 'the document as JSON, also as the AWS CLI prints it, or - for standard input')
  .addOption(
    new Option(
      '--kind <kind>',
      "kind of policy (default: what the AWS CLI's output says, else identity)",
    ).choices([...POLICY_KINDS]),
  )
  .addOption(
    new Option('--mode <mode>', "what it really allows, or what Cloudsplaining's rules find, to the letter")
      .choices([...POLICY_MODES])
      .default('effective'),
  )
  .addOption(
    new Option(
      '--account <id>',
      "account that it lies in (default: what the AWS CLI's output says; without it every account counts as another)",
    ).argParser(accountOf),
  )
  .option(
    '--flag-all',
    "Cloudsplaining's --flag-all-risky-actions: conditions and resources do not count (mode cloudsplaining)",
  )
  .option('--json', 'the whole analysis as JSON')
  .action(async (file: string, options: PolicyOptions) => {
    const { analyzePolicyFile } = await import('./cli/analyze-policy-file.ts');
    process.exitCode = await analyzePolicyFile(file, options);
  });

program
  .command('report')
  .description('write one page about the events of CloudTrail files: who, what, when, and from where')
  .argument('<file...>', 'files and directories; enriched records are taken too')
  .requiredOption('--html <out>', 'the page to write')
  .action(async (files: string[], { html }: { html: string }) => {
    const { reportFiles } = await import('./cli/report-files.ts');
    process.exitCode = await reportFiles(files, html);
  });

program
  .command('token')
  .description('make a token: prints its line for DETRAILS_TOKENS_FILE, and the token on standard error')
  .argument('<name>', 'whose it is')
  .option('--scopes <scopes>', `what it allows: some of ${SCOPES.join(',')}`, 'enrich,learn')
  .action(async (name: string, { scopes }: { scopes: string }) => {
    const { printToken } = await import('./cli/make-token.ts');
    process.exitCode = printToken(name, scopes);
  });

function accountOf(text: string): string {
  if (isAccountId(text)) return text;
  throw new InvalidArgumentError('An account has twelve digits.');
}

// A reader such as head that has seen enough is no failure; a disk that is full is one.
process.stdout.on('error', ({ code }: NodeJS.ErrnoException) => {
  if (code === 'EPIPE') process.exit(0);
  console.error(`standard output: ${code ?? 'cannot be written'}`);
  process.exit(2);
});

try {
  await program.parseAsync();
} catch (error) {
  const { ConfigError } = await import('./config.ts');
  if (error instanceof ConfigError) console.error(error.message);
  else if (!(error instanceof CommanderError)) throw error;
  process.exitCode = error instanceof CommanderError && error.exitCode === 0 ? 0 : 2;
}
