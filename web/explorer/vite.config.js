import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const isServed = (entry) => entry.isFile() && entry.name !== 'licenses.md';

/** Leave only gzip files: the server sends them as they are, and the repository carries a third of the bytes. */
const compressed = {
  name: 'compressed',
  writeBundle({ dir }) {
    for (const entry of readdirSync(dir, { recursive: true, withFileTypes: true }).filter(isServed)) {
      const path = join(entry.parentPath, entry.name);
      writeFileSync(`${path}.gz`, gzipSync(readFileSync(path), { level: 9 }));
      rmSync(path);
    }
  },
};

export default defineConfig({
  base: './',
  plugins: [react(), compressed],
  worker: { format: 'es' },
  build: {
    outDir: '../../schema/static/explorer',
    emptyOutDir: true,
    modulePreload: { polyfill: false },
    license: { fileName: 'licenses.md' },
    chunkSizeWarningLimit: 6000,
    rolldownOptions: {
      checks: { moduleLevelDirective: false },
      // Libraries apart from our own lines, so that a changed example is a changed file of a few kilobytes.
      output: { codeSplitting: { groups: [{ name: 'libraries', test: /node_modules/, tags: ['$initial'] }] } },
    },
  },
});
