// The reference: rows of the size of a small delivery, one transaction each, at the durability of the queue (WAL, synchronous
// FULL). Inserts for so many milliseconds into a new file, and prints how many a second.
import { randomUUID } from 'node:crypto'
import { DatabaseSync } from 'node:sqlite'

const [path = '', durationMs] = process.argv.slice(2)
const database = new DatabaseSync(path)
database.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
  CREATE TABLE IF NOT EXISTS deliveries (id TEXT PRIMARY KEY, action TEXT, created_at INTEGER, job TEXT) STRICT`)
const insert = database.prepare('INSERT INTO deliveries VALUES (?, ?, ?, ?)')
const job = JSON.stringify({ params: {}, input: { number: 42, text: 'x'.repeat(100) }, files: [] })
const startMs = performance.now()
let count = 0
for (; performance.now() - startMs < Number(durationMs); count++) insert.run(randomUUID(), 'notify', Date.now(), job)
process.stdout.write(String((count * 1000) / (performance.now() - startMs)))
