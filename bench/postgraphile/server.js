// PostGraphile 5 as its documentation sets it up for production: prepared statements, no watching, no IDE. The login is a
// JWT checked at each request, whose principal is remembered; the rights are row level security (rights.sql).
import { createHmac, timingSafeEqual } from "node:crypto";
import { createServer } from "node:http";
import { grafserv } from "postgraphile/grafserv/node";
import { postgraphile } from "postgraphile";
import { PostGraphileAmberPreset } from "postgraphile/presets/amber";
import { makePgService } from "postgraphile/adaptors/pg";

const PRINCIPAL = `
  select u.workspace_id, u.id, u.role = 'ADMIN' as admin,
    array(select team_id from memberships m where m.user_id = u.id)::text as teams
  from users u where u.id = $1 and u.active`;
const service = makePgService({
  connectionString: process.env.DATABASE_URL,
  schemas: ["public"],
  max: Number(process.env.POOL_SIZE),
});
const principals = new Map();

function subject(authorization) {
  const [head, claims, signature] = (authorization ?? "").replace(/^Bearer /, "").split(".");
  const right = createHmac("sha256", process.env.SECRET).update(`${head}.${claims}`).digest();
  const given = Buffer.from(signature ?? "", "base64url");
  if (given.length !== right.length || !timingSafeEqual(given, right)) throw new Error("Not signed by us");
  const told = JSON.parse(Buffer.from(claims, "base64url"));
  if (told.exp < Date.now() / 1000) throw new Error("Expired");
  return told.sub;
}

async function rights(user) {
  const { rows } = await service.adaptorSettings.pool.query(PRINCIPAL, [user]);
  const { workspace_id: workspace, id, admin, teams } = rows[0];
  return {
    role: "bench_viewer",
    "bench.workspace": workspace,
    "bench.me": id,
    "bench.teams": teams,
    "bench.admin": String(admin),
  };
}

const preset = {
  extends: [PostGraphileAmberPreset],
  disablePlugins: ["PgIndexBehaviorsPlugin"], // it hides filters and orders by columns without an index of their own
  pgServices: [service],
  grafserv: { graphqlPath: "/graphql", graphiql: false, websockets: false, watch: false },
  grafast: {
    explain: false,
    async context(context) {
      const user = subject(context.node?.req.headers.authorization);
      if (!principals.has(user)) principals.set(user, await rights(user));
      return { pgSettings: principals.get(user) };
    },
  },
};
const server = createServer();
const instance = postgraphile(preset);
await instance.createServ(grafserv).addTo(server);
server.listen(Number(process.argv[2]), "127.0.0.1");
process.on("SIGTERM", () => process.exit(0));
