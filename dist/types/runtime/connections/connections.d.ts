import type { Agent as AgentType, Dispatcher } from 'undici';
import type { Connection } from '../../compile/plan.ts';
export interface Connections {
    /** For requests to this origin. */
    dispatcher(connection: Connection | undefined, origin: string): Dispatcher;
    /** After what runs has ended. */
    close(): Promise<void>;
}
export interface ConnectionsOptions {
    agent: AgentType.Options;
    environment?: NodeJS.ProcessEnv;
}
export declare function createConnections({ agent, environment }: ConnectionsOptions): Connections;
/** Equal for connections that are opened in the same way; says nothing of their secrets. */
export declare function connectionIdentity(connection?: Connection): string;
/** Equal for connections that believe the same servers, whatever certificate they show themselves: one that is renewed changes nothing of what is known. */
export declare function trustIdentity({ ca, serverName, guarded, proxy }?: Connection): string;
/**
 * As the global fetch, through a dispatcher: that one does not take those of the package. `init.body` is the request's body
 * where its bytes are known: they go out with their length, while the body of a Request is a stream and goes out in chunks.
 */
export declare function fetchThrough(dispatcher: Dispatcher, request: Request, init?: RequestInit): Promise<Response>;
