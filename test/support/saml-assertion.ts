// SAML 2.0 bearer assertions: made as an identity provider makes them, and judged as RFC 7522 section 3 wants it. Signatures
// are those of a package; only what is signed is read.
import { randomUUID } from 'node:crypto'
import { SignedXml } from 'xml-crypto'
import { type Element, parseXml } from './xml.ts'

export interface SamlParts {
  issuer: string
  subject: string
  /** The audience, and where the assertion may be sent. */
  audience: string
  recipient: string
  /** Seconds from now; default 300. */
  livesSeconds?: number
}

const METHOD = 'urn:oasis:names:tc:SAML:2.0:cm:bearer'
const CANONICAL = 'http://www.w3.org/2001/10/xml-exc-c14n#'
const ENVELOPED = 'http://www.w3.org/2000/09/xmldsig#enveloped-signature'

/** Signed with an RSA key in PEM form. */
export function makeSamlAssertion(parts: SamlParts, privateKey: string): string {
  const { issuer, subject, audience, recipient, livesSeconds = 300 } = parts
  const at = (seconds: number) => new Date(Date.now() + seconds * 1000).toISOString()
  const [id, end] = [`_${randomUUID()}`, at(livesSeconds)]
  const data = `<SubjectConfirmationData NotOnOrAfter="${end}" Recipient="${recipient}"></SubjectConfirmationData>`
  const xml = [
    `<Assertion xmlns="urn:oasis:names:tc:SAML:2.0:assertion" ID="${id}" IssueInstant="${at(0)}" Version="2.0">`,
    `<Issuer>${issuer}</Issuer>`,
    `<Subject><NameID>${subject}</NameID>`,
    `<SubjectConfirmation Method="${METHOD}">${data}</SubjectConfirmation></Subject>`,
    `<Conditions NotBefore="${at(-5)}" NotOnOrAfter="${end}">`,
    `<AudienceRestriction><Audience>${audience}</Audience></AudienceRestriction></Conditions>`,
    `</Assertion>`,
  ].join('')
  const signed = new SignedXml({ privateKey })
  signed.signatureAlgorithm = 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256'
  signed.canonicalizationAlgorithm = CANONICAL
  signed.addReference({
    xpath: "//*[local-name(.)='Assertion']",
    transforms: [ENVELOPED, CANONICAL],
    digestAlgorithm: 'http://www.w3.org/2001/04/xmlenc#sha256',
  })
  signed.computeSignature(xml)
  return signed.getSignedXml()
}

/** The subject. Throws an error that says what is wrong; `seen` holds the IDs of assertions that were used. */
export function judgeSamlAssertion(
  parameter: string,
  expected: Omit<SamlParts, 'subject' | 'livesSeconds'> & { publicKey: string; seen: Set<string> },
): string {
  if (!/^[\w-]+$/.test(parameter)) throw new Error('not base64url without padding and line breaks')
  const root = signedPart(Buffer.from(parameter, 'base64url').toString('utf8'), expected.publicKey)
  const text = (...path: string[]) => child(root, ...path).text
  const conditions = child(root, 'Conditions').attributes
  const confirmation = child(root, 'Subject', 'SubjectConfirmation')
  const data = child(confirmation, 'SubjectConfirmationData').attributes
  const found = {
    issuer: text('Issuer'),
    audience: text('Conditions', 'AudienceRestriction', 'Audience'),
    recipient: data.Recipient,
  }
  for (const name of ['issuer', 'audience', 'recipient'] as const)
    if (found[name] !== expected[name]) throw new Error(`${name} ${found[name]}`)
  if (confirmation.attributes.Method !== METHOD) throw new Error('not a bearer assertion')
  if (Date.parse(conditions.NotBefore!) > Date.now()) throw new Error('not yet valid')
  for (const end of [conditions.NotOnOrAfter, data.NotOnOrAfter])
    if (!(Date.parse(end!) > Date.now())) throw new Error('expired')
  const id = root.attributes.ID!
  if (expected.seen.has(id)) throw new Error('used before')
  expected.seen.add(id)
  return text('Subject', 'NameID')
}

function signedPart(xml: string, publicKey: string): Element {
  const [signature] = /<Signature .*<\/Signature>/s.exec(xml) ?? []
  if (!signature) throw new Error('not signed')
  const signed = new SignedXml({ publicCert: publicKey })
  signed.loadSignature(signature)
  if (!signed.checkSignature(xml)) throw new Error('wrong signature')
  const [part, another] = signed.getSignedReferences()
  const root = parseXml(`<?xml version="1.0" encoding="UTF-8"?>${part}`)
  if (another !== undefined || root.name !== 'Assertion') throw new Error('the assertion is not what is signed')
  return root
}

function child(element: Element, ...path: string[]): Element {
  return path.reduce((parent, name) => {
    const found = parent.children.filter(one => one.name === name)
    if (found.length !== 1) throw new Error(`${found.length} ${name}`)
    return found[0]!
  }, element)
}
