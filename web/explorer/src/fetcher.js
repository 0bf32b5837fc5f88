import { createGraphiQLFetcher } from '@graphiql/toolkit';
import { createClient } from 'graphql-ws';
import { authorization } from './token.jsx';

const url = new URL('graphql', document.baseURI).href;

const send = createGraphiQLFetcher({
  url,
  wsClient: createClient({ url: url.replace(/^http/, 'ws'), connectionParams: authorization }),
  enableIncrementalDelivery: false,
});

/** Send an operation with the token; the Headers pane may add to it or override it. */
export async function fetcher(operation, options) {
  return send(operation, { ...options, headers: { ...authorization(), ...options?.headers } });
}
