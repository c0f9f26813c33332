import type { CloudTrailRecord } from '../event/cloudtrail-record.ts';

/**
 * What package managers and Docker do with a registry's token, which a session's holder asked for and which lives up to
 * 12 hours (CodeArtifact User Guide, "Tokens"; ECR User Guide, "Private registry authentication").
 */
const REGISTRY_CALLS = new Set([
  'codeartifact.amazonaws.com:ReadFromRepository',
  'codeartifact.amazonaws.com:PublishPackageVersion',
  'codeartifact.amazonaws.com:PutPackageMetadata',
  'ecr.amazonaws.com:BatchGetImage',
  'ecr.amazonaws.com:GetDownloadUrlForLayer',
  'ecr.amazonaws.com:BatchCheckLayerAvailability',
  'ecr.amazonaws.com:PutImage',
  'ecr.amazonaws.com:InitiateLayerUpload',
  'ecr.amazonaws.com:UploadLayerPart',
  'ecr.amazonaws.com:CompleteLayerUpload',
]);

export function isRegistryCall({ eventSource, eventName }: CloudTrailRecord): boolean {
  return REGISTRY_CALLS.has(`${eventSource}:${eventName}`);
}
