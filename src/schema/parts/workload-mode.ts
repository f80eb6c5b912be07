/** Whether a policy is for what a workload receives, sends, or both. */

import { choice } from '../field/scalars.ts';

export const workloadMode = choice(['UNDEFINED', 'CLIENT', 'SERVER', 'CLIENT_AND_SERVER']);
