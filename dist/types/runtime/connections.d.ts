import { Agent, type Dispatcher } from 'undici';
import type { Connection } from '../compile/plan.ts';
export interface Connections {
    /** For requests to this origin. */
    dispatcher(connection: Connection | undefined, origin: string): Dispatcher;
    /** After what runs has ended. */
    close(): Promise<void>;
}
export interface ConnectionsOptions {
    agent: Agent.Options;
    environment?: NodeJS.ProcessEnv;
}
export declare function createConnections({ agent, environment }: ConnectionsOptions): Connections;
/** As the global fetch, through a dispatcher: that one does not take those of the package. */
export declare function fetchThrough(dispatcher: Dispatcher, request: Request, init?: RequestInit): Promise<Response>;
