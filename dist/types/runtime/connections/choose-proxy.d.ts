type Environment = Readonly<Record<string, string | undefined>>;
/** `proxy` is a URL, or `environment` for HTTPS_PROXY and HTTP_PROXY. Loopback takes a proxy only when NO_PROXY does not say otherwise. */
export declare function chooseProxy(proxy: string | undefined, origin: string, environment: Environment): string | undefined;
export {};
