// Builds dist/: the program and the library as a few bundled files, because a short command spends most of its time finding
// and loading modules. The daemon's packages and Handlebars stay outside and are loaded when they are needed.
import { spawnSync } from 'node:child_process'
import { chmodSync, rmSync, writeFileSync } from 'node:fs'
import { build } from 'esbuild'
import { generateValidator } from './build-validator.ts'

const OUTSIDE = ['fastify', 'pino', 'undici', 'ky', 'chokidar', 'prom-client', 'handlebars']

/** Bundled CommonJS packages ask for built-ins with `require`. */
const REQUIRE =
  "import { createRequire as nodeRequire } from 'node:module'; const require = nodeRequire(import.meta.url);"

rmSync('dist', { recursive: true, force: true })
writeFileSync('src/config/validate-schema.generated.js', generateValidator())
await build({
  entryPoints: { cli: 'src/cli/main.ts', index: 'src/index.ts' },
  outdir: 'dist',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  external: OUTSIDE,
  banner: { js: REQUIRE },
  logLevel: 'warning',
})
chmodSync('dist/cli.js', 0o755)
const declarations = spawnSync('tsc', ['-p', 'tsconfig.build.json'], { stdio: 'inherit' })
process.exitCode = declarations.status ?? 1
