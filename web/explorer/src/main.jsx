import './workers.js';
import { explorerPlugin } from '@graphiql/plugin-explorer';
import { GraphiQL, HISTORY_PLUGIN } from 'graphiql';
import { createRoot } from 'react-dom/client';
import { Picks, pickingFetcher } from './picks.jsx';
import { examples, initial } from './tabs.js';
import { SystemTheme } from './theme.jsx';
import { TokenField } from './token.jsx';
import 'graphiql/style.css';
import '@graphiql/plugin-explorer/style.css';
import './style.css';

const plugins = [HISTORY_PLUGIN, explorerPlugin({ showAttribution: false })];

createRoot(document.getElementById('explorer')).render(
  <GraphiQL fetcher={pickingFetcher} plugins={plugins} defaultTabs={examples} {...initial()}
    shouldPersistHeaders={false} inputValueDeprecation schemaDescription
    defaultEditorToolsVisibility="variables">
    <GraphiQL.Logo>
      <TokenField />
      <strong>Fieldgraph</strong>
    </GraphiQL.Logo>
    <Picks />
    <SystemTheme />
  </GraphiQL>,
);
