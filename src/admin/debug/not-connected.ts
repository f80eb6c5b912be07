import { type HttpAnswer, textAnswer } from '../http-endpoint.ts';

/** Where `?proxyID=` names a proxy that is not here. */
export const notConnected: HttpAnswer = textAnswer(
  404,
  'no such proxy is connected to this instance; it may be connected to another one\n',
);

/** Where `?proxyID=` is missing. */
export const proxyIdMissing: HttpAnswer = textAnswer(400, 'say which proxy: ?proxyID=NAME.NAMESPACE\n');
