export declare const validate: typeof validate20;
export default validate20;
declare const schema31: {
    $schema: string;
    $id: string;
    $comment: string;
    title: string;
    description: string;
    type: string;
    properties: {
        version: {
            title: string;
            description: string;
            const: number;
            examples: number[];
        };
        vars: {
            $ref: string;
        };
        accounts: {
            title: string;
            description: string;
            defaultSnippets: {
                label: string;
                description: string;
                body: {
                    "${1:crm}": {
                        accessTokenUri: string;
                        clientId: string;
                        clientSecret: {
                            env: string;
                        };
                        scope: string;
                    };
                };
            }[];
            type: string;
            propertyNames: {
                title: string;
                description: string;
                pattern: string;
            };
            patternProperties: {
                "^x-": {
                    title: string;
                    description: string;
                };
            };
            additionalProperties: {
                $ref: string;
            };
            examples: {}[];
        };
        services: {
            title: string;
            description: string;
            defaultSnippets: {
                label: string;
                description: string;
                body: {
                    "${1:contacts}": {
                        account: string;
                        serverUrl: string;
                    };
                };
            }[];
            type: string;
            propertyNames: {
                title: string;
                description: string;
                pattern: string;
            };
            patternProperties: {
                "^x-": {
                    title: string;
                    description: string;
                };
            };
            additionalProperties: {
                $ref: string;
            };
            examples: {}[];
        };
        actions: {
            title: string;
            description: string;
            defaultSnippets: ({
                label: string;
                description: string;
                body: {
                    "${1:upload}": {
                        type: string;
                        authenticateWith: string;
                        method: string;
                        path: string;
                        content: {
                            file: {};
                        };
                    };
                    "${1:notify}"?: never;
                };
            } | {
                label: string;
                description: string;
                body: {
                    "${1:upload}"?: never;
                    "${1:notify}": {
                        type: string;
                        authenticateWith: string;
                        path: string;
                        content: {
                            json: {
                                text: string;
                            };
                        };
                    };
                };
            })[];
            type: string;
            propertyNames: {
                title: string;
                description: string;
                pattern: string;
            };
            patternProperties: {
                "^x-": {
                    title: string;
                    description: string;
                };
            };
            additionalProperties: {
                $ref: string;
            };
            examples: {}[];
        };
        daemon: {
            $ref: string;
        };
    };
    required: string[];
    patternProperties: {
        "^x-": {
            title: string;
            description: string;
        };
    };
    additionalProperties: boolean;
    examples: {
        version: number;
        services: {
            open: {
                account: {
                    authorization: string;
                };
                serverUrl: string;
            };
        };
    }[];
    $defs: {
        secretReference: {
            title: string;
            description: string;
            type: string;
            properties: {
                env: {
                    title: string;
                    description: string;
                    type: string;
                    pattern: string;
                    examples: string[];
                };
                file: {
                    title: string;
                    description: string;
                    type: string;
                    pattern: string;
                    examples: string[];
                };
                exec: {
                    title: string;
                    description: string;
                    type: string;
                    minItems: number;
                    items: {
                        title: string;
                        description: string;
                        type: string;
                        examples: string[];
                    };
                    examples: string[][];
                };
                systemd: {
                    title: string;
                    description: string;
                    type: string;
                    pattern: string;
                    examples: string[];
                };
                account: {
                    title: string;
                    description: string;
                    type: string;
                    pattern: string;
                    examples: string[];
                };
                field: {
                    title: string;
                    description: string;
                    type: string;
                    pattern: string;
                    examples: string[];
                };
            };
            if: {
                properties: {
                    field: boolean;
                };
                required: string[];
            };
            then: {
                properties: {
                    account: boolean;
                };
                required: string[];
                maxProperties: number;
            };
            else: {
                properties: {
                    env: boolean;
                    file: boolean;
                    exec: boolean;
                    systemd: boolean;
                    account: boolean;
                };
                minProperties: number;
                maxProperties: number;
            };
            additionalProperties: boolean;
            examples: ({
                env: string;
                file?: never;
            } | {
                env?: never;
                file: string;
            })[];
        };
        secret: {
            title: string;
            description: string;
            defaultSnippets: ({
                label: string;
                description: string;
                body: {
                    file?: never;
                    env: string;
                    exec?: never;
                    systemd?: never;
                    account?: never;
                };
            } | {
                label: string;
                description: string;
                body: {
                    env?: never;
                    file: string;
                    exec?: never;
                    systemd?: never;
                    account?: never;
                };
            } | {
                label: string;
                description: string;
                body: {
                    env?: never;
                    file?: never;
                    exec: string[];
                    systemd?: never;
                    account?: never;
                };
            } | {
                label: string;
                description: string;
                body: {
                    env?: never;
                    file?: never;
                    exec?: never;
                    systemd: string;
                    account?: never;
                };
            } | {
                label: string;
                description: string;
                body: {
                    env?: never;
                    file?: never;
                    exec?: never;
                    systemd?: never;
                    account: string;
                };
            })[];
            examples: {
                env: string;
            }[];
            if: {
                type: string;
            };
            then: {
                $ref: string;
                description: string;
            };
            else: {
                type: string;
            };
        };
        textOrSecret: {
            title: string;
            description: string;
            defaultSnippets: ({
                label: string;
                description: string;
                body: {
                    file?: never;
                    exec?: never;
                    systemd?: never;
                    account?: never;
                    env: string;
                };
            } | {
                label: string;
                description: string;
                body: {
                    env?: never;
                    exec?: never;
                    systemd?: never;
                    account?: never;
                    file: string;
                };
            } | {
                label: string;
                description: string;
                body: {
                    env?: never;
                    file?: never;
                    systemd?: never;
                    account?: never;
                    exec: string[];
                };
            } | {
                label: string;
                description: string;
                body: {
                    env?: never;
                    file?: never;
                    exec?: never;
                    account?: never;
                    systemd: string;
                };
            } | {
                label: string;
                description: string;
                body: {
                    env?: never;
                    file?: never;
                    exec?: never;
                    systemd?: never;
                    account: string;
                };
            })[];
            examples: (string | {
                env: string;
            })[];
            if: {
                type: string;
            };
            then: {
                $ref: string;
                description: string;
            };
            else: {
                type: string;
            };
        };
        param: {
            title: string;
            description: string;
            examples: (string | boolean | string[] | {
                env: string;
            })[];
            if: {
                type: string;
                maxProperties: number;
                anyOf: ({
                    required: string[];
                    properties: {
                        file?: never;
                        exec?: never;
                        systemd?: never;
                        account?: never;
                        env: boolean;
                    };
                } | {
                    required: string[];
                    properties: {
                        env?: never;
                        exec?: never;
                        systemd?: never;
                        account?: never;
                        file: boolean;
                    };
                } | {
                    required: string[];
                    properties: {
                        env?: never;
                        file?: never;
                        systemd?: never;
                        account?: never;
                        exec: boolean;
                    };
                } | {
                    required: string[];
                    properties: {
                        env?: never;
                        file?: never;
                        exec?: never;
                        account?: never;
                        systemd: boolean;
                    };
                } | {
                    required: string[];
                    properties: {
                        env?: never;
                        file?: never;
                        exec?: never;
                        systemd?: never;
                        account: boolean;
                    };
                })[];
            };
            then: {
                $ref: string;
                description: string;
            };
            else: {
                if: {
                    type: string;
                };
                then: {
                    type: string;
                    additionalProperties: {
                        $ref: string;
                    };
                };
                else: {
                    if: {
                        type: string;
                    };
                    then: {
                        type: string;
                        minItems: number;
                        items: {
                            $ref: string;
                        };
                    };
                    else: {
                        not: {
                            type: string;
                        };
                    };
                };
            };
        };
        vars: {
            title: string;
            description: string;
            type: string;
            propertyNames: {
                title: string;
                description: string;
                pattern: string;
            };
            additionalProperties: {
                $ref: string;
            };
            examples: {
                region: string;
            }[];
        };
        nameValue: {
            title: string;
            description: string;
            type: string;
            properties: {
                name: {
                    title: string;
                    description: string;
                    type: string;
                    pattern: string;
                    examples: string[];
                };
                value: {
                    title: string;
                    description: string;
                    examples: {
                        env: string;
                    }[];
                    $ref: string;
                };
            };
            required: string[];
            additionalProperties: boolean;
            patternProperties: {
                "^x-": {
                    title: string;
                    description: string;
                };
            };
            examples: {
                name: string;
                value: {
                    env: string;
                };
            }[];
        };
        json: {
            title: string;
            description: string;
            examples: (string | number | string[])[];
        };
        clientAssertion: {
            title: string;
            description: string;
            type: string;
            properties: {
                key: {
                    title: string;
                    description: string;
                    examples: {
                        file: string;
                    }[];
                    $ref: string;
                };
                alg: {
                    title: string;
                    description: string;
                    markdownDescription: string;
                    type: string;
                    enum: string[];
                    markdownEnumDescriptions: string[];
                    examples: string[];
                };
                kid: {
                    title: string;
                    description: string;
                    examples: string[];
                    $ref: string;
                };
                x5t: {
                    title: string;
                    description: string;
                    examples: {
                        file: string;
                    }[];
                    $ref: string;
                };
                typ: {
                    title: string;
                    description: string;
                    markdownDescription: string;
                    type: string;
                    enum: string[];
                    markdownEnumDescriptions: string[];
                    examples: string[];
                };
                in: {
                    title: string;
                    description: string;
                    markdownDescription: string;
                    type: string;
                    enum: string[];
                    markdownEnumDescriptions: string[];
                    examples: string[];
                };
                audience: {
                    title: string;
                    description: string;
                    type: string;
                    pattern: string;
                    examples: string[];
                };
                lifetime: {
                    title: string;
                    description: string;
                    type: string;
                    pattern: string;
                    examples: string[];
                };
                claims: {
                    title: string;
                    description: string;
                    type: string;
                    additionalProperties: {
                        $ref: string;
                    };
                    examples: {
                        sub: null;
                        tenant: string;
                    }[];
                };
                file: {
                    title: string;
                    description: string;
                    type: string;
                    pattern: string;
                    examples: string[];
                };
                at: {
                    title: string;
                    description: string;
                    type: string;
                    pattern: string;
                    examples: string[];
                };
                type: {
                    title: string;
                    description: string;
                    type: string;
                    pattern: string;
                    examples: string[];
                };
            };
            additionalProperties: boolean;
            patternProperties: {
                "^x-": {
                    title: string;
                    description: string;
                };
            };
            examples: ({
                file?: never;
                key: {
                    file: string;
                };
                kid: string;
            } | {
                key?: never;
                kid?: never;
                file: string;
            })[];
            allOf: ({
                properties: {
                    file: boolean;
                };
                if?: never;
                then?: never;
                else?: never;
            } | {
                properties?: never;
                if: {
                    required: string[];
                };
                then: {
                    properties: {
                        key: boolean;
                        alg: boolean;
                        kid: boolean;
                        x5t: boolean;
                        typ: boolean;
                        in: boolean;
                        audience: boolean;
                        lifetime: boolean;
                        claims: boolean;
                    };
                };
                else: {
                    properties: {
                        type: boolean;
                        at: boolean;
                    };
                };
            })[];
        };
        signedAssertion: {
            title: string;
            description: string;
            type: string;
            properties: {
                key: {
                    title: string;
                    description: string;
                    examples: {
                        file: string;
                    }[];
                    $ref: string;
                };
                alg: {
                    title: string;
                    description: string;
                    markdownDescription: string;
                    type: string;
                    enum: string[];
                    markdownEnumDescriptions: string[];
                    examples: string[];
                };
                kid: {
                    title: string;
                    description: string;
                    examples: string[];
                    $ref: string;
                };
                x5t: {
                    title: string;
                    description: string;
                    examples: {
                        file: string;
                    }[];
                    $ref: string;
                };
                audience: {
                    title: string;
                    description: string;
                    type: string;
                    pattern: string;
                    examples: string[];
                };
                lifetime: {
                    title: string;
                    description: string;
                    type: string;
                    pattern: string;
                    examples: string[];
                };
                claims: {
                    title: string;
                    description: string;
                    type: string;
                    additionalProperties: {
                        $ref: string;
                    };
                    examples: {
                        iss: string;
                        scope: string;
                    }[];
                };
            };
            required: string[];
            patternProperties: {
                "^x-": {
                    title: string;
                    description: string;
                };
            };
            additionalProperties: boolean;
            examples: {
                key: {
                    file: string;
                };
                claims: {
                    sub: string;
                };
            }[];
        };
        keptToken: {
            title: string;
            description: string;
            examples: {
                file: string;
            }[];
            if: {
                type: string;
                required: string[];
                properties: {
                    file: boolean;
                };
            };
            then: {
                type: string;
                properties: {
                    file: {
                        title: string;
                        description: string;
                        type: string;
                        pattern: string;
                        examples: string[];
                    };
                    at: {
                        title: string;
                        description: string;
                        type: string;
                        pattern: string;
                        examples: string[];
                    };
                };
                patternProperties: {
                    "^x-": {
                        title: string;
                        description: string;
                    };
                };
                additionalProperties: boolean;
            };
            else: {
                $ref: string;
            };
        };
        tokenResponse: {
            title: string;
            description: string;
            type: string;
            properties: {
                token: {
                    title: string;
                    description: string;
                    examples: (string | string[] | {
                        header: string;
                    })[];
                    if: {
                        type: string;
                    };
                    then: {
                        type: string;
                        minItems: number;
                        items: {
                            title: string;
                            description: string;
                            type: string;
                            pattern: string;
                            examples: string[];
                        };
                    };
                    else: {
                        if: {
                            type: string;
                        };
                        then: {
                            title: string;
                            description: string;
                            type: string;
                            properties: {
                                header: {
                                    title: string;
                                    description: string;
                                    type: string;
                                    pattern: string;
                                    examples: string[];
                                };
                            };
                            patternProperties: {
                                "^x-": {
                                    title: string;
                                    description: string;
                                };
                            };
                            additionalProperties: boolean;
                            examples: {
                                header: string;
                            }[];
                            required: string[];
                        };
                        else: {
                            type: string;
                            pattern: string;
                            examples: string[];
                        };
                    };
                };
                expires: {
                    title: string;
                    description: string;
                    type: string;
                    properties: {
                        at: {
                            title: string;
                            description: string;
                            type: string;
                            pattern: string;
                            examples: string[];
                        };
                        as: {
                            title: string;
                            description: string;
                            markdownDescription: string;
                            type: string;
                            enum: string[];
                            markdownEnumDescriptions: string[];
                            default: string;
                            examples: string[];
                        };
                    };
                    patternProperties: {
                        "^x-": {
                            title: string;
                            description: string;
                        };
                    };
                    additionalProperties: boolean;
                    examples: {
                        at: string;
                        as: string;
                    }[];
                    required: string[];
                };
                success: {
                    title: string;
                    description: string;
                    type: string;
                    properties: {
                        at: {
                            title: string;
                            description: string;
                            type: string;
                            pattern: string;
                            examples: string[];
                        };
                        equals: {
                            title: string;
                            description: string;
                            examples: boolean[];
                            if: {
                                type: string;
                            };
                            then: {
                                type: string;
                            };
                            else: {
                                if: {
                                    type: string;
                                };
                                then: {
                                    type: string;
                                };
                                else: {
                                    type: string;
                                };
                            };
                        };
                    };
                    patternProperties: {
                        "^x-": {
                            title: string;
                            description: string;
                        };
                    };
                    additionalProperties: boolean;
                    examples: {
                        at: string;
                        equals: boolean;
                    }[];
                    required: string[];
                };
                error: {
                    title: string;
                    description: string;
                    type: string;
                    pattern: string;
                    examples: string[];
                };
                publish: {
                    title: string;
                    description: string;
                    type: string;
                    propertyNames: {
                        title: string;
                        description: string;
                        pattern: string;
                    };
                    additionalProperties: {
                        title: string;
                        description: string;
                        type: string;
                        properties: {
                            at: {
                                title: string;
                                description: string;
                                type: string;
                                pattern: string;
                                examples: string[];
                            };
                            hosts: {
                                title: string;
                                description: string;
                                type: string;
                                items: {
                                    title: string;
                                    description: string;
                                    type: string;
                                    pattern: string;
                                    examples: string[];
                                };
                                examples: string[][];
                            };
                        };
                        patternProperties: {
                            "^x-": {
                                title: string;
                                description: string;
                            };
                        };
                        additionalProperties: boolean;
                        examples: {
                            at: string;
                            hosts: string[];
                        }[];
                        required: string[];
                    };
                    examples: {
                        instance: {
                            at: string;
                            hosts: string[];
                        };
                    }[];
                };
            };
            patternProperties: {
                "^x-": {
                    title: string;
                    description: string;
                };
            };
            additionalProperties: boolean;
            examples: {
                token: string;
            }[];
        };
        lifetime: {
            title: string;
            description: string;
            type: string;
            properties: {
                default: {
                    title: string;
                    description: string;
                    type: string;
                    pattern: string;
                    examples: string[];
                };
                max: {
                    title: string;
                    description: string;
                    type: string;
                    pattern: string;
                    examples: string[];
                };
                refreshBefore: {
                    title: string;
                    description: string;
                    type: string;
                    pattern: string;
                    examples: string[];
                };
                minInterval: {
                    title: string;
                    description: string;
                    type: string;
                    pattern: string;
                    examples: string[];
                };
            };
            patternProperties: {
                "^x-": {
                    title: string;
                    description: string;
                };
            };
            additionalProperties: boolean;
            examples: {
                default: string;
            }[];
        };
        refresh: {
            title: string;
            description: string;
            type: string;
            properties: {
                accessTokenUri: {
                    title: string;
                    description: string;
                    type: string;
                    pattern: string;
                    examples: string[];
                };
                params: {
                    title: string;
                    description: string;
                    type: string;
                    propertyNames: {
                        title: string;
                        description: string;
                        pattern: string;
                    };
                    additionalProperties: {
                        $ref: string;
                    };
                    examples: {
                        scope: string;
                    }[];
                };
                headers: {
                    title: string;
                    description: string;
                    type: string;
                    propertyNames: {
                        title: string;
                        description: string;
                        pattern: string;
                    };
                    additionalProperties: {
                        $ref: string;
                    };
                    examples: {
                        Authorization: string;
                    }[];
                };
                token: {
                    title: string;
                    description: string;
                    type: string;
                    pattern: string;
                    default: string;
                    examples: string[];
                };
            };
            patternProperties: {
                "^x-": {
                    title: string;
                    description: string;
                };
            };
            additionalProperties: boolean;
            examples: {
                params: {
                    scope: string;
                };
            }[];
        };
        inject: {
            title: string;
            description: string;
            type: string;
            properties: {
                in: {
                    title: string;
                    description: string;
                    markdownDescription: string;
                    type: string;
                    enum: string[];
                    markdownEnumDescriptions: string[];
                    default: string;
                    examples: string[];
                };
                name: {
                    title: string;
                    description: string;
                    type: string;
                    pattern: string;
                    examples: string[];
                };
                prefix: {
                    title: string;
                    description: string;
                    type: string;
                    pattern: string;
                    examples: string[];
                };
                value: {
                    title: string;
                    description: string;
                    type: string;
                    pattern: string;
                    examples: string[];
                };
            };
            patternProperties: {
                "^x-": {
                    title: string;
                    description: string;
                };
            };
            additionalProperties: boolean;
            examples: {
                name: string;
                prefix: string;
            }[];
            allOf: {
                if: {
                    properties: {
                        in: {
                            const: string;
                        };
                    };
                    required: string[];
                };
                then: {
                    properties: {
                        name: boolean;
                    };
                    required: string[];
                };
            }[];
        };
        tls: {
            title: string;
            description: string;
            type: string;
            properties: {
                caFile: {
                    title: string;
                    description: string;
                    type: string;
                    pattern: string;
                    examples: string[];
                };
                certFile: {
                    title: string;
                    description: string;
                    type: string;
                    pattern: string;
                    examples: string[];
                };
                keyFile: {
                    title: string;
                    description: string;
                    type: string;
                    pattern: string;
                    examples: string[];
                };
                serverName: {
                    title: string;
                    description: string;
                    type: string;
                    pattern: string;
                    examples: string[];
                };
            };
            additionalProperties: boolean;
            patternProperties: {
                "^x-": {
                    title: string;
                    description: string;
                };
            };
            examples: ({
                caFile: string;
                certFile?: never;
                keyFile?: never;
            } | {
                caFile?: never;
                certFile: string;
                keyFile: string;
            })[];
            allOf: ({
                if?: never;
                then?: never;
                properties: {
                    certFile: boolean;
                    keyFile: boolean;
                };
            } | {
                properties?: never;
                if: {
                    required: string[];
                };
                then: {
                    required: string[];
                };
            })[];
        };
        proxy: {
            title: string;
            description: string;
            examples: (string | {
                env: string;
            })[];
            if: {
                type: string;
            };
            then: {
                $ref: string;
                description: string;
            };
            else: {
                title: string;
                type: string;
                pattern: string;
                examples: string[];
            };
        };
        account: {
            title: string;
            description: string;
            defaultSnippets: ({
                label: string;
                description: string;
                body: {
                    accessTokenUri: string;
                    clientId: string;
                    clientSecret: {
                        env: string;
                    };
                    scope: string;
                    grant?: never;
                    header?: never;
                    query?: never;
                    username?: never;
                    password?: never;
                    authorization?: never;
                };
            } | {
                label: string;
                description: string;
                body: {
                    accessTokenUri: string;
                    clientId: string;
                    clientSecret: {
                        env: string;
                    };
                    grant: string;
                    username: string;
                    password: {
                        env: string;
                    };
                    scope: string;
                    header?: never;
                    query?: never;
                    authorization?: never;
                };
            } | {
                label: string;
                description: string;
                body: {
                    accessTokenUri?: never;
                    clientId?: never;
                    clientSecret?: never;
                    grant?: never;
                    scope?: never;
                    authorization: string;
                    header: {
                        name: string;
                        value: {
                            env: string;
                        };
                    };
                    query?: never;
                    username?: never;
                    password?: never;
                };
            } | {
                label: string;
                description: string;
                body: {
                    accessTokenUri?: never;
                    clientId?: never;
                    clientSecret?: never;
                    grant?: never;
                    scope?: never;
                    header?: never;
                    authorization: string;
                    query: {
                        name: string;
                        value: {
                            env: string;
                        };
                    };
                    username?: never;
                    password?: never;
                };
            } | {
                label: string;
                description: string;
                body: {
                    accessTokenUri?: never;
                    clientId?: never;
                    clientSecret?: never;
                    grant?: never;
                    scope?: never;
                    header?: never;
                    query?: never;
                    authorization: string;
                    username: string;
                    password: {
                        env: string;
                    };
                };
            } | {
                label: string;
                description: string;
                body: {
                    accessTokenUri?: never;
                    clientId?: never;
                    clientSecret?: never;
                    grant?: never;
                    scope?: never;
                    header?: never;
                    query?: never;
                    username?: never;
                    password?: never;
                    authorization: string;
                };
            })[];
            type: string;
            properties: {
                title: {
                    title: string;
                    description: string;
                    type: string;
                    examples: string[];
                };
                description: {
                    title: string;
                    description: string;
                    type: string;
                    examples: string[];
                };
                authorization: {
                    title: string;
                    description: string;
                    markdownDescription: string;
                    type: string;
                    enum: string[];
                    markdownEnumDescriptions: string[];
                    default: string;
                    examples: string[];
                };
                header: {
                    title: string;
                    description: string;
                    examples: {
                        name: string;
                        value: {
                            env: string;
                        };
                    }[];
                    if: {
                        type: string;
                    };
                    then: {
                        type: string;
                        minItems: number;
                        items: {
                            $ref: string;
                        };
                    };
                    else: {
                        $ref: string;
                    };
                };
                query: {
                    title: string;
                    description: string;
                    examples: {
                        name: string;
                        value: {
                            env: string;
                        };
                    }[];
                    if: {
                        type: string;
                    };
                    then: {
                        type: string;
                        minItems: number;
                        items: {
                            $ref: string;
                        };
                    };
                    else: {
                        $ref: string;
                    };
                };
                username: {
                    title: string;
                    description: string;
                    examples: string[];
                    $ref: string;
                };
                password: {
                    title: string;
                    description: string;
                    examples: {
                        file: string;
                    }[];
                    $ref: string;
                };
                accessTokenUri: {
                    title: string;
                    description: string;
                    type: string;
                    pattern: string;
                    examples: string[];
                };
                issuer: {
                    title: string;
                    description: string;
                    type: string;
                    pattern: string;
                    examples: string[];
                };
                clientId: {
                    title: string;
                    description: string;
                    examples: string[];
                    $ref: string;
                };
                clientSecret: {
                    title: string;
                    description: string;
                    defaultSnippets: ({
                        label: string;
                        description: string;
                        body: {
                            file?: never;
                            exec?: never;
                            systemd?: never;
                            account?: never;
                            env: string;
                        };
                    } | {
                        label: string;
                        description: string;
                        body: {
                            env?: never;
                            exec?: never;
                            systemd?: never;
                            account?: never;
                            file: string;
                        };
                    } | {
                        label: string;
                        description: string;
                        body: {
                            env?: never;
                            file?: never;
                            systemd?: never;
                            account?: never;
                            exec: string[];
                        };
                    } | {
                        label: string;
                        description: string;
                        body: {
                            env?: never;
                            file?: never;
                            exec?: never;
                            account?: never;
                            systemd: string;
                        };
                    } | {
                        label: string;
                        description: string;
                        body: {
                            env?: never;
                            file?: never;
                            exec?: never;
                            systemd?: never;
                            account: string;
                        };
                    })[];
                    examples: ({
                        file: string;
                    }[] | {
                        env: string;
                    })[];
                    if: {
                        type: string;
                    };
                    then: {
                        type: string;
                        minItems: number;
                        maxItems: number;
                        items: {
                            $ref: string;
                        };
                    };
                    else: {
                        $ref: string;
                        title: string;
                        description: string;
                    };
                };
                clientAuthMethod: {
                    title: string;
                    description: string;
                    markdownDescription: string;
                    type: string;
                    enum: string[];
                    markdownEnumDescriptions: string[];
                    default: string;
                    examples: string[];
                };
                basicEncoding: {
                    title: string;
                    description: string;
                    markdownDescription: string;
                    type: string;
                    enum: string[];
                    markdownEnumDescriptions: string[];
                    default: string;
                    examples: string[];
                };
                clientAssertion: {
                    title: string;
                    description: string;
                    examples: {
                        key: {
                            file: string;
                        };
                        kid: string;
                    }[];
                    $ref: string;
                };
                grant: {
                    title: string;
                    description: string;
                    markdownDescription: string;
                    type: string;
                    enum: string[];
                    markdownEnumDescriptions: string[];
                    default: string;
                    examples: string[];
                };
                refreshToken: {
                    title: string;
                    description: string;
                    examples: {
                        file: string;
                    }[];
                    $ref: string;
                };
                assertion: {
                    title: string;
                    description: string;
                    examples: ({
                        key?: never;
                        file: string;
                        claims?: never;
                    } | {
                        file?: never;
                        key: {
                            file: string;
                        };
                        claims: {
                            sub: string;
                        };
                    })[];
                    if: {
                        type: string;
                        anyOf: ({
                            required: string[];
                            properties: {
                                kid?: never;
                                claims?: never;
                                key: boolean;
                                alg?: never;
                                x5t?: never;
                                audience?: never;
                                lifetime?: never;
                            };
                        } | {
                            required: string[];
                            properties: {
                                key?: never;
                                kid?: never;
                                claims?: never;
                                alg: boolean;
                                x5t?: never;
                                audience?: never;
                                lifetime?: never;
                            };
                        } | {
                            required: string[];
                            properties: {
                                key?: never;
                                claims?: never;
                                alg?: never;
                                kid: boolean;
                                x5t?: never;
                                audience?: never;
                                lifetime?: never;
                            };
                        } | {
                            required: string[];
                            properties: {
                                key?: never;
                                kid?: never;
                                claims?: never;
                                alg?: never;
                                x5t: boolean;
                                audience?: never;
                                lifetime?: never;
                            };
                        } | {
                            required: string[];
                            properties: {
                                key?: never;
                                kid?: never;
                                claims?: never;
                                alg?: never;
                                x5t?: never;
                                audience: boolean;
                                lifetime?: never;
                            };
                        } | {
                            required: string[];
                            properties: {
                                key?: never;
                                kid?: never;
                                claims?: never;
                                alg?: never;
                                x5t?: never;
                                audience?: never;
                                lifetime: boolean;
                            };
                        } | {
                            required: string[];
                            properties: {
                                key?: never;
                                kid?: never;
                                alg?: never;
                                x5t?: never;
                                audience?: never;
                                lifetime?: never;
                                claims: boolean;
                            };
                        })[];
                    };
                    then: {
                        $ref: string;
                        description: string;
                    };
                    else: {
                        $ref: string;
                    };
                };
                subjectToken: {
                    title: string;
                    description: string;
                    examples: ({
                        account?: never;
                        file: string;
                    } | {
                        file?: never;
                        account: string;
                    })[];
                    $ref: string;
                };
                subjectTokenType: {
                    title: string;
                    description: string;
                    type: string;
                    pattern: string;
                    examples: string[];
                };
                actorToken: {
                    title: string;
                    description: string;
                    examples: {
                        account: string;
                    }[];
                    $ref: string;
                };
                actorTokenType: {
                    title: string;
                    description: string;
                    type: string;
                    pattern: string;
                    examples: string[];
                };
                requestedTokenType: {
                    title: string;
                    description: string;
                    type: string;
                    pattern: string;
                    examples: string[];
                };
                scope: {
                    title: string;
                    description: string;
                    examples: (string | string[])[];
                    if: {
                        type: string;
                    };
                    then: {
                        type: string;
                        items: {
                            title: string;
                            description: string;
                            type: string;
                            pattern: string;
                            examples: string[];
                        };
                    };
                    else: {
                        title: string;
                        description: string;
                        type: string;
                        pattern: string;
                    };
                };
                audience: {
                    title: string;
                    description: string;
                    examples: string[];
                    if: {
                        type: string;
                    };
                    then: {
                        type: string;
                        minItems: number;
                        items: {
                            title: string;
                            description: string;
                            type: string;
                            pattern: string;
                            examples: string[];
                        };
                    };
                    else: {
                        title: string;
                        description: string;
                        type: string;
                        pattern: string;
                        examples: string[];
                    };
                };
                resource: {
                    title: string;
                    description: string;
                    examples: string[];
                    if: {
                        type: string;
                    };
                    then: {
                        type: string;
                        minItems: number;
                        items: {
                            title: string;
                            description: string;
                            type: string;
                            pattern: string;
                            examples: string[];
                        };
                    };
                    else: {
                        title: string;
                        description: string;
                        type: string;
                        pattern: string;
                        examples: string[];
                    };
                };
                dpop: {
                    title: string;
                    description: string;
                    examples: (boolean | {
                        key: {
                            file: string;
                        };
                        alg: string;
                    })[];
                    if: {
                        type: string;
                    };
                    then: {
                        title: string;
                        description: string;
                        type: string;
                        properties: {
                            key: {
                                title: string;
                                description: string;
                                examples: {
                                    file: string;
                                }[];
                                $ref: string;
                            };
                            alg: {
                                title: string;
                                description: string;
                                markdownDescription: string;
                                type: string;
                                enum: string[];
                                markdownEnumDescriptions: string[];
                                examples: string[];
                            };
                        };
                        patternProperties: {
                            "^x-": {
                                title: string;
                                description: string;
                            };
                        };
                        additionalProperties: boolean;
                        examples: {
                            alg: string;
                        }[];
                    };
                    else: {
                        title: string;
                        description: string;
                        type: string;
                    };
                };
                bearerTokenType: {
                    title: string;
                    description: string;
                    markdownDescription: string;
                    type: string;
                    enum: string[];
                    markdownEnumDescriptions: string[];
                    default: string;
                    examples: string[];
                };
                tokenRequest: {
                    title: string;
                    description: string;
                    type: string;
                    properties: {
                        method: {
                            title: string;
                            description: string;
                            markdownDescription: string;
                            type: string;
                            enum: string[];
                            markdownEnumDescriptions: string[];
                            default: string;
                            examples: string[];
                        };
                        format: {
                            title: string;
                            description: string;
                            markdownDescription: string;
                            type: string;
                            enum: string[];
                            markdownEnumDescriptions: string[];
                            default: string;
                            examples: string[];
                        };
                        params: {
                            title: string;
                            description: string;
                            type: string;
                            propertyNames: {
                                title: string;
                                description: string;
                                pattern: string;
                            };
                            additionalProperties: {
                                $ref: string;
                            };
                            examples: {
                                account_id: string;
                                new_token: boolean;
                            }[];
                        };
                        headers: {
                            title: string;
                            description: string;
                            type: string;
                            propertyNames: {
                                title: string;
                                description: string;
                                pattern: string;
                            };
                            additionalProperties: {
                                $ref: string;
                            };
                            examples: {
                                "User-Agent": string;
                            }[];
                        };
                        names: {
                            title: string;
                            description: string;
                            type: string;
                            propertyNames: {
                                title: string;
                                description: string;
                                enum: string[];
                            };
                            additionalProperties: {
                                title: string;
                                description: string;
                                type: string;
                                pattern: string;
                                examples: string[];
                            };
                            examples: {
                                client_id: string;
                            }[];
                        };
                        scopeSeparator: {
                            title: string;
                            description: string;
                            type: string;
                            pattern: string;
                            default: string;
                            examples: string[];
                        };
                        grantType: {
                            title: string;
                            description: string;
                            type: string;
                            pattern: string;
                            examples: string[];
                        };
                        clientIdInBody: {
                            title: string;
                            description: string;
                            type: string;
                            examples: boolean[];
                        };
                    };
                    patternProperties: {
                        "^x-": {
                            title: string;
                            description: string;
                        };
                    };
                    additionalProperties: boolean;
                    examples: {
                        format: string;
                    }[];
                    allOf: {
                        if: {
                            properties: {
                                method: {
                                    const: string;
                                };
                            };
                            required: string[];
                        };
                        then: {
                            properties: {
                                format: {
                                    const: string;
                                };
                            };
                        };
                    }[];
                };
                refresh: {
                    title: string;
                    description: string;
                    markdownDescription: string;
                    default: string;
                    examples: (string | {
                        params: {
                            scope: string;
                        };
                    })[];
                    if: {
                        type: string;
                    };
                    then: {
                        $ref: string;
                    };
                    else: {
                        type: string;
                        enum: string[];
                        markdownEnumDescriptions: string[];
                    };
                };
                tokenResponse: {
                    $ref: string;
                };
                lifetime: {
                    $ref: string;
                };
                inject: {
                    $ref: string;
                };
                revoke: {
                    title: string;
                    description: string;
                    markdownDescription: string;
                    type: string;
                    enum: string[];
                    markdownEnumDescriptions: string[];
                    default: string;
                    examples: string[];
                };
                revocationUri: {
                    title: string;
                    description: string;
                    type: string;
                    pattern: string;
                    examples: string[];
                };
                keepWarm: {
                    title: string;
                    description: string;
                    type: string;
                    default: boolean;
                    examples: boolean[];
                };
                timeout: {
                    title: string;
                    description: string;
                    type: string;
                    pattern: string;
                    examples: string[];
                };
                tls: {
                    title: string;
                    description: string;
                    examples: {
                        caFile: string;
                    }[];
                    $ref: string;
                };
                proxy: {
                    title: string;
                    description: string;
                    examples: string[];
                    $ref: string;
                };
                allowHttp: {
                    title: string;
                    description: string;
                    type: string;
                    default: boolean;
                    examples: boolean[];
                };
                vars: {
                    $ref: string;
                };
            };
            patternProperties: {
                "^x-": {
                    title: string;
                    description: string;
                };
            };
            additionalProperties: boolean;
            examples: {
                accessTokenUri: string;
                clientId: string;
                clientSecret: {
                    env: string;
                };
                scope: string;
            }[];
            allOf: ({
                if: {
                    properties: {
                        authorization: {
                            const: string;
                            enum?: never;
                        };
                    };
                    required?: never;
                };
                then: {
                    properties: {
                        header?: never;
                        query?: never;
                        username?: never;
                        password?: never;
                        scope: boolean;
                    };
                    required: string[];
                    if: {
                        not: {
                            properties: {
                                issuer: boolean;
                            };
                            required: string[];
                        };
                    };
                    then: {
                        $comment: string;
                        properties: {
                            accessTokenUri: boolean;
                        };
                        required: string[];
                    };
                    allOf?: never;
                };
                else: {
                    properties: {
                        header?: never;
                        query?: never;
                        accessTokenUri: boolean;
                        issuer: boolean;
                        clientId: boolean;
                        clientSecret: boolean;
                        clientAuthMethod: boolean;
                        basicEncoding: boolean;
                        grant: boolean;
                        refreshToken: boolean;
                        assertion: boolean;
                        subjectToken: boolean;
                        subjectTokenType: boolean;
                        actorToken: boolean;
                        actorTokenType: boolean;
                        requestedTokenType: boolean;
                        scope: boolean;
                        audience: boolean;
                        resource: boolean;
                        tokenRequest: boolean;
                        bearerTokenType: boolean;
                        dpop: boolean;
                        refresh: boolean;
                        tokenResponse: boolean;
                        lifetime: boolean;
                        inject: boolean;
                        keepWarm: boolean;
                        revoke: boolean;
                        revocationUri: boolean;
                        timeout: boolean;
                        allowHttp: boolean;
                        clientAssertion: boolean;
                        tls: boolean;
                        proxy: boolean;
                    };
                };
            } | {
                if: {
                    properties: {
                        authorization: {
                            const: string;
                            enum?: never;
                        };
                    };
                    required: string[];
                };
                then: {
                    if?: never;
                    then?: never;
                    properties: {
                        scope?: never;
                        query?: never;
                        username?: never;
                        password?: never;
                        header: boolean;
                    };
                    required: string[];
                    allOf?: never;
                };
                else: {
                    properties: {
                        accessTokenUri?: never;
                        clientId?: never;
                        clientSecret?: never;
                        grant?: never;
                        scope?: never;
                        query?: never;
                        audience?: never;
                        lifetime?: never;
                        issuer?: never;
                        clientAuthMethod?: never;
                        basicEncoding?: never;
                        refreshToken?: never;
                        assertion?: never;
                        subjectToken?: never;
                        subjectTokenType?: never;
                        actorToken?: never;
                        actorTokenType?: never;
                        requestedTokenType?: never;
                        resource?: never;
                        tokenRequest?: never;
                        bearerTokenType?: never;
                        dpop?: never;
                        refresh?: never;
                        tokenResponse?: never;
                        inject?: never;
                        keepWarm?: never;
                        revoke?: never;
                        revocationUri?: never;
                        timeout?: never;
                        allowHttp?: never;
                        clientAssertion?: never;
                        tls?: never;
                        proxy?: never;
                        header: boolean;
                    };
                };
            } | {
                if: {
                    properties: {
                        authorization: {
                            const: string;
                            enum?: never;
                        };
                    };
                    required: string[];
                };
                then: {
                    if?: never;
                    then?: never;
                    properties: {
                        scope?: never;
                        header?: never;
                        username?: never;
                        password?: never;
                        query: boolean;
                    };
                    required: string[];
                    allOf?: never;
                };
                else: {
                    properties: {
                        accessTokenUri?: never;
                        clientId?: never;
                        clientSecret?: never;
                        grant?: never;
                        scope?: never;
                        header?: never;
                        audience?: never;
                        lifetime?: never;
                        issuer?: never;
                        clientAuthMethod?: never;
                        basicEncoding?: never;
                        refreshToken?: never;
                        assertion?: never;
                        subjectToken?: never;
                        subjectTokenType?: never;
                        actorToken?: never;
                        actorTokenType?: never;
                        requestedTokenType?: never;
                        resource?: never;
                        tokenRequest?: never;
                        bearerTokenType?: never;
                        dpop?: never;
                        refresh?: never;
                        tokenResponse?: never;
                        inject?: never;
                        keepWarm?: never;
                        revoke?: never;
                        revocationUri?: never;
                        timeout?: never;
                        allowHttp?: never;
                        clientAssertion?: never;
                        tls?: never;
                        proxy?: never;
                        query: boolean;
                    };
                };
            } | {
                else?: never;
                if: {
                    properties: {
                        authorization: {
                            const: string;
                            enum?: never;
                        };
                    };
                    required: string[];
                };
                then: {
                    if?: never;
                    then?: never;
                    properties: {
                        scope?: never;
                        header?: never;
                        query?: never;
                        username: boolean;
                        password: boolean;
                    };
                    required: string[];
                    allOf?: never;
                };
            } | {
                else?: never;
                if: {
                    properties: {
                        authorization: {
                            enum: string[];
                            const?: never;
                        };
                    };
                    required: string[];
                };
                then: {
                    if?: never;
                    then?: never;
                    required?: never;
                    properties: {
                        scope?: never;
                        header?: never;
                        query?: never;
                        username: boolean;
                        password: boolean;
                    };
                    allOf?: never;
                };
            } | {
                else?: never;
                if: {
                    required?: never;
                    properties: {
                        authorization: {
                            enum?: never;
                            const: string;
                        };
                    };
                };
                then: {
                    properties?: never;
                    if?: never;
                    then?: never;
                    required?: never;
                    allOf: ({
                        else?: never;
                        if: {
                            properties: {
                                accessTokenUri?: never;
                                grant?: never;
                                clientAuthMethod?: never;
                                revoke?: never;
                                bearerTokenType: {
                                    const: string;
                                };
                            };
                            required: string[];
                            not?: never;
                            anyOf?: never;
                        };
                        then: {
                            required?: never;
                            properties: {
                                clientId?: never;
                                clientSecret?: never;
                                username?: never;
                                password?: never;
                                refreshToken?: never;
                                assertion?: never;
                                subjectToken?: never;
                                subjectTokenType?: never;
                                actorToken?: never;
                                actorTokenType?: never;
                                requestedTokenType?: never;
                                tokenRequest?: never;
                                revocationUri?: never;
                                clientAssertion?: never;
                                tls?: never;
                                dpop: boolean;
                            };
                            $comment?: never;
                        };
                    } | {
                        if: {
                            properties: {
                                accessTokenUri?: never;
                                clientAuthMethod?: never;
                                bearerTokenType?: never;
                                revoke?: never;
                                grant: {
                                    enum?: never;
                                    const: string;
                                };
                            };
                            required: string[];
                            not?: never;
                            anyOf?: never;
                        };
                        then: {
                            properties: {
                                clientId?: never;
                                clientSecret?: never;
                                refreshToken?: never;
                                assertion?: never;
                                subjectToken?: never;
                                subjectTokenType?: never;
                                actorToken?: never;
                                actorTokenType?: never;
                                requestedTokenType?: never;
                                tokenRequest?: never;
                                dpop?: never;
                                revocationUri?: never;
                                clientAssertion?: never;
                                tls?: never;
                                username: boolean;
                                password: boolean;
                            };
                            required: string[];
                            $comment?: never;
                        };
                        else: {
                            properties: {
                                clientSecret?: never;
                                basicEncoding?: never;
                                refreshToken?: never;
                                assertion?: never;
                                subjectToken?: never;
                                subjectTokenType?: never;
                                actorToken?: never;
                                actorTokenType?: never;
                                requestedTokenType?: never;
                                tokenRequest?: never;
                                revocationUri?: never;
                                clientAssertion?: never;
                                username: boolean;
                                password: boolean;
                            };
                        };
                    } | {
                        else?: never;
                        if: {
                            properties: {
                                grant?: never;
                                clientAuthMethod?: never;
                                bearerTokenType?: never;
                                revoke: {
                                    enum: string[];
                                };
                                accessTokenUri: boolean;
                            };
                            required: string[];
                            not?: never;
                            anyOf?: never;
                        };
                        then: {
                            $comment: string;
                            properties: {
                                clientId?: never;
                                clientSecret?: never;
                                username?: never;
                                password?: never;
                                refreshToken?: never;
                                assertion?: never;
                                subjectToken?: never;
                                subjectTokenType?: never;
                                actorToken?: never;
                                actorTokenType?: never;
                                requestedTokenType?: never;
                                tokenRequest?: never;
                                dpop?: never;
                                clientAssertion?: never;
                                tls?: never;
                                revocationUri: boolean;
                            };
                            required: string[];
                        };
                    } | {
                        then?: never;
                        if: {
                            properties: {
                                accessTokenUri?: never;
                                grant?: never;
                                clientAuthMethod?: never;
                                bearerTokenType?: never;
                                revoke: {
                                    enum: string[];
                                };
                            };
                            required: string[];
                            not?: never;
                            anyOf?: never;
                        };
                        else: {
                            properties: {
                                clientSecret?: never;
                                username?: never;
                                password?: never;
                                basicEncoding?: never;
                                refreshToken?: never;
                                assertion?: never;
                                subjectToken?: never;
                                subjectTokenType?: never;
                                actorToken?: never;
                                actorTokenType?: never;
                                requestedTokenType?: never;
                                tokenRequest?: never;
                                clientAssertion?: never;
                                revocationUri: boolean;
                            };
                        };
                    } | {
                        if: {
                            properties: {
                                accessTokenUri?: never;
                                clientAuthMethod?: never;
                                bearerTokenType?: never;
                                revoke?: never;
                                grant: {
                                    enum?: never;
                                    const: string;
                                };
                            };
                            required: string[];
                            not?: never;
                            anyOf?: never;
                        };
                        then: {
                            $comment?: never;
                            properties: {
                                clientId?: never;
                                clientSecret?: never;
                                username?: never;
                                password?: never;
                                assertion?: never;
                                subjectToken?: never;
                                subjectTokenType?: never;
                                actorToken?: never;
                                actorTokenType?: never;
                                requestedTokenType?: never;
                                tokenRequest?: never;
                                dpop?: never;
                                revocationUri?: never;
                                clientAssertion?: never;
                                tls?: never;
                                refreshToken: boolean;
                            };
                            required: string[];
                        };
                        else: {
                            properties: {
                                clientSecret?: never;
                                username?: never;
                                password?: never;
                                basicEncoding?: never;
                                assertion?: never;
                                subjectToken?: never;
                                subjectTokenType?: never;
                                actorToken?: never;
                                actorTokenType?: never;
                                requestedTokenType?: never;
                                tokenRequest?: never;
                                revocationUri?: never;
                                clientAssertion?: never;
                                refreshToken: boolean;
                            };
                        };
                    } | {
                        if: {
                            properties: {
                                accessTokenUri?: never;
                                clientAuthMethod?: never;
                                bearerTokenType?: never;
                                revoke?: never;
                                grant: {
                                    const?: never;
                                    enum: string[];
                                };
                            };
                            required: string[];
                            not?: never;
                            anyOf?: never;
                        };
                        then: {
                            $comment?: never;
                            properties: {
                                clientId?: never;
                                clientSecret?: never;
                                username?: never;
                                password?: never;
                                refreshToken?: never;
                                subjectToken?: never;
                                subjectTokenType?: never;
                                actorToken?: never;
                                actorTokenType?: never;
                                requestedTokenType?: never;
                                tokenRequest?: never;
                                dpop?: never;
                                revocationUri?: never;
                                clientAssertion?: never;
                                tls?: never;
                                assertion: boolean;
                            };
                            required: string[];
                        };
                        else: {
                            properties: {
                                clientSecret?: never;
                                username?: never;
                                password?: never;
                                basicEncoding?: never;
                                refreshToken?: never;
                                subjectToken?: never;
                                subjectTokenType?: never;
                                actorToken?: never;
                                actorTokenType?: never;
                                requestedTokenType?: never;
                                tokenRequest?: never;
                                revocationUri?: never;
                                clientAssertion?: never;
                                assertion: boolean;
                            };
                        };
                    } | {
                        else?: never;
                        if: {
                            properties: {
                                accessTokenUri?: never;
                                clientAuthMethod?: never;
                                bearerTokenType?: never;
                                revoke?: never;
                                grant: {
                                    enum?: never;
                                    const: string;
                                };
                            };
                            required: string[];
                            not?: never;
                            anyOf?: never;
                        };
                        then: {
                            required?: never;
                            $comment?: never;
                            properties: {
                                clientId?: never;
                                clientSecret?: never;
                                username?: never;
                                password?: never;
                                refreshToken?: never;
                                subjectToken?: never;
                                subjectTokenType?: never;
                                actorToken?: never;
                                actorTokenType?: never;
                                requestedTokenType?: never;
                                tokenRequest?: never;
                                dpop?: never;
                                revocationUri?: never;
                                clientAssertion?: never;
                                tls?: never;
                                assertion: {
                                    if: {
                                        type: string;
                                    };
                                    then: {
                                        type: string;
                                        properties: {
                                            key: boolean;
                                            alg: boolean;
                                            kid: boolean;
                                            x5t: boolean;
                                            audience: boolean;
                                            lifetime: boolean;
                                            claims: boolean;
                                        };
                                    };
                                };
                            };
                        };
                    } | {
                        if: {
                            properties: {
                                accessTokenUri?: never;
                                clientAuthMethod?: never;
                                bearerTokenType?: never;
                                revoke?: never;
                                grant: {
                                    enum?: never;
                                    const: string;
                                };
                            };
                            required: string[];
                            not?: never;
                            anyOf?: never;
                        };
                        then: {
                            $comment?: never;
                            properties: {
                                clientId?: never;
                                clientSecret?: never;
                                username?: never;
                                password?: never;
                                refreshToken?: never;
                                assertion?: never;
                                tokenRequest?: never;
                                dpop?: never;
                                revocationUri?: never;
                                clientAssertion?: never;
                                tls?: never;
                                subjectToken: boolean;
                                subjectTokenType: boolean;
                                actorToken: boolean;
                                actorTokenType: boolean;
                                requestedTokenType: boolean;
                            };
                            required: string[];
                        };
                        else: {
                            properties: {
                                clientSecret?: never;
                                username?: never;
                                password?: never;
                                basicEncoding?: never;
                                refreshToken?: never;
                                assertion?: never;
                                tokenRequest?: never;
                                revocationUri?: never;
                                clientAssertion?: never;
                                subjectToken: boolean;
                                subjectTokenType: boolean;
                                actorToken: boolean;
                                actorTokenType: boolean;
                                requestedTokenType: boolean;
                            };
                        };
                    } | {
                        if: {
                            properties?: never;
                            required: string[];
                            not?: never;
                            anyOf?: never;
                        };
                        then: {
                            $comment?: never;
                            properties: {
                                clientId?: never;
                                clientSecret?: never;
                                username?: never;
                                password?: never;
                                refreshToken?: never;
                                assertion?: never;
                                subjectToken?: never;
                                subjectTokenType?: never;
                                requestedTokenType?: never;
                                tokenRequest?: never;
                                dpop?: never;
                                revocationUri?: never;
                                clientAssertion?: never;
                                tls?: never;
                                actorToken: boolean;
                                actorTokenType: boolean;
                            };
                            required: string[];
                        };
                        else: {
                            properties: {
                                clientSecret?: never;
                                username?: never;
                                password?: never;
                                basicEncoding?: never;
                                refreshToken?: never;
                                assertion?: never;
                                subjectToken?: never;
                                subjectTokenType?: never;
                                actorToken?: never;
                                requestedTokenType?: never;
                                tokenRequest?: never;
                                revocationUri?: never;
                                clientAssertion?: never;
                                actorTokenType: boolean;
                            };
                        };
                    } | {
                        if: {
                            properties: {
                                accessTokenUri?: never;
                                clientAuthMethod?: never;
                                bearerTokenType?: never;
                                revoke?: never;
                                grant: {
                                    enum?: never;
                                    const: string;
                                };
                            };
                            required: string[];
                            not?: never;
                            anyOf?: never;
                        };
                        then: {
                            $comment?: never;
                            properties: {
                                clientId?: never;
                                clientSecret?: never;
                                username?: never;
                                password?: never;
                                refreshToken?: never;
                                assertion?: never;
                                subjectToken?: never;
                                subjectTokenType?: never;
                                actorToken?: never;
                                actorTokenType?: never;
                                requestedTokenType?: never;
                                dpop?: never;
                                revocationUri?: never;
                                clientAssertion?: never;
                                tls?: never;
                                tokenRequest: {
                                    type: string;
                                    properties: {
                                        grantType: boolean;
                                    };
                                    required: string[];
                                };
                            };
                            required: string[];
                        };
                        else: {
                            properties: {
                                clientSecret?: never;
                                username?: never;
                                password?: never;
                                basicEncoding?: never;
                                refreshToken?: never;
                                assertion?: never;
                                subjectToken?: never;
                                subjectTokenType?: never;
                                actorToken?: never;
                                actorTokenType?: never;
                                requestedTokenType?: never;
                                revocationUri?: never;
                                clientAssertion?: never;
                                tokenRequest: {
                                    type: string;
                                    properties: {
                                        grantType: boolean;
                                    };
                                };
                            };
                        };
                    } | {
                        else?: never;
                        if: {
                            required?: never;
                            properties: {
                                accessTokenUri?: never;
                                clientAuthMethod?: never;
                                bearerTokenType?: never;
                                revoke?: never;
                                grant: {
                                    const?: never;
                                    enum: string[];
                                };
                            };
                            not: {
                                properties: {
                                    clientAuthMethod: {
                                        const: string;
                                    };
                                    tokenRequest: {
                                        type: string;
                                        anyOf: ({
                                            required: string[];
                                            properties: {
                                                headers: boolean;
                                                params?: never;
                                            };
                                        } | {
                                            required: string[];
                                            properties: {
                                                headers?: never;
                                                params: boolean;
                                            };
                                        })[];
                                    };
                                };
                                required: string[];
                            };
                            anyOf?: never;
                        };
                        then: {
                            $comment?: never;
                            properties: {
                                clientSecret?: never;
                                username?: never;
                                password?: never;
                                refreshToken?: never;
                                assertion?: never;
                                subjectToken?: never;
                                subjectTokenType?: never;
                                actorToken?: never;
                                actorTokenType?: never;
                                requestedTokenType?: never;
                                tokenRequest?: never;
                                dpop?: never;
                                revocationUri?: never;
                                clientAssertion?: never;
                                tls?: never;
                                clientId: boolean;
                            };
                            required: string[];
                        };
                    } | {
                        if: {
                            required?: never;
                            not?: never;
                            properties: {
                                accessTokenUri?: never;
                                grant?: never;
                                bearerTokenType?: never;
                                revoke?: never;
                                clientAuthMethod: {
                                    const?: never;
                                    enum: string[];
                                };
                            };
                            anyOf?: never;
                        };
                        then: {
                            required?: never;
                            $comment?: never;
                            properties: {
                                clientId?: never;
                                username?: never;
                                password?: never;
                                refreshToken?: never;
                                assertion?: never;
                                subjectToken?: never;
                                subjectTokenType?: never;
                                actorToken?: never;
                                actorTokenType?: never;
                                requestedTokenType?: never;
                                tokenRequest?: never;
                                dpop?: never;
                                revocationUri?: never;
                                clientAssertion?: never;
                                tls?: never;
                                clientSecret: boolean;
                            };
                        };
                        else: {
                            properties: {
                                username?: never;
                                password?: never;
                                basicEncoding?: never;
                                refreshToken?: never;
                                assertion?: never;
                                subjectToken?: never;
                                subjectTokenType?: never;
                                actorToken?: never;
                                actorTokenType?: never;
                                requestedTokenType?: never;
                                tokenRequest?: never;
                                revocationUri?: never;
                                clientAssertion?: never;
                                clientSecret: boolean;
                            };
                        };
                    } | {
                        else?: never;
                        if: {
                            required?: never;
                            not?: never;
                            properties: {
                                accessTokenUri?: never;
                                grant?: never;
                                bearerTokenType?: never;
                                revoke?: never;
                                clientAuthMethod: {
                                    const?: never;
                                    enum: string[];
                                };
                            };
                            anyOf: ({
                                required?: never;
                                properties: {
                                    grant: {
                                        enum: string[];
                                    };
                                };
                            } | {
                                properties?: never;
                                required: string[];
                            })[];
                        };
                        then: {
                            $comment?: never;
                            properties: {
                                username?: never;
                                password?: never;
                                refreshToken?: never;
                                assertion?: never;
                                subjectToken?: never;
                                subjectTokenType?: never;
                                actorToken?: never;
                                actorTokenType?: never;
                                requestedTokenType?: never;
                                tokenRequest?: never;
                                dpop?: never;
                                revocationUri?: never;
                                clientAssertion?: never;
                                tls?: never;
                                clientId: boolean;
                                clientSecret: boolean;
                            };
                            required: string[];
                        };
                    } | {
                        then?: never;
                        if: {
                            required?: never;
                            not?: never;
                            anyOf?: never;
                            properties: {
                                accessTokenUri?: never;
                                grant?: never;
                                bearerTokenType?: never;
                                revoke?: never;
                                clientAuthMethod: {
                                    enum?: never;
                                    const: string;
                                };
                            };
                        };
                        else: {
                            properties: {
                                clientSecret?: never;
                                username?: never;
                                password?: never;
                                refreshToken?: never;
                                assertion?: never;
                                subjectToken?: never;
                                subjectTokenType?: never;
                                actorToken?: never;
                                actorTokenType?: never;
                                requestedTokenType?: never;
                                tokenRequest?: never;
                                revocationUri?: never;
                                clientAssertion?: never;
                                basicEncoding: boolean;
                            };
                        };
                    } | {
                        else?: never;
                        if: {
                            not?: never;
                            anyOf?: never;
                            properties: {
                                accessTokenUri?: never;
                                grant?: never;
                                bearerTokenType?: never;
                                revoke?: never;
                                clientAuthMethod: {
                                    enum?: never;
                                    const: string;
                                };
                            };
                            required: string[];
                        };
                        then: {
                            $comment?: never;
                            properties: {
                                clientId?: never;
                                clientSecret?: never;
                                username?: never;
                                password?: never;
                                refreshToken?: never;
                                assertion?: never;
                                subjectToken?: never;
                                subjectTokenType?: never;
                                actorToken?: never;
                                actorTokenType?: never;
                                requestedTokenType?: never;
                                tokenRequest?: never;
                                dpop?: never;
                                revocationUri?: never;
                                tls?: never;
                                clientAssertion: boolean;
                            };
                            required: string[];
                        };
                    } | {
                        then?: never;
                        if: {
                            not?: never;
                            anyOf?: never;
                            properties: {
                                accessTokenUri?: never;
                                grant?: never;
                                bearerTokenType?: never;
                                revoke?: never;
                                clientAuthMethod: {
                                    const?: never;
                                    enum: string[];
                                };
                            };
                            required: string[];
                        };
                        else: {
                            properties: {
                                clientSecret?: never;
                                username?: never;
                                password?: never;
                                basicEncoding?: never;
                                refreshToken?: never;
                                assertion?: never;
                                subjectToken?: never;
                                subjectTokenType?: never;
                                actorToken?: never;
                                actorTokenType?: never;
                                requestedTokenType?: never;
                                tokenRequest?: never;
                                revocationUri?: never;
                                clientAssertion: boolean;
                            };
                        };
                    } | {
                        else?: never;
                        if: {
                            not?: never;
                            anyOf?: never;
                            properties: {
                                accessTokenUri?: never;
                                grant?: never;
                                bearerTokenType?: never;
                                revoke?: never;
                                clientAuthMethod: {
                                    const?: never;
                                    enum: string[];
                                };
                            };
                            required: string[];
                        };
                        then: {
                            $comment?: never;
                            properties: {
                                clientSecret?: never;
                                username?: never;
                                password?: never;
                                refreshToken?: never;
                                assertion?: never;
                                subjectToken?: never;
                                subjectTokenType?: never;
                                actorToken?: never;
                                actorTokenType?: never;
                                requestedTokenType?: never;
                                tokenRequest?: never;
                                dpop?: never;
                                revocationUri?: never;
                                clientAssertion?: never;
                                tls: {
                                    type: string;
                                    properties: {
                                        certFile: boolean;
                                        keyFile: boolean;
                                    };
                                    required: string[];
                                };
                                clientId: boolean;
                            };
                            required: string[];
                        };
                    })[];
                };
            })[];
        };
        sink: {
            title: string;
            description: string;
            type: string;
            properties: {
                file: {
                    title: string;
                    description: string;
                    type: string;
                    pattern: string;
                    examples: string[];
                };
                format: {
                    title: string;
                    description: string;
                    markdownDescription: string;
                    type: string;
                    enum: string[];
                    markdownEnumDescriptions: string[];
                    default: string;
                    examples: string[];
                };
                mode: {
                    title: string;
                    description: string;
                    type: string;
                    pattern: string;
                    default: string;
                    examples: string[];
                };
            };
            required: string[];
            additionalProperties: boolean;
            patternProperties: {
                "^x-": {
                    title: string;
                    description: string;
                };
            };
            examples: {
                file: string;
                format: string;
                mode: string;
            }[];
        };
        parameter: {
            title: string;
            description: string;
            type: string;
            properties: {
                pattern: {
                    title: string;
                    description: string;
                    type: string;
                    examples: string[];
                };
                default: {
                    title: string;
                    description: string;
                    type: string;
                    examples: string[];
                };
            };
            additionalProperties: boolean;
            patternProperties: {
                "^x-": {
                    title: string;
                    description: string;
                };
            };
            examples: {
                pattern: string;
                default: string;
            }[];
        };
        service: {
            title: string;
            description: string;
            defaultSnippets: {
                label: string;
                description: string;
                body: {
                    title: string;
                    account: string;
                    serverUrl: string;
                };
            }[];
            type: string;
            properties: {
                title: {
                    title: string;
                    description: string;
                    type: string;
                    examples: string[];
                };
                description: {
                    title: string;
                    description: string;
                    type: string;
                    examples: string[];
                };
                account: {
                    title: string;
                    description: string;
                    defaultSnippets: ({
                        label: string;
                        description: string;
                        body: {
                            authorization: string;
                            header: {
                                name: string;
                                value: {
                                    env: string;
                                };
                            };
                        };
                    } | {
                        label: string;
                        description: string;
                        body: {
                            header?: never;
                            authorization: string;
                        };
                    })[];
                    examples: (string | {
                        authorization: string;
                    })[];
                    if: {
                        type: string;
                    };
                    then: {
                        $ref: string;
                    };
                    else: {
                        title: string;
                        description: string;
                        type: string;
                        pattern: string;
                        examples: string[];
                    };
                };
                serverUrl: {
                    title: string;
                    description: string;
                    type: string;
                    pattern: string;
                    examples: string[];
                };
                timeout: {
                    title: string;
                    description: string;
                    type: string;
                    pattern: string;
                    examples: string[];
                };
                timeoutMessage: {
                    title: string;
                    description: string;
                    type: string;
                    examples: string[];
                };
                healthCheck: {
                    title: string;
                    description: string;
                    type: string;
                    pattern: string;
                    examples: string[];
                };
                headers: {
                    title: string;
                    description: string;
                    type: string;
                    propertyNames: {
                        title: string;
                        description: string;
                        pattern: string;
                    };
                    additionalProperties: {
                        $ref: string;
                    };
                    examples: {
                        "X-Tenant": string;
                    }[];
                };
                inject: {
                    title: string;
                    description: string;
                    $ref: string;
                    examples: {
                        name: string;
                        prefix: string;
                    }[];
                };
                allow: {
                    title: string;
                    description: string;
                    type: string;
                    properties: {
                        methods: {
                            title: string;
                            description: string;
                            type: string;
                            minItems: number;
                            items: {
                                title: string;
                                description: string;
                                type: string;
                                pattern: string;
                                examples: string[];
                            };
                            examples: string[][];
                        };
                        paths: {
                            title: string;
                            description: string;
                            type: string;
                            minItems: number;
                            items: {
                                title: string;
                                description: string;
                                type: string;
                                pattern: string;
                                examples: string[];
                            };
                            examples: string[][];
                        };
                    };
                    patternProperties: {
                        "^x-": {
                            title: string;
                            description: string;
                        };
                    };
                    additionalProperties: boolean;
                    examples: {
                        methods: string[];
                        paths: string[];
                    }[];
                };
                tls: {
                    title: string;
                    description: string;
                    examples: {
                        caFile: string;
                    }[];
                    $ref: string;
                };
                proxy: {
                    title: string;
                    description: string;
                    examples: string[];
                    $ref: string;
                };
                reauthenticateOn: {
                    title: string;
                    description: string;
                    examples: ({
                        at?: never;
                        status: number[];
                        equals?: never;
                    } | {
                        status: number[];
                        at: string;
                        equals: number;
                    })[][];
                    if: {
                        type: string;
                    };
                    then: {
                        type: string;
                        minItems: number;
                        items: {
                            $ref: string;
                        };
                    };
                    else: {
                        $ref: string;
                    };
                };
                retry: {
                    $ref: string;
                };
                allowHttp: {
                    title: string;
                    description: string;
                    type: string;
                    default: boolean;
                    examples: boolean[];
                };
                vars: {
                    $ref: string;
                };
                parameters: {
                    title: string;
                    description: string;
                    type: string;
                    propertyNames: {
                        title: string;
                        description: string;
                        pattern: string;
                    };
                    additionalProperties: {
                        $ref: string;
                    };
                    examples: {
                        tenant: {
                            pattern: string;
                        };
                    }[];
                };
                parameterLimit: {
                    title: string;
                    description: string;
                    type: string;
                    minimum: number;
                    maximum: number;
                    default: number;
                    examples: number[];
                };
                listen: {
                    title: string;
                    description: string;
                    type: string;
                    pattern: string;
                    examples: string[];
                };
                sinks: {
                    title: string;
                    description: string;
                    type: string;
                    minItems: number;
                    items: {
                        $ref: string;
                    };
                    examples: {
                        file: string;
                    }[][];
                };
            };
            required: string[];
            allOf: ({
                if: {
                    properties: {
                        parameterLimit: boolean;
                        parameters?: never;
                    };
                    required: string[];
                };
                then: {
                    properties: {
                        parameters: boolean;
                        sinks?: never;
                    };
                    required: string[];
                };
            } | {
                if: {
                    properties: {
                        parameterLimit?: never;
                        parameters: boolean;
                    };
                    required: string[];
                };
                then: {
                    required?: never;
                    properties: {
                        parameters?: never;
                        sinks: boolean;
                    };
                };
            })[];
            patternProperties: {
                "^x-": {
                    title: string;
                    description: string;
                };
            };
            additionalProperties: boolean;
            examples: {
                account: string;
                serverUrl: string;
            }[];
        };
        serviceRetry: {
            title: string;
            description: string;
            type: string;
            properties: {
                attempts: {
                    title: string;
                    description: string;
                    type: string;
                    minimum: number;
                    maximum: number;
                    default: number;
                    examples: number[];
                };
                on: {
                    title: string;
                    description: string;
                    type: string;
                    minItems: number;
                    items: {
                        title: string;
                        description: string;
                        examples: number[];
                        if: {
                            type: string;
                        };
                        then: {
                            type: string;
                            pattern: string;
                        };
                        else: {
                            type: string;
                            minimum: number;
                            maximum: number;
                        };
                    };
                    default: (string | number)[];
                    examples: (string | number)[][];
                };
                maxDelay: {
                    title: string;
                    description: string;
                    type: string;
                    pattern: string;
                    default: string;
                    examples: string[];
                };
            };
            additionalProperties: boolean;
            patternProperties: {
                "^x-": {
                    title: string;
                    description: string;
                };
            };
            examples: {
                attempts: number;
                on: (string | number)[];
                maxDelay: string;
            }[];
        };
        rejection: {
            title: string;
            description: string;
            type: string;
            properties: {
                status: {
                    title: string;
                    description: string;
                    type: string;
                    minItems: number;
                    items: {
                        title: string;
                        description: string;
                        type: string;
                        minimum: number;
                        maximum: number;
                        examples: number[];
                    };
                    examples: number[][];
                };
                at: {
                    title: string;
                    description: string;
                    type: string;
                    pattern: string;
                    examples: string[];
                };
                equals: {
                    title: string;
                    description: string;
                    examples: number[];
                    if: {
                        type: string;
                    };
                    then: {
                        type: string;
                    };
                    else: {
                        if: {
                            type: string;
                        };
                        then: {
                            type: string;
                        };
                        else: {
                            type: string;
                        };
                    };
                };
                minAge: {
                    title: string;
                    description: string;
                    type: string;
                    pattern: string;
                    examples: string[];
                };
            };
            required: string[];
            allOf: {
                if: {
                    properties: {
                        equals: boolean;
                    };
                    required: string[];
                };
                then: {
                    properties: {
                        at: boolean;
                    };
                    required: string[];
                };
            }[];
            patternProperties: {
                "^x-": {
                    title: string;
                    description: string;
                };
            };
            additionalProperties: boolean;
            examples: {
                status: number[];
                minAge: string;
            }[];
        };
        callerParameter: {
            title: string;
            description: string;
            examples: (string[] | {
                pattern: string;
            })[];
            if: {
                type: string;
            };
            then: {
                type: string;
                items: {
                    title: string;
                    description: string;
                    type: string;
                    examples: string[];
                };
            };
            else: {
                type: string;
                properties: {
                    pattern: {
                        title: string;
                        description: string;
                        type: string;
                        examples: string[];
                    };
                };
                required: string[];
                patternProperties: {
                    "^x-": {
                        title: string;
                        description: string;
                    };
                };
                additionalProperties: boolean;
            };
        };
        caller: {
            title: string;
            description: string;
            type: string;
            properties: {
                token: {
                    title: string;
                    description: string;
                    $ref: string;
                    examples: {
                        file: string;
                    }[];
                };
                tokenSha256: {
                    title: string;
                    description: string;
                    type: string;
                    pattern: string;
                    examples: string[];
                };
                certificate: {
                    title: string;
                    description: string;
                    type: string;
                    properties: {
                        file: {
                            title: string;
                            description: string;
                            type: string;
                            pattern: string;
                            examples: string[];
                        };
                        sha256: {
                            title: string;
                            description: string;
                            type: string;
                            pattern: string;
                            examples: string[];
                        };
                        subject: {
                            title: string;
                            description: string;
                            type: string;
                            examples: string[];
                        };
                        san: {
                            title: string;
                            description: string;
                            type: string;
                            pattern: string;
                            examples: string[];
                        };
                    };
                    minProperties: number;
                    maxProperties: number;
                    patternProperties: {
                        "^x-": {
                            title: string;
                            description: string;
                        };
                    };
                    additionalProperties: boolean;
                    examples: {
                        file: string;
                    }[];
                };
                parameters: {
                    title: string;
                    description: string;
                    type: string;
                    propertyNames: {
                        title: string;
                        description: string;
                        pattern: string;
                    };
                    additionalProperties: {
                        $ref: string;
                    };
                    examples: {
                        tenant: string[];
                    }[];
                };
                services: {
                    title: string;
                    description: string;
                    type: string;
                    items: {
                        title: string;
                        description: string;
                        type: string;
                        pattern: string;
                        examples: string[];
                    };
                    examples: string[][];
                };
                actions: {
                    title: string;
                    description: string;
                    type: string;
                    items: {
                        title: string;
                        description: string;
                        type: string;
                        pattern: string;
                        examples: string[];
                    };
                    examples: string[][];
                };
            };
            patternProperties: {
                "^x-": {
                    title: string;
                    description: string;
                };
            };
            additionalProperties: boolean;
            examples: {
                token: {
                    env: string;
                };
                services: string[];
            }[];
        };
        action: {
            title: string;
            description: string;
            type: string;
            properties: {
                title: {
                    title: string;
                    description: string;
                    type: string;
                    examples: string[];
                };
                description: {
                    title: string;
                    description: string;
                    type: string;
                    examples: string[];
                };
                type: {
                    title: string;
                    description: string;
                    markdownDescription: string;
                    type: string;
                    enum: string[];
                    markdownEnumDescriptions: string[];
                    examples: string[];
                };
                authenticateWith: {
                    title: string;
                    description: string;
                    type: string;
                    pattern: string;
                    examples: string[];
                };
                path: {
                    title: string;
                    description: string;
                    type: string;
                    pattern: string;
                    examples: string[];
                };
                url: {
                    title: string;
                    description: string;
                    type: string;
                    pattern: string;
                    examples: string[];
                };
                method: {
                    title: string;
                    description: string;
                    type: string;
                    pattern: string;
                    default: string;
                    examples: string[];
                };
                headers: {
                    title: string;
                    description: string;
                    type: string;
                    propertyNames: {
                        title: string;
                        description: string;
                        pattern: string;
                    };
                    additionalProperties: {
                        $ref: string;
                    };
                    examples: {
                        "X-Year": string;
                    }[];
                };
                content: {
                    title: string;
                    description: string;
                    type: string;
                    minProperties: number;
                    maxProperties: number;
                    properties: {
                        file: {
                            title: string;
                            description: string;
                            type: string;
                            properties: {
                                contentType: {
                                    title: string;
                                    description: string;
                                    type: string;
                                    pattern: string;
                                    examples: string[];
                                };
                            };
                            additionalProperties: boolean;
                            patternProperties: {
                                "^x-": {
                                    title: string;
                                    description: string;
                                };
                            };
                            examples: {}[];
                        };
                        multipart: {
                            title: string;
                            description: string;
                            type: string;
                            properties: {
                                field: {
                                    title: string;
                                    description: string;
                                    type: string;
                                    default: string;
                                    pattern: string;
                                    examples: string[];
                                };
                                fields: {
                                    title: string;
                                    description: string;
                                    type: string;
                                    propertyNames: {
                                        title: string;
                                        description: string;
                                        pattern: string;
                                    };
                                    additionalProperties: {
                                        $ref: string;
                                    };
                                    examples: {
                                        department: string;
                                    }[];
                                };
                                contentType: {
                                    title: string;
                                    description: string;
                                    type: string;
                                    pattern: string;
                                    examples: string[];
                                };
                            };
                            additionalProperties: boolean;
                            patternProperties: {
                                "^x-": {
                                    title: string;
                                    description: string;
                                };
                            };
                            examples: {
                                field: string;
                            }[];
                        };
                        text: {
                            title: string;
                            description: string;
                            type: string;
                            properties: {
                                template: {
                                    title: string;
                                    description: string;
                                    type: string;
                                    examples: string[];
                                };
                                contentType: {
                                    title: string;
                                    description: string;
                                    type: string;
                                    pattern: string;
                                    examples: string[];
                                    default: string;
                                };
                            };
                            required: string[];
                            additionalProperties: boolean;
                            patternProperties: {
                                "^x-": {
                                    title: string;
                                    description: string;
                                };
                            };
                            examples: {
                                template: string;
                            }[];
                        };
                        json: {
                            title: string;
                            description: string;
                            examples: {
                                text: string;
                            }[];
                        };
                        form: {
                            title: string;
                            description: string;
                            type: string;
                            propertyNames: {
                                title: string;
                                description: string;
                                pattern: string;
                            };
                            additionalProperties: {
                                $ref: string;
                            };
                            examples: {
                                text: string;
                            }[];
                        };
                    };
                    additionalProperties: boolean;
                    examples: ({
                        file: {};
                        json?: never;
                    } | {
                        file?: never;
                        json: {
                            text: string;
                        };
                    })[];
                };
                files: {
                    title: string;
                    description: string;
                    markdownDescription: string;
                    type: string;
                    enum: string[];
                    markdownEnumDescriptions: string[];
                    default: string;
                    examples: string[];
                };
                outputFileName: {
                    title: string;
                    description: string;
                    type: string;
                    pattern: string;
                    examples: string[];
                };
                input: {
                    title: string;
                    description: string;
                    type: string;
                    examples: {
                        type: string;
                        properties: {
                            year: {
                                type: string;
                            };
                        };
                        required: string[];
                    }[];
                };
                successStatus: {
                    title: string;
                    description: string;
                    type: string;
                    minItems: number;
                    items: {
                        title: string;
                        description: string;
                        type: string;
                        minimum: number;
                        maximum: number;
                        examples: number[];
                    };
                    examples: number[][];
                };
                retry: {
                    title: string;
                    description: string;
                    type: string;
                    properties: {
                        attempts: {
                            title: string;
                            description: string;
                            type: string;
                            minimum: number;
                            maximum: number;
                            default: number;
                            examples: number[];
                        };
                        minDelay: {
                            title: string;
                            description: string;
                            type: string;
                            pattern: string;
                            examples: string[];
                        };
                        maxDelay: {
                            title: string;
                            description: string;
                            type: string;
                            pattern: string;
                            examples: string[];
                        };
                        on: {
                            title: string;
                            description: string;
                            type: string;
                            minItems: number;
                            items: {
                                title: string;
                                description: string;
                                type: string;
                                minimum: number;
                                maximum: number;
                                examples: number[];
                            };
                            examples: number[][];
                        };
                    };
                    additionalProperties: boolean;
                    patternProperties: {
                        "^x-": {
                            title: string;
                            description: string;
                        };
                    };
                    examples: {
                        attempts: number;
                        maxDelay: string;
                    }[];
                };
                ordered: {
                    title: string;
                    description: string;
                    type: string;
                    default: boolean;
                    examples: boolean[];
                };
                idempotencyKey: {
                    title: string;
                    description: string;
                    type: string;
                    pattern: string;
                    examples: string[];
                };
                keepResponse: {
                    title: string;
                    description: string;
                    type: string;
                    properties: {
                        maxSize: {
                            title: string;
                            description: string;
                            type: string;
                            pattern: string;
                            default: string;
                            examples: string[];
                        };
                    };
                    additionalProperties: boolean;
                    patternProperties: {
                        "^x-": {
                            title: string;
                            description: string;
                        };
                    };
                    examples: {
                        maxSize: string;
                    }[];
                };
                vars: {
                    $ref: string;
                };
            };
            required: string[];
            patternProperties: {
                "^x-": {
                    title: string;
                    description: string;
                };
            };
            additionalProperties: boolean;
            examples: {
                type: string;
                authenticateWith: string;
                path: string;
                content: {
                    file: {};
                };
            }[];
            allOf: ({
                if: {
                    properties: {
                        type: {
                            const: string;
                        };
                        files?: never;
                    };
                    required: string[];
                };
                then: {
                    allOf?: never;
                    properties: {
                        authenticateWith: boolean;
                        path: boolean;
                        url: boolean;
                        files: boolean;
                        outputFileName: boolean;
                        content: {
                            required?: never;
                            type: string;
                            properties: {
                                file: boolean;
                                multipart: boolean;
                            };
                        };
                    };
                    required: string[];
                };
            } | {
                if: {
                    properties: {
                        type: {
                            const: string;
                        };
                        files?: never;
                    };
                    required: string[];
                };
                then: {
                    properties: {
                        authenticateWith?: never;
                        path?: never;
                        url?: never;
                        outputFileName?: never;
                        content: boolean;
                        files?: never;
                    };
                    required: string[];
                    allOf: {
                        if: {
                            required: string[];
                        };
                        then: {
                            properties: {
                                path: boolean;
                                url: boolean;
                            };
                            required: string[];
                        };
                        else: {
                            properties: {
                                url: boolean;
                                path: boolean;
                            };
                            required: string[];
                        };
                    }[];
                };
            } | {
                if: {
                    properties: {
                        type?: never;
                        files: {
                            const: string;
                        };
                    };
                    required: string[];
                };
                then: {
                    required?: never;
                    allOf?: never;
                    properties: {
                        authenticateWith?: never;
                        path?: never;
                        url?: never;
                        outputFileName?: never;
                        files?: never;
                        content: {
                            type: string;
                            properties: {
                                file?: never;
                                multipart: boolean;
                            };
                            required: string[];
                        };
                    };
                };
            })[];
        };
        daemon: {
            title: string;
            description: string;
            type: string;
            properties: {
                listen: {
                    title: string;
                    description: string;
                    type: string;
                    pattern: string;
                    examples: string[];
                };
                adminListen: {
                    title: string;
                    description: string;
                    type: string;
                    pattern: string;
                    examples: string[];
                };
                state: {
                    title: string;
                    description: string;
                    type: string;
                    properties: {
                        dir: {
                            title: string;
                            description: string;
                            type: string;
                            pattern: string;
                            examples: string[];
                        };
                        url: {
                            title: string;
                            description: string;
                            $ref: string;
                            if: {
                                type: string;
                            };
                            then: {
                                type: string;
                                properties: {
                                    account: boolean;
                                };
                            };
                            examples: {
                                env: string;
                            }[];
                        };
                        encryptionKey: {
                            title: string;
                            description: string;
                            $ref: string;
                            if: {
                                type: string;
                            };
                            then: {
                                type: string;
                                properties: {
                                    account: boolean;
                                };
                            };
                            examples: {
                                file: string;
                            }[];
                        };
                        keepDelivered: {
                            title: string;
                            description: string;
                            type: string;
                            pattern: string;
                            examples: string[];
                        };
                        maxSize: {
                            title: string;
                            description: string;
                            type: string;
                            pattern: string;
                            examples: string[];
                        };
                    };
                    if: {
                        properties: {
                            url: boolean;
                        };
                        required: string[];
                    };
                    then: {
                        properties: {
                            encryptionKey: boolean;
                        };
                        required: string[];
                    };
                    else: {
                        properties: {
                            encryptionKey: boolean;
                        };
                    };
                    additionalProperties: boolean;
                    patternProperties: {
                        "^x-": {
                            title: string;
                            description: string;
                        };
                    };
                    examples: {
                        dir: string;
                    }[];
                };
                limits: {
                    title: string;
                    description: string;
                    type: string;
                    properties: {
                        headers: {
                            title: string;
                            description: string;
                            type: string;
                            pattern: string;
                            default: string;
                            examples: string[];
                        };
                        headersTimeout: {
                            title: string;
                            description: string;
                            type: string;
                            pattern: string;
                            default: string;
                            examples: string[];
                        };
                        bodyTimeout: {
                            title: string;
                            description: string;
                            type: string;
                            pattern: string;
                            default: string;
                            examples: string[];
                        };
                        idle: {
                            title: string;
                            description: string;
                            type: string;
                            pattern: string;
                            default: string;
                            examples: string[];
                        };
                        connections: {
                            title: string;
                            description: string;
                            type: string;
                            minimum: number;
                            maximum: number;
                            default: number;
                            examples: number[];
                        };
                        requestBody: {
                            title: string;
                            description: string;
                            type: string;
                            pattern: string;
                            examples: string[];
                        };
                        maxConcurrent: {
                            title: string;
                            description: string;
                            type: string;
                            minimum: number;
                            maximum: number;
                            examples: number[];
                        };
                        maxQueued: {
                            title: string;
                            description: string;
                            type: string;
                            minimum: number;
                            maximum: number;
                            default: number;
                            examples: number[];
                        };
                    };
                    patternProperties: {
                        "^x-": {
                            title: string;
                            description: string;
                        };
                    };
                    additionalProperties: boolean;
                    examples: {
                        requestBody: string;
                        maxConcurrent: number;
                    }[];
                };
                socket: {
                    title: string;
                    description: string;
                    type: string;
                    properties: {
                        mode: {
                            title: string;
                            description: string;
                            type: string;
                            pattern: string;
                            default: string;
                            examples: string[];
                        };
                        owner: {
                            title: string;
                            description: string;
                            type: string;
                            pattern: string;
                            examples: string[];
                        };
                        group: {
                            title: string;
                            description: string;
                            type: string;
                            pattern: string;
                            examples: string[];
                        };
                    };
                    patternProperties: {
                        "^x-": {
                            title: string;
                            description: string;
                        };
                    };
                    additionalProperties: boolean;
                    examples: {
                        mode: string;
                        group: string;
                    }[];
                };
                tls: {
                    title: string;
                    description: string;
                    type: string;
                    properties: {
                        certFile: {
                            title: string;
                            description: string;
                            type: string;
                            pattern: string;
                            examples: string[];
                        };
                        keyFile: {
                            title: string;
                            description: string;
                            type: string;
                            pattern: string;
                            examples: string[];
                        };
                        caFile: {
                            title: string;
                            description: string;
                            type: string;
                            pattern: string;
                            examples: string[];
                        };
                    };
                    required: string[];
                    patternProperties: {
                        "^x-": {
                            title: string;
                            description: string;
                        };
                    };
                    additionalProperties: boolean;
                    examples: {
                        certFile: string;
                        keyFile: string;
                    }[];
                };
                callers: {
                    title: string;
                    description: string;
                    type: string;
                    propertyNames: {
                        title: string;
                        description: string;
                        pattern: string;
                    };
                    patternProperties: {
                        "^x-": {
                            title: string;
                            description: string;
                        };
                    };
                    additionalProperties: {
                        $ref: string;
                    };
                    examples: {
                        billing: {
                            token: {
                                file: string;
                            };
                            services: string[];
                        };
                    }[];
                };
                log: {
                    title: string;
                    description: string;
                    type: string;
                    properties: {
                        level: {
                            title: string;
                            description: string;
                            markdownDescription: string;
                            type: string;
                            enum: string[];
                            markdownEnumDescriptions: string[];
                            default: string;
                            examples: string[];
                        };
                        format: {
                            title: string;
                            description: string;
                            markdownDescription: string;
                            type: string;
                            enum: string[];
                            markdownEnumDescriptions: string[];
                            default: string;
                            examples: string[];
                        };
                    };
                    additionalProperties: boolean;
                    patternProperties: {
                        "^x-": {
                            title: string;
                            description: string;
                        };
                    };
                    examples: {
                        level: string;
                    }[];
                };
            };
            patternProperties: {
                "^x-": {
                    title: string;
                    description: string;
                };
            };
            additionalProperties: boolean;
            examples: {
                listen: string;
            }[];
        };
    };
};
declare function validate20(data: any, { instancePath, parentData, parentDataProperty, rootData, dynamicAnchors }?: {
    dynamicAnchors?: {} | undefined;
    instancePath?: string | undefined;
    rootData?: any;
}): boolean;
declare namespace validate20 {
    var evaluated: {
        props: boolean;
        dynamicProps: boolean;
        dynamicItems: boolean;
    };
}
export { schema31 as schema };
