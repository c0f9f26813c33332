import { expect, test } from 'vitest';
import { outcomeOf } from '../../src/action/call-outcome.ts';
import { tables } from '../shipped-tables.ts';
import { callRecord } from './call-record.ts';

const { errorOutcomes } = tables;
const signIn = {
  eventSource: 'signin.amazonaws.com',
  eventName: 'ConsoleLogin',
  eventType: 'AwsConsoleSignIn',
};
const code = { eventSource: 'lambda.amazonaws.com', eventName: 'UpdateFunctionCode20150331v2' };
const gateway = { eventSource: 'bedrock-agentcore.amazonaws.com', eventName: 'InvokeGateway' };
const verification = { eventSource: 'signin.amazonaws.com', eventName: 'CredentialVerification' };

function of(service: string, eventName: string, fields: Readonly<Record<string, unknown>> = {}) {
  return { eventSource: `${service}.amazonaws.com`, eventName, eventType: 'AwsServiceEvent', ...fields };
}

function mcpTool(responseElements: unknown) {
  return {
    eventSource: 'aws-mcp.us-east-1.api.aws',
    eventName: 'CallTool',
    eventType: 'AwsMcpEvent',
    responseElements,
  };
}

test.each([
  ['a call without an error', {}, 'success'],
  [
    'an account that was not made',
    of('organizations', 'CreateAccountResult', {
      serviceEventDetails: {
        createAccountStatus: { state: 'FAILED', failureReason: 'EMAIL_ALREADY_EXISTS' },
      },
    }),
    'error',
  ],
  [
    'an account that was made',
    of('organizations', 'CreateAccountResult', {
      serviceEventDetails: { createAccountStatus: { state: 'SUCCEEDED' } },
    }),
    'success',
  ],
  [
    "Control Tower's failure",
    of('controltower', 'CreateManagedAccount', {
      serviceEventDetails: { createManagedAccountStatus: { state: 'FAILED' } },
    }),
    'error',
  ],
  [
    'a certificate that was not issued',
    of('acm-pca', 'IssueCertificateDetails', { serviceEventDetails: { status: 'FAILED' } }),
    'error',
  ],
  [
    'a certificate that was issued',
    of('acm-pca', 'IssueCertificateDetails', { serviceEventDetails: { status: 'ISSUED' } }),
    'success',
  ],
  ['a rotation whose name says that it failed', of('secretsmanager', 'RotationFailed'), 'error'],
  ['a rotation that succeeded', of('secretsmanager', 'RotationSucceeded'), 'success'],
  [
    'a token that Cognito refuses',
    of('cognito-idp', 'Token_POST', { additionalEventData: { responseParameters: { status: 400 } } }),
    'error',
  ],
  [
    'a token that Cognito answers with 404',
    of('cognito-idp', 'Token_POST', { additionalEventData: { responseParameters: { status: 404 } } }),
    'error',
  ],
  [
    'a token that Cognito answers with 503',
    of('cognito-idp', 'Token_POST', { additionalEventData: { responseParameters: { status: 503 } } }),
    'error',
  ],
  [
    'a token that Cognito answers with 418 as text',
    of('cognito-idp', 'Token_POST', { additionalEventData: { responseParameters: { status: '418' } } }),
    'error',
  ],
  [
    'a token that Cognito leads elsewhere',
    of('cognito-idp', 'Token_POST', { additionalEventData: { responseParameters: { status: 302 } } }),
    'success',
  ],
  [
    'a token that Cognito gives',
    of('cognito-idp', 'Token_POST', { additionalEventData: { responseParameters: { status: 200 } } }),
    'success',
  ],
  [
    'a field of that name where AWS documents none',
    of('organizations', 'AccountJoinedOrganization', { serviceEventDetails: { status: 'FAILED' } }),
    'success',
  ],
  ["an agent's tool that fails", mcpTool({ content: [], isError: true }), 'error'],
  ["an agent's tool that works", mcpTool({ content: [], isError: false }), 'success'],
  ['a call that no policy allows', { errorCode: 'AccessDenied' }, 'denied'],
  ["KMS's dry run", { errorCode: 'DryRunOperationException' }, 'dry_run'],
  ["EC2's dry run", { errorCode: 'Client.DryRunOperation' }, 'dry_run'],
  [
    "Lambda's dry run of new code",
    { ...code, eventName: 'UpdateFunctionCode20150331v2', requestParameters: { dryRun: true } },
    'dry_run',
  ],
  [
    "Lambda's dry run of an invocation",
    { ...code, eventName: 'Invoke', requestParameters: { invocationType: 'DryRun' } },
    'dry_run',
  ],
  [
    "Lambda's dry run in another partition",
    { ...code, eventSource: 'lambda.amazonaws.com.cn', requestParameters: { dryRun: true } },
    'dry_run',
  ],
  [
    "OpenSearch's dry run of an open domain",
    {
      eventSource: 'es.amazonaws.com',
      eventName: 'UpdateDomainConfig',
      requestParameters: { domainName: 'd', dryRun: true },
    },
    'dry_run',
  ],
  [
    'the same under the old name',
    {
      eventSource: 'es.amazonaws.com',
      eventName: 'UpdateElasticsearchDomainConfig',
      requestParameters: { domainName: 'd', dryRun: true },
    },
    'dry_run',
  ],
  [
    "Network Firewall's check of rules",
    {
      eventSource: 'network-firewall.amazonaws.com',
      eventName: 'UpdateRuleGroup',
      requestParameters: { dryRun: true },
    },
    'dry_run',
  ],
  [
    'a message that is only checked',
    {
      eventSource: 'sms-voice.amazonaws.com',
      eventName: 'SendTextMessage',
      requestParameters: { dryRun: true },
    },
    'dry_run',
  ],
  [
    'an experiment whose actions are skipped',
    {
      eventSource: 'fis.amazonaws.com',
      eventName: 'StartExperiment',
      requestParameters: { experimentOptions: { actionsMode: 'skip-all' } },
    },
    'dry_run',
  ],
  [
    'one whose actions are run',
    {
      eventSource: 'fis.amazonaws.com',
      eventName: 'StartExperiment',
      requestParameters: { experimentOptions: { actionsMode: 'run-all' } },
    },
    'success',
  ],
  [
    'a message that is sent',
    {
      eventSource: 'sms-voice.amazonaws.com',
      eventName: 'SendTextMessage',
      requestParameters: { dryRun: false },
    },
    'success',
  ],
  ['new code for a function', { ...code, requestParameters: { dryRun: false } }, 'success'],
  ['the same word said to another service', { requestParameters: { dryRun: true } }, 'success'],
  ['a tool that a gateway called', { ...gateway, responseElements: { statusCode: 200 } }, 'success'],
  ['a caller whom a gateway does not know', { ...gateway, responseElements: { statusCode: 401 } }, 'denied'],
  [
    'a caller whom a gateway does not let in',
    { ...gateway, responseElements: { statusCode: 403 } },
    'denied',
  ],
  [
    'a caller whom a gateway does not know in another partition',
    {
      ...gateway,
      eventSource: 'bedrock-agentcore.amazonaws.com.cn',
      responseElements: { statusCode: 401 },
    },
    'denied',
  ],
  ['a gateway that fails', { ...gateway, responseElements: { statusCode: 500 } }, 'error'],
  ['a gateway that tells no status', { ...gateway, responseElements: { statusCode: '401' } }, 'success'],
  ['the same status of another service', { responseElements: { statusCode: 401 } }, 'success'],
  ['a key that S3 does not know', { errorCode: 'InvalidAccessKeyId' }, 'denied'],
  ['a call that failed for another reason', { errorCode: 'ValidationException' }, 'error'],
  ['a sign-in to the console', { ...signIn, responseElements: { ConsoleLogin: 'Success' } }, 'success'],
  ['one that failed', { ...signIn, responseElements: { ConsoleLogin: 'Failure' } }, 'denied'],
  [
    'a password that Identity Center took',
    { ...verification, serviceEventDetails: { CredentialVerification: 'Success' } },
    'success',
  ],
  [
    'one that it did not take, as a service event',
    {
      ...verification,
      eventType: 'AwsServiceEvent',
      serviceEventDetails: { CredentialVerification: 'Failure' },
    },
    'denied',
  ],
  [
    'one that it did not take, as a sign-in',
    {
      ...verification,
      eventType: 'AwsConsoleSignIn',
      serviceEventDetails: { CredentialVerification: 'Failure' },
    },
    'denied',
  ],
  [
    'an answer that has the call as a field',
    { eventName: 'X', responseElements: { X: 'Failure' } },
    'success',
  ],
] as const)('%s', (_name, fields, outcome) => {
  const record = callRecord({ eventSource: 'iam.amazonaws.com', eventName: 'CreateUser', ...fields });
  const known = tables.calls.find(record.eventSource ?? '', record.eventName ?? '');
  expect(outcomeOf(record, known, errorOutcomes)).toBe(outcome);
});
