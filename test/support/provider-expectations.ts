// What the vendors document: the token request of each file in examples/providers, an answer of theirs, and what a request to
// the service gets.
import { type Answer, json, text, token } from './hostile-token-endpoint.ts'
import { FILE_TOKEN, NOW_MS, type Sent, secretOf } from './recording-provider.ts'

export type GivenAnswer = Answer | Record<string, unknown>

export interface ExpectedProvider {
  /** Default a plain token response with the token `T` for an hour; several for as many requests. */
  answer?: GivenAnswer | readonly GivenAnswer[]
  /** Left out where no token is requested. */
  expected?: Sent | readonly Sent[]
  params?: Record<string, string>
  serverUrl: string
  authorization: { headers?: Record<string, string>; query?: Record<string, string> }
  /** Seconds. */
  life?: number
  /** The client shows its certificate. */
  certificate?: true
}

const JWT_BEARER = 'urn:ietf:params:oauth:grant-type:jwt-bearer'
const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'
const BEARER = { headers: { Authorization: 'Bearer T' } }

function form(request: string, body: Record<string, string>, headers: Record<string, string> = {}): Sent {
  return {
    request: `POST ${request}`,
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    body,
  }
}

function jsonBody(request: string, body: unknown, headers: Record<string, string> = {}): Sent {
  return { request: `POST ${request}`, headers: { 'content-type': 'application/json', ...headers }, body }
}

function get(request: string, headers: Record<string, string> = {}): Sent {
  return { request: `GET ${request}`, headers, body: undefined }
}

const base64 = (value: string) => Buffer.from(value).toString('base64')
const basic = (id: string, name: string) => ({
  authorization: `Basic ${encodeURIComponent(id).replaceAll('!', '%21')}:${secretOf(name)}`,
})
const post = (id: string, name: string) => ({ client_id: id, client_secret: secretOf(name) })
const CC = { grant_type: 'client_credentials' }
const jwt = (alg: string, header: object, claims: object, seconds: number) =>
  `JWT ${alg} ${JSON.stringify(header).replace('"…"', '…')} ${JSON.stringify(claims)} for ${seconds} s`

/** An ID token, as the test's server would sign it. */
const idToken = (() => {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  return `${part({ alg: 'RS256' })}.${part({ iss: 'https://id.example/realms/staff', aud: 'reports', exp: Math.floor(NOW_MS / 1000) + 300 })}.c2ln`
})()

/** A token that says its own end, an hour from now. */
const sessionJwt = (() => {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  return `${part({ alg: 'HS256' })}.${part({ exp: Math.floor(NOW_MS / 1000) + 3600 })}.c2ln`
})()

const ENTRA = 'login.microsoftonline.com/contoso.onmicrosoft.com/oauth2/v2.0/token'
const ENTRA_ID = '00001111-aaaa-2222-bbbb-3333cccc4444'
const GRAPH = 'https://graph.microsoft.com/.default'

