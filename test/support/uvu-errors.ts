// uvu takes `details` of an error for a text: an AppError, whose details are an object, ended the file without a word of why.
// Loaded before each test file.
import { registerHooks } from 'node:module'

const [FOUND, INSTEAD] = ['if (details) str', "if (typeof details === 'string') str"]

registerHooks({
  load(url, context, next) {
    const loaded = next(url, context)
    if (!url.endsWith('/uvu/dist/index.mjs') || !loaded.source) return loaded
    return {
      ...loaded,
      source: Buffer.from(loaded.source as Uint8Array)
        .toString()
        .replace(FOUND, INSTEAD),
    }
  },
})
