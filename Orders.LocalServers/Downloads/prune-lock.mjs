// Keeps the five server packages in package-lock.json and drops what they would pull in: only their files are used, no
// JavaScript of theirs ever runs. After changing a version: npm install --package-lock-only --ignore-scripts && node prune-lock.mjs
import { readFileSync, writeFileSync } from 'node:fs';

const lock = JSON.parse(readFileSync('package-lock.json', 'utf8'));
const wanted = new Set(Object.keys(lock.packages[''].dependencies).map((name) => `node_modules/${name}`));

for (const [path, entry] of Object.entries(lock.packages)) {
  if (path === '') continue;
  if (!wanted.has(path)) {
    delete lock.packages[path];
    continue;
  }
  for (const field of ['dependencies', 'optionalDependencies', 'peerDependencies', 'hasInstallScript', 'bin', 'resolved']) delete entry[field];
  if (!entry.integrity) throw new Error(`${path} has no integrity hash`);
}

writeFileSync('package-lock.json', `${JSON.stringify(lock, null, 2)}\n`);