export const PROVIDERS: Record<string, ExpectedProvider> = {
  adp: {
    expected: form('accounts.adp.com/auth/oauth/v2/token', { ...CC, ...post('adpclient', 'ADP_CLIENT_SECRET') }),
    serverUrl: 'api.adp.com',
    authorization: BEARER,
    certificate: true,
  },
  docuware: {
    answer: [
      { IdentityServiceUrl: 'https://login-emea.docuware.cloud/tenant-1' },
      json(404, {}),
      {
        issuer: 'https://login-emea.docuware.cloud/tenant-1',
        token_endpoint: 'https://login-emea.docuware.cloud/tenant-1/connect/token',
      },
      { access_token: 'T', token_type: 'Bearer', expires_in: 3600 },
    ],
    expected: [
      get('example.docuware.cloud/DocuWare/Platform/Home/IdentityServiceInfo'),
      get('login-emea.docuware.cloud/.well-known/oauth-authorization-server/tenant-1'),
      get('login-emea.docuware.cloud/tenant-1/.well-known/openid-configuration'),
      form('login-emea.docuware.cloud/tenant-1/connect/token', {
        grant_type: 'password',
        client_id: 'docuware.platform.net.client',
        username: 'robot',
        password: secretOf('DOCUWARE_PASSWORD'),
        scope: 'docuware.platform',
      }),
    ],
    serverUrl: 'example.docuware.cloud/DocuWare/Platform',
    authorization: BEARER,
  },
  greenhouse: {
    expected: jsonBody(
      'auth.greenhouse.io/token?grant_type=client_credentials',
      { sub: '12345' },
      basic('greenhouseclient', 'GREENHOUSE_CLIENT_SECRET'),
    ),
    serverUrl: 'harvest.greenhouse.io/v3',
    authorization: BEARER,
  },
  jobdiva: {
    answer: text(200, 'T'),
    expected: get(
      `api.jobdiva.com/apiv2/authenticate?clientid=1234&username=robot%40example.com&password=${secretOf('JOBDIVA_PASSWORD')}`,
    ),
    serverUrl: 'api.jobdiva.com',
    authorization: BEARER,
    life: 43_200,
  },
  'kno-commerce': {
    expected: {
      request: 'POST app-api.knocommerce.com/api/oauth2/token?grant_type=client_credentials',
      headers: basic('knoclient', 'KNO_CLIENT_SECRET'),
      body: undefined,
    },
    serverUrl: 'app-api.knocommerce.com/api',
    authorization: BEARER,
  },
  redtail: {
    answer: { authenticated_user: { user_key: 'T' } },
    expected: get('review.crm.redtailtechnology.com/api/public/v1/authentication', {
      authorization: `Basic ${secretOf('REDTAIL_KEY')}:robot:${secretOf('REDTAIL_PASSWORD')}`,
    }),
    serverUrl: 'review.crm.redtailtechnology.com/api/public/v1',
    authorization: { headers: { Authorization: `Userkeyauth ${base64(`${secretOf('REDTAIL_KEY')}:T`)}` } },
    life: 86_400,
  },
  'salesforce-data-cloud': {
    answer: [
      { access_token: 'first', instance_url: 'https://example.my.salesforce.com', token_type: 'Bearer' },
      { access_token: 'T', instance_url: 'tenant-1.c360a.salesforce.com', token_type: 'Bearer', expires_in: 7000 },
    ],
    expected: [
      form('login.salesforce.com/services/oauth2/token', {
        grant_type: JWT_BEARER,
        assertion: jwt(
          'RS256',
          {},
          { aud: 'https://login.salesforce.com', iss: '3MVG9example', sub: 'robot@example.com' },
          180,
        ),
      }),
      form('example.my.salesforce.com/services/a360/token', {
        grant_type: 'urn:salesforce:grant-type:external:cdp',
        subject_token: 'first',
        subject_token_type: 'urn:ietf:params:oauth:token-type:access_token',
      }),
    ],
    serverUrl: 'tenant-1.c360a.salesforce.com/api/v2',
    authorization: BEARER,
    life: 7000,
  },
  salesmsg: {
    expected: jsonBody(
      'api.salesmessage.com/pub/v2.2/oauth/personal-token/refresh',
      {},
      { authorization: `Bearer ${secretOf('SALESMSG_TOKEN')}` },
    ),
    serverUrl: 'api.salesmessage.com/pub/v2.2',
    authorization: BEARER,
  },
  timify: {
    answer: { accessToken: 'T', expires: 3600, refreshToken: 'R' },
    expected: jsonBody('api.timify.com/v1/auth/token', {
      appid: 'timifyapp',
      appsecret: secretOf('TIMIFY_SECRET'),
    }),
    serverUrl: 'api.timify.com/v1',
    authorization: { headers: { Authorization: 'T' } },
    life: 3600,
  },
  tripletex: {
    answer: { value: { token: 'T' } },
    expected: jsonBody('tripletex.no/v2/token/session/:create', {
      consumerToken: secretOf('TRIPLETEX_CONSUMER'),
      employeeToken: secretOf('TRIPLETEX_EMPLOYEE'),
      expirationDate: new Date(NOW_MS + 7 * 86_400_000).toISOString().slice(0, 10),
    }),
    serverUrl: 'tripletex.no/v2',
    authorization: { headers: { Authorization: `Basic ${base64('0:T')}` } },
    life: 432_000,
  },
  'veeva-vault': {
    answer: [
      { access_token: 'first', token_type: 'Bearer', expires_in: 3600 },
      { responseStatus: 'SUCCESS', sessionId: 'T' },
    ],
    expected: [
      form('id.example/oauth2/v1/token', { ...CC, scope: 'vault' }, basic('vaultclient', 'VEEVA_CLIENT_SECRET')),
      form(
        'login.veevavault.com/auth/oauth/session/_9999',
        { client_id: 'vaultclient', vaultDNS: 'example.veevavault.com' },
        { authorization: 'Bearer first' },
      ),
    ],
    serverUrl: 'example.veevavault.com/api/v24.1',
    authorization: { headers: { Authorization: 'T' } },
    life: 1200,
  },
  workday: {
    expected: form(
      'wd2-impl-services1.workday.com/ccx/oauth2/acme/token',
      { ...CC, tenant_alias: 'acme' },
      { authorization: `ID ${base64(`workdayclient:${secretOf('WORKDAY_CLIENT_SECRET')}`)}` },
    ),
    serverUrl: 'wd2-impl-services1.workday.com/ccx/api',
    authorization: BEARER,
  },
  zoominfo: {
    answer: { jwt: sessionJwt },
    expected: jsonBody('api.zoominfo.com/authenticate', {
      username: 'zoomuser',
      password: secretOf('ZOOMINFO_PASSWORD'),
    }),
    serverUrl: 'api.zoominfo.com',
    authorization: { headers: { Authorization: `Bearer ${sessionJwt}` } },
    life: 3600,
  },
  'entra-secret': {
    expected: form(ENTRA, { ...CC, scope: GRAPH, ...post(ENTRA_ID, 'ENTRA_CLIENT_SECRET') }),
    serverUrl: 'graph.microsoft.com/v1.0',
    authorization: BEARER,
  },
  'entra-certificate': {
    expected: form(ENTRA, {
      ...CC,
      scope: GRAPH,
      client_id: ENTRA_ID,
      client_assertion_type: ASSERTION_TYPE,
      client_assertion: jwt(
        'PS256',
        { 'x5t#S256': '…' },
        { aud: `https://${ENTRA}`, iss: ENTRA_ID, sub: ENTRA_ID },
        300,
      ),
    }),
    serverUrl: 'graph.microsoft.com/v1.0',
    authorization: BEARER,
  },
  'entra-workload-identity': {
    expected: form(ENTRA, {
      ...CC,
      scope: 'https://vault.azure.net/.default',
      client_id: ENTRA_ID,
      client_assertion_type: ASSERTION_TYPE,
      client_assertion: FILE_TOKEN,
    }),
    serverUrl: 'contoso.vault.azure.net',
    authorization: BEARER,
  },
  auth0: {
    expected: jsonBody('example.eu.auth0.com/oauth/token', {
      ...CC,
      ...post('invoices', 'AUTH0_CLIENT_SECRET'),
      audience: 'https://example.eu.auth0.com/api/v2/',
    }),
    serverUrl: 'example.eu.auth0.com/api/v2',
    authorization: BEARER,
  },
  'okta-private-key': {
    expected: form('example.okta.com/oauth2/v1/token', {
      ...CC,
      scope: 'okta.users.read okta.groups.read',
      client_id: '0oa000000000example',
      client_assertion_type: ASSERTION_TYPE,
      client_assertion: jwt(
        'RS256',
        { kid: 'service-app-key' },
        { aud: 'https://example.okta.com/oauth2/v1/token', iss: '0oa000000000example', sub: '0oa000000000example' },
        60,
      ),
    }),
    serverUrl: 'example.okta.com/api/v1',
    authorization: BEARER,
  },
  'keycloak-password': {
    answer: token('A', { id_token: idToken, refresh_token: 'R' }),
    expected: form(
      'id.example/realms/staff/protocol/openid-connect/token',
      {
        grant_type: 'password',
        username: 'robot',
        password: secretOf('KEYCLOAK_ROBOT_PASSWORD'),
        scope: 'openid profile',
      },
      basic('reports', 'KEYCLOAK_CLIENT_SECRET'),
    ),
    serverUrl: 'gateway.example',
    authorization: { headers: { Authorization: `Bearer ${idToken}` } },
    life: 300,
  },
  salesforce: {
    answer: {
      access_token: 'T',
      instance_url: 'https://example.my.salesforce.com',
      token_type: 'Bearer',
      issued_at: '1710000000000',
    },
    expected: form(
      'example.my.salesforce.com/services/oauth2/token',
      CC,
      basic('3MVG9example', 'SALESFORCE_CLIENT_SECRET'),
    ),
    serverUrl: 'example.my.salesforce.com/services/data/v62.0',
    authorization: BEARER,
    life: 3600,
  },
  'salesforce-jwt': {
    answer: { access_token: 'T', instance_url: 'https://example.my.salesforce.com', token_type: 'Bearer' },
    expected: form('login.salesforce.com/services/oauth2/token', {
      grant_type: JWT_BEARER,
      assertion: jwt(
        'RS256',
        {},
        { aud: 'https://login.salesforce.com', iss: '3MVG9example', sub: 'robot@example.com' },
        180,
      ),
    }),
    serverUrl: 'example.my.salesforce.com/services/data/v62.0',
    authorization: BEARER,
  },
  zoom: {
    expected: form(
      'zoom.us/oauth/token',
      { grant_type: 'account_credentials', account_id: 'zoomaccount' },
      basic('zoomclient', 'ZOOM_CLIENT_SECRET'),
    ),
    serverUrl: 'api.zoom.us/v2',
    authorization: BEARER,
  },
  zoho: {
    answer: { access_token: 'T', api_domain: 'https://www.zohoapis.eu', token_type: 'Bearer', expires_in: 3600 },
    expected: form('accounts.zoho.eu/oauth/v2/token', {
      grant_type: 'refresh_token',
      refresh_token: secretOf('ZOHO_REFRESH_TOKEN'),
      ...post('1000.EXAMPLE', 'ZOHO_CLIENT_SECRET'),
    }),
    serverUrl: 'www.zohoapis.eu/crm/v7',
    authorization: { headers: { Authorization: 'Zoho-oauthtoken T' } },
  },
  shopify: {
    params: { shop: 'acme' },
    answer: { access_token: 'T', scope: 'read_orders', expires_in: 86399 },
    expected: form('acme.myshopify.com/admin/oauth/access_token', {
      ...CC,
      ...post('shopifyclient', 'SHOPIFY_CLIENT_SECRET'),
    }),
    serverUrl: 'acme.myshopify.com/admin/api/2025-10',
    authorization: { headers: { 'X-Shopify-Access-Token': 'T' } },
    life: 86399,
  },
  adobe: {
    expected: form('ims-na1.adobelogin.com/ims/token/v3', {
      ...CC,
      scope: 'openid,AdobeID,read_organizations',
      ...post('adobeclient', 'ADOBE_CLIENT_SECRET'),
    }),
    serverUrl: 'usermanagement.adobe.io/v2',
    authorization: { headers: { Authorization: 'Bearer T', 'X-Api-Key': 'adobeclient' } },
  },
  'amazon-sp-api': {
    answer: { access_token: 'T', token_type: 'bearer', expires_in: 3600, refresh_token: 'R' },
    expected: form('api.amazon.com/auth/o2/token', {
      grant_type: 'refresh_token',
      refresh_token: secretOf('AMAZON_REFRESH_TOKEN'),
      ...post('amzn1.application-oa2-client.example', 'AMAZON_CLIENT_SECRET'),
    }),
    serverUrl: 'sellingpartnerapi-eu.amazon.com',
    authorization: { headers: { 'x-amz-access-token': 'T' } },
  },
  'docusign-jwt': {
    expected: form('account-d.docusign.com/oauth/token', {
      grant_type: JWT_BEARER,
      assertion: jwt(
        'RS256',
        {},
        {
          aud: 'account-d.docusign.com',
          iss: 'integration-key',
          scope: 'signature impersonation',
          sub: 'impersonated-user',
        },
        3600,
      ),
    }),
    serverUrl: 'demo.docusign.net/restapi',
    authorization: BEARER,
  },
  box: {
    expected: form('api.box.com/oauth2/token', {
      ...CC,
      box_subject_type: 'enterprise',
      box_subject_id: '123456',
      ...post('boxclient', 'BOX_CLIENT_SECRET'),
    }),
    serverUrl: 'api.box.com/2.0',
    authorization: BEARER,
  },
  servicenow: {
    expected: form('example.service-now.com/oauth_token.do', {
      grant_type: 'password',
      username: 'integration',
      password: secretOf('SERVICENOW_PASSWORD'),
      ...post('nowclient', 'SERVICENOW_CLIENT_SECRET'),
    }),
    serverUrl: 'example.service-now.com/api/now',
    authorization: BEARER,
  },
  'sap-btp': {
    expected: form(
      'example.authentication.eu10.hana.ondemand.com/oauth/token',
      CC,
      basic('sb-example!t1', 'BTP_CLIENT_SECRET'),
    ),
    serverUrl: 'destination-configuration.cfapps.eu10.hana.ondemand.com',
    authorization: BEARER,
  },
  'sap-ariba': {
    expected: form(
      'api.ariba.com/v2/oauth/token',
      { grant_type: 'openapi_2lo' },
      basic('aribaclient', 'ARIBA_CLIENT_SECRET'),
    ),
    serverUrl: 'openapi.ariba.com/api',
    authorization: { headers: { Authorization: 'Bearer T', apikey: secretOf('ARIBA_API_KEY') } },
  },
  netsuite: {
    expected: form('1234567.suitetalk.api.netsuite.com/services/rest/auth/oauth2/v1/token', {
      ...CC,
      client_id: 'netsuiteclient',
      client_assertion_type: ASSERTION_TYPE,
      client_assertion: jwt(
        'PS256',
        { kid: 'certificate-id' },
        {
          aud: 'https://1234567.suitetalk.api.netsuite.com/services/rest/auth/oauth2/v1/token',
          iss: 'netsuiteclient',
          scope: 'rest_webservices',
        },
        3600,
      ),
    }),
    serverUrl: '1234567.suitetalk.api.netsuite.com/services/rest/record/v1',
    authorization: BEARER,
  },
  marketo: {
    expected: {
      request: `GET 123-abc-456.mktorest.com/identity/oauth/token?grant_type=client_credentials&client_id=marketoclient&client_secret=${secretOf('MARKETO_CLIENT_SECRET')}`,
      headers: {},
      body: undefined,
    },
    serverUrl: '123-abc-456.mktorest.com/rest',
    authorization: BEARER,
  },
  twitch: {
    answer: { access_token: 'T', expires_in: 5011271, token_type: 'bearer' },
    expected: form('id.twitch.tv/oauth2/token', { ...CC, ...post('twitchclient', 'TWITCH_CLIENT_SECRET') }),
    serverUrl: 'api.twitch.tv/helix',
    authorization: { headers: { Authorization: 'Bearer T', 'Client-Id': 'twitchclient' } },
    life: 5011271,
  },
  reddit: {
    answer: { access_token: 'T', token_type: 'bearer', expires_in: 86400, scope: '*' },
    expected: form(
      'www.reddit.com/api/v1/access_token',
      { grant_type: 'password', username: 'robot', password: secretOf('REDDIT_PASSWORD') },
      { ...basic('redditclient', 'REDDIT_CLIENT_SECRET'), 'user-agent': 'linux:example:v1 (by /u/robot)' },
    ),
    serverUrl: 'oauth.reddit.com',
    authorization: { headers: { Authorization: 'Bearer T', 'User-Agent': 'linux:example:v1 (by /u/robot)' } },
  },
  ups: {
    answer: {
      token_type: 'Bearer',
      issued_at: '1710000000000',
      client_id: 'upsclient',
      access_token: 'T',
      expires_in: '14399',
    },
    expected: form('onlinetools.ups.com/security/v1/oauth/token', CC, {
      ...basic('upsclient', 'UPS_CLIENT_SECRET'),
      'x-merchant-id': 'A1B2C3',
    }),
    serverUrl: 'onlinetools.ups.com/api',
    authorization: BEARER,
    life: 14399,
  },
  fedex: {
    expected: form('apis.fedex.com/oauth/token', { ...CC, ...post('fedexclient', 'FEDEX_CLIENT_SECRET') }),
    serverUrl: 'apis.fedex.com',
    authorization: BEARER,
  },
  ebay: {
    answer: { access_token: 'T', expires_in: 7200, token_type: 'Application Access Token' },
    expected: form(
      'api.ebay.com/identity/v1/oauth2/token',
      { ...CC, scope: 'https://api.ebay.com/oauth/api_scope' },
      basic('ebayclient', 'EBAY_CLIENT_SECRET'),
    ),
    serverUrl: 'api.ebay.com/buy/browse/v1',
    authorization: BEARER,
    life: 7200,
  },
  paypal: {
    expected: form('api-m.paypal.com/v1/oauth2/token', CC, basic('paypalclient', 'PAYPAL_CLIENT_SECRET')),
    serverUrl: 'api-m.paypal.com/v2',
    authorization: BEARER,
  },
  looker: {
    expected: form('example.cloud.looker.com/api/4.0/login', post('lookerclient', 'LOOKER_CLIENT_SECRET')),
    serverUrl: 'example.cloud.looker.com/api/4.0',
    authorization: { headers: { Authorization: 'token T' } },
  },
  personio: {
    answer: { success: true, data: { token: 'T' } },
    expected: jsonBody('api.personio.de/v1/auth', post('personioclient', 'PERSONIO_CLIENT_SECRET')),
    serverUrl: 'api.personio.de/v1',
    authorization: BEARER,
    life: 86400,
  },
  toast: {
    answer: { token: { tokenType: 'Bearer', expiresIn: 18000, accessToken: 'T' }, status: 'SUCCESS' },
    expected: jsonBody('ws-api.toasttab.com/authentication/v1/authentication/login', {
      clientId: 'toastclient',
      clientSecret: secretOf('TOAST_CLIENT_SECRET'),
      userAccessType: 'TOAST_MACHINE_CLIENT',
    }),
    serverUrl: 'ws-api.toasttab.com',
    authorization: {
      headers: { Authorization: 'Bearer T', 'Toast-Restaurant-External-ID': '00000000-0000-4000-8000-000000000000' },
    },
    life: 18000,
  },
  tableau: {
    answer: { credentials: { site: { id: 'site-1', contentUrl: 'example' }, token: 'T' } },
    expected: jsonBody('10ax.online.tableau.com/api/3.24/auth/signin', {
      credentials: {
        personalAccessTokenName: 'robot',
        personalAccessTokenSecret: secretOf('TABLEAU_TOKEN_SECRET'),
        site: { contentUrl: 'example' },
      },
    }),
    serverUrl: '10ax.online.tableau.com/api/3.24/sites/site-1',
    authorization: { headers: { 'X-Tableau-Auth': 'T' } },
    life: 7200,
  },
  'google-service-account': {
    expected: form('oauth2.googleapis.com/token', {
      grant_type: JWT_BEARER,
      assertion: jwt(
        'RS256',
        { kid: 'key-id' },
        {
          aud: 'https://oauth2.googleapis.com/token',
          iss: 'robot@example.iam.gserviceaccount.com',
          scope: 'https://www.googleapis.com/auth/drive.readonly',
        },
        3600,
      ),
    }),
    serverUrl: 'www.googleapis.com/drive/v3',
    authorization: BEARER,
  },
  'google-workload-identity': {
    answer: {
      access_token: 'T',
      issued_token_type: 'urn:ietf:params:oauth:token-type:access_token',
      token_type: 'Bearer',
      expires_in: 3599,
    },
    expected: form('sts.googleapis.com/v1/token', {
      grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
      audience:
        '//iam.googleapis.com/projects/1234567890/locations/global/workloadIdentityPools/cluster/providers/kubernetes',
      scope: 'https://www.googleapis.com/auth/cloud-platform',
      requested_token_type: 'urn:ietf:params:oauth:token-type:access_token',
      subject_token: FILE_TOKEN,
      subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
    }),
    serverUrl: 'storage.googleapis.com',
    authorization: BEARER,
  },
  'docker-registry': {
    answer: { token: 'T' },
    expected: {
      request: 'GET auth.docker.io/token?service=registry.docker.io&scope=repository%3Aexample%2Fapp%3Apull',
      headers: basic('robot', 'DOCKER_TOKEN'),
      body: undefined,
    },
    serverUrl: 'registry-1.docker.io/v2',
    authorization: BEARER,
    life: 60,
  },
  kubernetes: {
    serverUrl: 'kubernetes.default.svc',
    authorization: { headers: { Authorization: `Bearer ${FILE_TOKEN}` } },
  },
  wechat: {
    answer: { access_token: 'T', expires_in: 7200 },
    expected: {
      request: `GET api.weixin.qq.com/cgi-bin/token?grant_type=client_credential&appid=wx0000000000000000&secret=${secretOf('WECHAT_SECRET')}`,
      headers: {},
      body: undefined,
    },
    serverUrl: 'api.weixin.qq.com/cgi-bin',
    authorization: { query: { access_token: 'T' } },
    life: 7200,
  },
  feishu: {
    answer: { code: 0, msg: 'ok', tenant_access_token: 'T', expire: 7140 },
    expected: jsonBody('open.feishu.cn/open-apis/auth/v3/tenant_access_token/internal', {
      app_id: 'cli_example',
      app_secret: secretOf('FEISHU_SECRET'),
    }),
    serverUrl: 'open.feishu.cn/open-apis',
    authorization: BEARER,
    life: 7140,
  },
  dynatrace: {
    expected: form('sso.dynatrace.com/sso/oauth2/token', {
      ...CC,
      scope: 'storage:logs:read',
      resource: 'urn:dtaccount:00000000-0000-4000-8000-000000000000',
      ...post('dt0s02.EXAMPLE', 'DYNATRACE_CLIENT_SECRET'),
    }),
    serverUrl: 'api.dynatrace.com',
    authorization: BEARER,
  },
  openstack: {
    answer: text(201, JSON.stringify({ token: { expires_at: new Date(NOW_MS + 600_000).toISOString() } }), {
      'Content-Type': 'application/json',
      'X-Subject-Token': 'T',
    }),
    expected: jsonBody('keystone.example/v3/auth/tokens', {
      auth: {
        identity: {
          methods: ['application_credential'],
          application_credential: { id: 'robot', secret: secretOf('OPENSTACK_SECRET') },
        },
      },
    }),
    serverUrl: 'compute.example/v2.1',
    authorization: { headers: { 'X-Auth-Token': 'T' } },
    life: 600,
  },
  'ibm-cloud': {
    expected: form('iam.cloud.ibm.com/identity/token', {
      grant_type: 'urn:ibm:params:oauth:grant-type:apikey',
      apikey: secretOf('IBM_API_KEY'),
    }),
    serverUrl: 'resource-controller.cloud.ibm.com',
    authorization: BEARER,
  },
  'github-app': {
    answer: json(201, { token: 'T', expires_at: new Date(NOW_MS + 3_600_000).toISOString(), permissions: {} }),
    expected: {
      request: 'POST api.github.com/app/installations/1234567/access_tokens',
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        accept: 'application/vnd.github+json',
        authorization: `Bearer ${jwt('RS256', {}, { iss: 'Iv23liExample' }, 540)}`,
      },
      body: undefined,
    },
    serverUrl: 'api.github.com',
    authorization: BEARER,
    life: 3600,
  },
  walmart: {
    expected: form('marketplace.walmartapis.com/v3/token', CC, {
      ...basic('walmartclient', 'WALMART_CLIENT_SECRET'),
      'wm_svc.name': 'Walmart Marketplace',
      'wm_qos.correlation_id': '(uuid)',
    }),
    serverUrl: 'marketplace.walmartapis.com/v3',
    authorization: {
      headers: {
        'WM_SEC.ACCESS_TOKEN': 'T',
        'WM_SVC.NAME': 'Walmart Marketplace',
        'WM_QOS.CORRELATION_ID': '(uuid)',
      },
    },
  },
}
