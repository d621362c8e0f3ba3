// After the compiler: copies the generated validator, which is JavaScript already, and makes the program executable.
import { chmodSync, copyFileSync } from 'node:fs'

const generated = 'config/validate-schema.generated.js'
copyFileSync(`src/${generated}`, `dist/${generated}`)
chmodSync('dist/cli/main.js', 0o755)
