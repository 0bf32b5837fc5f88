import { useGraphiQL } from '@graphiql/react';
import { useEffect } from 'react';
import { fetcher } from './fetcher.js';

let editor;

/** Makes the variables editor known to `pickingFetcher`. */
export function Picks() {
  const variableEditor = useGraphiQL((state) => state.variableEditor);
  useEffect(() => {
    editor = variableEditor;
  }, [variableEditor]);
  return null;
}

function pick(data) {
  let variables;
  try {
    variables = JSON.parse(editor.getValue());
  } catch {
    return; // no editor yet, or half-typed variables: nothing to fill
  }
  const found = Object.keys(variables ?? {}).filter((name) => data?.[name]?.nodes?.[0]?.id);
  for (const name of found) variables[name] = data[name].nodes[0].id;
  if (found.length) editor.setValue(JSON.stringify(variables, null, 2));
}

/** Fetch, and let a list that is aliased like a variable hand that variable the first id it found. */
export async function pickingFetcher(operation, options) {
  const answer = await fetcher(operation, options);
  pick(answer.data);
  return answer;
}
