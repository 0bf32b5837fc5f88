const read = (files) => Object.values(files); // import.meta.glob sorts by path, and each document has its variables
const queries = read(import.meta.glob('../examples/*.graphql', { query: '?raw', import: 'default', eager: true }));
const variables = read(import.meta.glob('../examples/*.json', { query: '?raw', import: 'default', eager: true }));

/** A text in which `today` and `today+7` are days, so that an example is always about now. */
const dated = (text) =>
  text.replace(/\btoday(?:\+(\d+))?/g, (_, days = 0) =>
    new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10));

/** The tabs of a first visit. */
export const examples = queries.map((query, index) => ({ query, variables: dated(variables[index].trim()) }));

function stored() {
  try {
    const { tabs, activeTabIndex } = JSON.parse(localStorage.getItem('graphiql:tabState'));
    return tabs[activeTabIndex];
  } catch {
    return undefined;
  }
}

/**
 * What the editors show first.
 *
 * GraphiQL 5.4 fills the variables editor from `initialVariables` only, so it is handed those of the tab it opens.
 */
export function initial() {
  const tab = stored();
  return tab
    ? { initialQuery: tab.query ?? '', initialVariables: tab.variables ?? '' }
    : { initialVariables: examples[0].variables };
}
