import { parentPort } from 'node:worker_threads';
import { validateReview } from './validate-review.ts';

/** The other side of `ReviewThread`: one body in, one verdict out, in the order in which they come. */
parentPort?.on('message', (body: Uint8Array) => parentPort?.postMessage(validateReview(Buffer.from(body).toString())));
