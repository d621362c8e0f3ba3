// A service that never answers: what is sent to it stays on its way.
import { createServer } from 'node:net'

const server = createServer(socket => socket.on('error', () => {}).resume())
server.listen(Number(process.argv[2]), '127.0.0.1', () => process.stdout.write('ready\n'))
