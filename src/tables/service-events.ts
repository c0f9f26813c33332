/**
 * One row of data/curated/service-events.json: services that write what people do as events of their own
 * (`AwsServiceEvent`), and not as calls. What other services write so is about themselves, whoever is named.
 */
export interface ServiceEventRow {
  /** As the partition aws writes it. */
  readonly eventSource: string;
  readonly reason: string;
  readonly reference: string;
}
