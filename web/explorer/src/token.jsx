import { useGraphiQL, useGraphiQLActions } from '@graphiql/react';
import { useState } from 'react';

const KEY = 'fieldgraph:token';

/** The header every request carries; empty while no token is set. */
export function authorization() {
  const token = sessionStorage.getItem(KEY);
  return token ? { Authorization: `Bearer ${token}` } : {};
}

/** The field for the bearer token, which lives as long as the browser tab and nowhere else. */
export function TokenField() {
  const [token, setToken] = useState(sessionStorage.getItem(KEY) ?? '');
  const schema = useGraphiQL((state) => state.schema);
  const { introspect } = useGraphiQLActions();

  function keep(event) {
    const value = event.target.value.trim().replace(/^bearer\s+/i, '');
    setToken(value);
    sessionStorage.setItem(KEY, value);
  }

  return (
    <form className="token" onSubmit={(event) => event.preventDefault()}>
      <label htmlFor="token">Token</label>
      <input
        id="token" type="password" value={token} onChange={keep} onBlur={() => schema || introspect()}
        placeholder="Paste an access token" autoComplete="off" spellCheck={false}
      />
    </form>
  );
}
