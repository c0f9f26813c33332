import { EcsComposer } from '../../src/tables/ecs-threat.ts';

/** A handful of ATT&CK's techniques and tactics, for entries that a test makes itself. */
export const compose = new EcsComposer(
  [
    ['TA0003', 'Persistence'],
    ['TA0004', 'Privilege Escalation'],
    ['TA0007', 'Discovery'],
    ['TA0010', 'Exfiltration'],
    ['TA0040', 'Impact'],
  ],
  [
    ['T1098', 'Account Manipulation', ['TA0003', 'TA0004'], 'https://attack.mitre.org/techniques/T1098/'],
    [
      'T1098.001',
      'Additional Cloud Credentials',
      ['TA0003'],
      'https://attack.mitre.org/techniques/T1098/001/',
    ],
    ['T1531', 'Account Access Removal', ['TA0040'], 'https://attack.mitre.org/techniques/T1531/'],
    ['T1537', 'Transfer Data to Cloud Account', ['TA0010'], 'https://attack.mitre.org/techniques/T1537/'],
    ['T1580', 'Cloud Infrastructure Discovery', ['TA0007'], 'https://attack.mitre.org/techniques/T1580/'],
  ],
);
