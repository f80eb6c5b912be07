import { parentPort } from 'node:worker_threads';
import { readCompletely } from './complete-reader.ts';

/** The other side of `SlowReader`: one text in, one reading out, in the order in which they come. */
parentPort?.on('message', (text: string) => parentPort?.postMessage(readCompletely(text)));
