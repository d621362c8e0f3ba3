#!/usr/bin/env node
// The program: finds the command, loads only its code, and turns whatever ends it into an exit code.
import { keepCompiledCode } from './compile-cache.ts'
import { beginWithSmallYoungGeneration } from './small-young-generation.ts'

beginWithSmallYoungGeneration()
keepCompiledCode()

const { run } = await import('./program.ts')
await run(process.argv)
