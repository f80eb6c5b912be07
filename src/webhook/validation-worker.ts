import { parentPort } from 'node:worker_threads';
import { PatchValues } from './patch-values.ts';
import { validateReview } from './validate-review.ts';

const values = new PatchValues();

/** The other side of `ReviewThread`: one body in, one verdict out, in the order in which they come. */
parentPort?.on('message', (body: Uint8Array) =>
  parentPort?.postMessage(validateReview(Buffer.from(body).toString(), (object) => values.check(object))),
);
